// Pure. Which shard a name belongs to: for life, so neither the hash nor the number of shards ever changes.

import { createHash } from "node:crypto";

/** Two characters of an ID, or of an activation code, name a shard (`ids.ts`, `licensing/code.ts`). */
export const MAX_SHARDS = 1024;

// https://www.crockford.com/base32.html: IDs are in lower case, codes in upper.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The shard of an order's or a customer's ID, which others made: by a hash, so that ordinary IDs spread evenly. */
export function shardOfName(name: string, shards: number): number {
  // On Node, every time.
  if (shards === 1) return 0;
  // 32 bits of SHA-256: of 1,024 shards none has a millionth more than another.
  return createHash("sha256").update(name).digest().readUInt32BE() % shards;
}

/** The shard that an ID of ours names, such as `ent_0K…`; undefined where it is none of ours. */
export const shardOfId = (id: string): number | undefined => shardOfText(id.slice("ent_".length));

/** The shard that an activation code in its written form names. */
export const shardOfCode = (code: string): number | undefined => shardOfText(code.toLowerCase());

function shardOfText(text: string): number | undefined {
  const [high, low] = [placeOf(text.charAt(0)), placeOf(text.charAt(1))];
  return high < 0 || low < 0 ? undefined : (high << 5) | low;
}

/** -1 where the alphabet has no such character; an empty text has none. */
const placeOf = (character: string): number => (character === "" ? -1 : ALPHABET.indexOf(character));
