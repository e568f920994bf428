// Identifiers: UUIDv7 for events, and prefixed ones that carry their shard for what the ledger owns.

import { v7 } from "uuid";

// https://www.crockford.com/base32.html, in lower case: identifiers are copied, not typed.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

export type IdPrefix = "ent" | "act" | "lic" | "qtn";

/** A new event ID: UUIDv7 (RFC 9562 section 5.7), rising within a process. */
export const newEventId = (): string => v7();

/**
 * A new identifier such as `ent_00` + 26 characters: the prefix, two characters of the shard, a UUIDv7 in base 32. It
 * says where its owner lives, and rises with time, so that the ledger's indexes grow at their end.
 */
export function newId(prefix: IdPrefix, shard: number): string {
  const bits = v7({}, new Uint8Array(16)).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let rest = bits;
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return `${prefix}_${ALPHABET.charAt(shard >> 5)}${ALPHABET.charAt(shard & 31)}${text}`;
}
