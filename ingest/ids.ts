// Identifiers: UUIDv7 for events, and prefixed ones that carry their shard for what the ledger owns.

import { v7 } from "uuid";

// https://www.crockford.com/base32.html, in lower case: identifiers are copied, not typed.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

export type IdPrefix = "ent" | "act" | "lic" | "qtn" | "imp";

// Random numbers are drawn for so many identifiers at a time: a call for each took most of an identifier's time.
const RANDOM_BYTES = 16;
const pool = new Uint8Array(256 * RANDOM_BYTES);
let used = pool.length;

/** Some random bytes, {@link RANDOM_BYTES} of them, that nobody else has got or will. */
export function random(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.subarray(used - RANDOM_BYTES, used);
}

let lastMs = 0;
let sequence = 0;

/** A new event ID: UUIDv7 (RFC 9562 section 5.7), rising within a process (section 6.2, method 1). */
export function newEventId(): string {
  const bytes = random();
  const now = Date.now();
  // The sequence has 32 bits and begins in their lower half: no millisecond is long enough for the rest.
  sequence = now > lastMs ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(6) >>> 1 : sequence + 1;
  lastMs = Math.max(lastMs, now);
  const hex = v7({ random: bytes, msecs: lastMs, seq: sequence }, new Uint8Array(16)).toHex();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const ID_CHARACTERS = 26;
const codes = Array<number>(ID_CHARACTERS).fill(0);

/**
 * A new identifier such as `ent_00` + 26 characters: the prefix, two characters of the shard, a UUIDv7 in base 32. It
 * says where its owner lives, and rises with time, so that the ledger's indexes grow at their end.
 */
export function newId(prefix: IdPrefix, shard: number): string {
  const bytes = v7({ random: random() }, new Uint8Array(16));
  // 128 bits, five at a time from the end, as one number in base 32: the first character has three.
  let bits = 0;
  let count = 0;
  let place = ID_CHARACTERS;
  for (let i = bytes.length - 1; i >= 0; i--) {
    bits |= (bytes[i] ?? 0) << count;
    count += 8;
    for (; count >= 5; count -= 5, bits >>= 5) codes[--place] = ALPHABET.charCodeAt(bits & 31);
  }
  codes[0] = ALPHABET.charCodeAt(bits);
  const text = String.fromCharCode(...codes);
  return `${prefix}_${ALPHABET.charAt(shard >> 5)}${ALPHABET.charAt(shard & 31)}${text}`;
}
