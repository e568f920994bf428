// Outbox → segments. May die and be repeated at any point: a segment is named in the ledger before it is written, so the
// same one is written again, and segments never overlap.

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type Profile, segmentName, type Stream, streams } from "../event.ts";
import { linesOf, type OutboxRow } from "../ledger/outbox.ts";
import type { Sql } from "../ledger/sql.ts";
import type { SegmentStore } from "./store.ts";

// One segment is read whole by the exporter, and compressed at once. A Durable Object has 128 MB for everything, and a
// large order's event alone some hundred kilobytes: lines by themselves bound nothing.
const MAX_LINES = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;

// Measured for 10 MB on Node and in workerd alike: 80 to 110 ms, as CompressionStream; on Node, in another thread.
const compress = promisify(gzip);

interface Outbox {
  newest(sql: Sql): number;
  /** The last place of a segment that begins at `first`; before it, where nothing is there. */
  through(sql: Sql, first: number): number;
  /** The lines of these places. */
  lines(sql: Sql, shard: number, first: number, last: number): string[];
}

const outboxes: Record<Stream, Outbox> = {
  events: {
    newest: (sql) => sql.get<{ seq: number | null }>("select max(seq) as seq from event")?.seq ?? 0,
    // A row that is larger than that alone has a segment of its own; a batch is more when its events are written out.
    through: (sql, first) =>
      sql.get<{ seq: number | null }>(
        `select max(seq) as seq
         from (
           select seq, sum(coalesce(octet_length(line), 1.5 * batch_bytes)) over (order by seq) as bytes
           from event where seq >= ? order by seq limit ?
         )
         where bytes <= ? or seq = ?`,
        first,
        MAX_LINES,
        MAX_BYTES,
        first,
      )?.seq ?? 0,
    lines: (sql, shard, first, last) =>
      sql
        .all<OutboxRow>(
          "select seq, line, batch from event where seq between ? and ? order by seq",
          first,
          last,
        )
        .flatMap((row) => linesOf(row, shard)),
  },
  profiles: {
    newest: (sql) => sql.get<{ seq: number | null }>("select max(seq) as seq from profile")?.seq ?? 0,
    through: (sql, first) => Math.min(outboxes.profiles.newest(sql), first + MAX_LINES - 1),
    lines: (sql, shard, first, last) =>
      sql
        .all<Omit<Profile, "shard">>(
          `select seq, recorded_at, customer_id, name, email, country from profile where seq between ? and ? order by seq`,
          first,
          last,
        )
        .map((row) => JSON.stringify({ shard, ...row } satisfies Profile)),
  },
};

/**
 * Writes everything that is in the outbox to segments. Several may run at once: they write the same segments.
 * @returns how many lines were written, by stream
 */
export async function exportSegments(
  sql: Sql,
  shard: number,
  store: Pick<SegmentStore, "create">,
): Promise<Record<Stream, number>> {
  const written: Record<Stream, number> = { events: 0, profiles: 0 };
  for (const stream of streams) {
    for (let lines = -1; lines !== 0; written[stream] += lines)
      lines = await exportNext(sql, shard, store, stream);
  }
  return written;
}

/** Whether anything is in the outbox that no segment has. */
export function hasUnexported(sql: Sql): boolean {
  return sql
    .all<{ stream: Stream; exported_through: number }>("select stream, exported_through from export")
    .some(({ stream, exported_through }) => outboxes[stream].newest(sql) > exported_through);
}

async function exportNext(
  sql: Sql,
  shard: number,
  store: Pick<SegmentStore, "create">,
  stream: Stream,
): Promise<number> {
  const range = claimRange(sql, stream);
  if (!range) return 0;
  const { first, last } = range;
  const lines = outboxes[stream].lines(sql, shard, first, last);
  await store.create(segmentName(stream, shard, first, last), await compress(`${lines.join("\n")}\n`));
  // Another exporter may have claimed and written the same segment, and gone on: then this is no news.
  sql.run(
    "update export set exported_through = ?, writing_through = null where stream = ? and exported_through = ?",
    last,
    stream,
    first - 1,
  );
  return last - first + 1;
}

/** The next segment: the one that an exporter before us had begun, or as much as there is. */
function claimRange(sql: Sql, stream: Stream): { first: number; last: number } | undefined {
  return sql.transaction(() => {
    const at = sql.get<{ exported_through: number; writing_through: number | null }>(
      "select exported_through, writing_through from export where stream = ?",
      stream,
    );
    const first = (at?.exported_through ?? 0) + 1;
    const last = at?.writing_through ?? outboxes[stream].through(sql, first);
    if (last < first) return undefined;
    sql.run("update export set writing_through = ? where stream = ?", last, stream);
    return { first, last };
  });
}
