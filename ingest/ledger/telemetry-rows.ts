// Which telemetry is on record: what tells an event that comes again from a new one.

import { ENTRY_BYTES, KEY_BYTES } from "../telemetry/identity.ts";
import type { Sql } from "./sql.ts";

/** `new`, or `same` and `other`: what is on record under its identity says the same, or something else. */
export type Novelty = "new" | "same" | "other";

// The entries of one blob, by their number: one statement for a thousand events, where one each took twice as long.
const ENTRIES = "with recursive entry (i) as (select 0 union all select i + 1 from entry where i + 1 < ?2)";
const KEY = `substr(?1, i * ${ENTRY_BYTES} + 1, ${KEY_BYTES})`;
const CONTENT = `substr(?1, i * ${ENTRY_BYTES} + ${KEY_BYTES + 1}, ${ENTRY_BYTES - KEY_BYTES})`;

/**
 * Looks at events in order, and remembers those that are new.
 * @param entries each in hexadecimal; see `telemetry/identity.ts`
 */
export function recognize(sql: Sql, entries: readonly string[]): Novelty[] {
  if (entries.length === 0) return [];
  const novelties = tellApart(entries);
  const blob = Uint8Array.fromHex(entries.join(""));
  const known = sql.all<{ i: number; is_same: number }>(
    `${ENTRIES} select i, content = ${CONTENT} as is_same from entry cross join telemetry_seen on key = ${KEY}`,
    blob,
    entries.length,
  );
  for (const { i, is_same } of known) novelties[i] = is_same ? "same" : "other";
  const fresh = entries.filter((_, i) => novelties[i] === "new");
  if (fresh.length > 0)
    sql.run(
      `${ENTRIES} insert into telemetry_seen (key, content) select ${KEY}, ${CONTENT} from entry`,
      fresh.length === entries.length ? blob : Uint8Array.fromHex(fresh.join("")),
      fresh.length,
    );
  return novelties;
}

/** Of events that are not on record, each but the first of its identity is not new. */
function tellApart(entries: readonly string[]): Novelty[] {
  const firsts = new Map<string, string>();
  return entries.map((entry) => {
    const key = entry.slice(0, 2 * KEY_BYTES);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, entry);
    return first === undefined ? "new" : first === entry ? "same" : "other";
  });
}
