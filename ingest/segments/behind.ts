// Is the ledger behind its own segments? One that was put back from a copy is: it would give other facts the places that
// the lake has by now, and of two facts in one place one would be lost without a word.

import { segmentName, streams } from "../event.ts";
import type { Sql } from "../ledger/sql.ts";
import type { SegmentStore } from "./store.ts";

/**
 * Compares a ledger with the store that it exports to. A newer ledger went on where this one stands: what it wrote then
 * begins after all that this one knows of.
 * @returns what to do about it; null where the store holds nothing that the ledger does not know of
 */
export async function behindSegments(
  sql: Sql,
  shard: number,
  store: Pick<SegmentStore, "list">,
): Promise<string | null> {
  for (const stream of streams) {
    const known = sql.get<{ through: number }>(
      "select max(exported_through, coalesce(writing_through, 0)) as through from export where stream = ?",
      stream,
    );
    const through = known?.through ?? 0;
    const newer = await nameAfter(store, segmentName(stream, shard, through, Number.MAX_SAFE_INTEGER));
    // While this looked, an exporter beside us may have gone on: then the ledger knows by now.
    const isKnown = sql.get(
      "select 1 from export where stream = ? and exported_through > ?",
      stream,
      through,
    );
    if (newer !== null && isKnown === undefined)
      return `The segments hold ${newer}, and this ledger exported its ${stream} up to ${through}: it is older than its own segments, such as a copy that was put back. Restore it with \`npm run restore\` into an empty folder (and another place for segments, where KEYHOUSE_SEGMENTS names one), or put back the newer ledger.`;
  }
  return null;
}

/** The next segment of the same stream and shard. */
async function nameAfter(store: Pick<SegmentStore, "list">, name: string): Promise<string | null> {
  const [next] = await store.list(name);
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  return next?.startsWith(folder) ? next : null;
}
