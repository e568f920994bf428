// Segments → rows of the base tables, each exactly once.

import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Stream } from "../ingest/event.ts";
import type { Database } from "./duckdb.ts";
import { LoadError } from "./error.ts";
import type { Models } from "./models.ts";
import type { Segment, Step } from "./plan.ts";
import { CHUNK_BYTES, damaged, MAX_LINE_BYTES, verifySegment } from "./segments.ts";
import { quote, quoteList } from "./sql.ts";

export type Take = Extract<Step, { kind: "take" }>;

/** Files unpacked at once to check them: gunzip runs on Node's pool of four threads. */
const VERIFIED_AT_ONCE = 4;

/** Checks all segments of the steps. @throws LoadError naming the first that is damaged */
export async function verifySegments(folder: string, takes: readonly Take[]): Promise<void> {
  const waiting = takes.flatMap(({ segments }) => segments).values();
  const worker = async () => {
    for (const segment of waiting)
      await verifySegment(
        segment,
        createReadStream(join(folder, segment.path), { highWaterMark: CHUNK_BYTES }),
      );
  };
  await Promise.all(Array.from({ length: VERIFIED_AT_ONCE }, worker));
}

/**
 * Reads the segments of a stream into the table `taken_<stream>`, each `seq` once, and none that the lake has.
 * The lake's rows of the stream must be there as `lake_<stream>`.
 * @throws LoadError naming the segment at fault
 */
export async function takeStream(
  database: Database,
  { models }: Models,
  folder: string,
  stream: Stream,
  takes: readonly Take[],
): Promise<void> {
  const model = models.find(({ name }) => name === stream);
  if (!model) throw new TypeError(`there is no model of ${stream}`);
  const segments = takes.filter((take) => take.stream === stream).flatMap(withShard);
  if (segments.length === 0) {
    await database.run(`create table taken_${stream} as select * from lake_${stream} where false`);
    return;
  }
  const paths = quoteList(segments.map(({ path }) => join(folder, path)));
  await database.run(`
    create view incoming_${stream} as
      select json, filename from read_ndjson_objects(${paths}, filename = true, maximum_object_size = ${MAX_LINE_BYTES});
    create table incoming_segments_${stream}(path varchar, shard integer, first bigint, last bigint, after bigint);
    insert into incoming_segments_${stream} values ${segments
      .map(({ path, shard, first, last, after }) => `(${quote(path)}, ${shard}, ${first}, ${last}, ${after})`)
      .join(", ")}`);
  try {
    await database.run(`create table read_${stream} as ${model.sql}`);
  } catch (error) {
    throw namedFault(folder, error as Error);
  }
  await checkPlaces(database, folder, stream);
  // Segments that follow one another have each place once, as was just checked: what was read is what is taken.
  if (segments.every(({ first, after }) => first > after)) {
    await database.run(`alter table read_${stream} rename to taken_${stream}`);
    return;
  }
  await checkRepeats(database, stream);
  await database.run(`
    create table taken_${stream} as
      select taken.* from read_${stream} as taken
      inner join (select shard, min(after) as after from incoming_segments_${stream} group by all) as starts
        on taken.shard = starts.shard and taken.seq > starts.after
      qualify row_number() over (partition by taken.shard, taken.seq) = 1;
    drop table read_${stream};`);
}

function withShard({ shard, segments }: Take): (Segment & { shard: number })[] {
  return segments.map((segment) => ({ ...segment, shard }));
}

/** What every line must have, by stream. */
const REQUIRED: Record<Stream, readonly string[]> = {
  events: ["id", "type", "source", "occurred_at", "recorded_at"],
  profiles: ["customer_id", "recorded_at"],
};

/**
 * Holds rows against the names of their segments: every seq of every segment is there, and its line has what it must.
 * The number of lines was checked before, so no row too many can hide. Only where that fails are the lines read again,
 * to name the file.
 */
async function checkPlaces(database: Database, folder: string, stream: Stream): Promise<void> {
  const [wrong] = await database.rows<{ count: number }>(`
    with places as (
      select shard, unnest(generate_series(first, last)) as seq from incoming_segments_${stream}
    )
    select
      (select count(*) from places anti join read_${stream} using (shard, seq))
        + (select count(*) from read_${stream} anti join places using (shard, seq))
        + (select count(*) from read_${stream} where ${REQUIRED[stream].map((name) => `${name} is null`).join(" or ")})
        as count`);
  if (wrong?.count === 0) return;
  const [fault] = await database.rows<{ path: string; line: string }>(`
    with lines as (
      select
        filename[${folder.length + 2}:] as path,
        json,
        try_cast(json_extract_string(json, '$.shard') as integer) as shard,
        try_cast(json_extract_string(json, '$.seq') as bigint) as seq,
      from incoming_${stream}
    )
    select lines.path as path, left(json, 120) as line
    from lines inner join incoming_segments_${stream} as segments on lines.path = segments.path
    where lines.shard is distinct from segments.shard
      or seq is null or seq not between first and last
      or ${REQUIRED[stream].map((name) => `json_extract_string(json, '$.${name}') is null`).join(" or ")}
      or ${REQUIRED[stream]
        .filter((name) => name.endsWith("_at"))
        .map((name) => `try_cast(json_extract_string(json, '$.${name}') as timestamp) is null`)
        .join(" or ")}
    limit 1`);
  if (fault)
    throw damaged(fault.path, `a line is not an entry of the ledger where its name says: ${fault.line}`);
  const [twice] = await database.rows<{ path: string }>(`
    select filename[${folder.length + 2}:] as path from incoming_${stream}
    group by path, json_extract_string(json, '$.seq') having count(*) > 1 limit 1`);
  throw damaged(twice?.path ?? `in ${stream}/`, "it has a seq twice, and lacks another");
}

/** A seq that comes twice must be the same entry twice. */
async function checkRepeats(database: Database, stream: Stream): Promise<void> {
  const identity = stream === "events" ? "id" : "customer_id || recorded_at";
  const [conflict] = await database.rows<{ shard: number; seq: number }>(`
    with known as (
      select shard, seq, ${identity} as identity from read_${stream}
      union all
      select shard, seq, ${identity} as identity from lake_${stream}
    )
    select shard, seq from known group by all having count(distinct identity) > 1 order by all limit 1`);
  if (conflict)
    throw new LoadError(
      `Two segments of ${stream} disagree on what seq ${conflict.seq} of shard ${conflict.shard} is. Nothing was ` +
        `published. Only one ledger may write to a folder of segments; remove what the other wrote.`,
    );
}

/** DuckDB's messages name the file where it stands; ours says what to do. */
function namedFault(folder: string, error: Error): Error {
  const at = error.message.indexOf(folder);
  if (at === -1) return error;
  const path = /^[^"]*?\.ndjson\.gz/.exec(error.message.slice(at + folder.length + 1))?.[0];
  return path === undefined ? error : damaged(path, error.message.split("\n")[0] ?? "");
}
