// What a load writes: new Parquet files, under names that no one else has.

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parquetMetadata } from "./dictionary.ts";
import type { Database } from "./duckdb.ts";
import type { Model } from "./models.ts";
import { type LakeFile, newFileName, syncFile, syncPlaces } from "./snapshot.ts";
import { quote } from "./sql.ts";
import { rowsOf } from "./views.ts";

/** Readers open every file of a month, and loads are frequent: so many files, and the next load makes one of them. */
const MAX_FILES_PER_MONTH = 16;

export type Writer = ReturnType<typeof tableWriter>;

/**
 * Rows that a reader has to take as one. Readers skip groups by their least and greatest values: the smaller the groups of
 * sorted rows, the less is read of one customer.
 */
const ROWS_PER_GROUP = 20_480;

/**
 * At the first level of zstd files are as small as at the usual third, within 2 %, and are written in four fifths of the time. What only
 * the next load reads is read whole: LZ4 takes 1.7 times the room, and two thirds of the time.
 */
const compressionOf = ({ stored }: Model) =>
  stored ? "compression lz4" : "compression zstd, compression_level 1";

/** A writer of files for one snapshot. */
export function tableWriter(
  database: Database,
  lake: string,
  snapshot: number,
  rowsPerGroup: number = ROWS_PER_GROUP,
) {
  const written: string[] = [];
  return {
    /** Makes it durable that all files are where they are: before they are published, and once for all of them. */
    syncPlaces: () => syncPlaces(lake, written),
    /**
     * Writes a query's rows, in its order, as one new file of a table; synced when it returns, though its place is not.
     * @param folder below the lake's root
     */
    write: async (model: Model, query: string, folder: string = model.name): Promise<LakeFile> => {
      const path = `${folder}/${newFileName(snapshot)}`;
      await mkdir(dirname(join(lake, path)), { recursive: true });
      const [copied] = await database.rows<{ Count: number }>(
        `copy (${query}) to ${quote(join(lake, path))}
          (format parquet, parquet_version v2, ${compressionOf(model)}, row_group_size ${rowsPerGroup}, ${parquetMetadata(model)})`,
      );
      written.push(path);
      return syncFile(lake, path, copied?.Count ?? 0);
    },
  };
}

/** All rows of a table that was built, in the order that its description asks for. */
export function sortedRows(model: Model): string {
  return `from ${model.name} ${orderOf(model)}`;
}

/** The order of rows in a file: what the description asks for, else by key, else by all columns: the same rows are the same file. */
export function orderOf({ sorted_by: sortedBy, key }: Model): string {
  const columns = sortedBy ?? key;
  return `order by ${columns.length === 0 ? "all" : columns.join(", ")}`;
}

/** Adds the taken events: a new file for each month that has any. Files that are there are never changed. */
export async function writeEvents(
  database: Database,
  writer: Writer,
  before: readonly LakeFile[],
  { lake, maxFilesPerMonth = MAX_FILES_PER_MONTH }: { lake: string; maxFilesPerMonth?: number },
  model: Model,
): Promise<LakeFile[]> {
  const months = await database.rows<{ month: string }>(
    "select distinct recorded_month as month from taken_events order by month",
  );
  let files = [...before];
  for (const { month } of months) {
    const folder = `events/recorded_month=${month}`;
    const old = files.filter(({ path }) => path.startsWith(`${folder}/`));
    const isFull = old.length >= maxFilesPerMonth;
    const added = `select * from taken_events where recorded_month = ${quote(month)}`;
    const rows = isFull ? `${rowsOf(lake, model, old)} union all ${added}` : added;
    const query = `select * exclude (recorded_month) from (${rows}) as month_events order by customer_id, shard, seq`;
    if (isFull) files = files.filter((file) => !old.includes(file));
    const file = await writer.write(model, query, folder);
    files.push({ ...file, seq_ranges: await seqRanges(database, join(lake, file.path)) });
  }
  return files;
}

/** What a file of events holds of each shard. */
async function seqRanges(database: Database, path: string): Promise<NonNullable<LakeFile["seq_ranges"]>> {
  const ranges = await database.rows<{ shard: number; first: number; last: number }>(
    `select shard, min(seq) as first, max(seq) as last from read_parquet(${quote(path)}) group by shard order by shard`,
  );
  return Object.fromEntries(ranges.map(({ shard, first, last }) => [String(shard), { first, last }]));
}

/** The newest profile of each customer, from the lake and from what was taken. A profile is not a fact: it is replaced. */
export async function mergeProfiles(database: Database): Promise<void> {
  await database.run(`
    create table profiles as
      select * from (select * from lake_profiles union all select * from taken_profiles) as known
      qualify row_number() over (partition by customer_id order by recorded_at desc, shard, seq desc) = 1`);
}
