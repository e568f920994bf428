// What a load writes: new Parquet files, under names that no one else has.

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Database } from "./duckdb.ts";
import type { Model } from "./models.ts";
import { type LakeFile, newFileName, sealFile } from "./snapshot.ts";
import { quote } from "./sql.ts";
import { rowsOf } from "./views.ts";

/** Readers open every file of a month, and loads are frequent: so many files, and the next load makes one of them. */
const MAX_FILES_PER_MONTH = 16;

type Writer = ReturnType<typeof tableWriter>;

/** A writer of files for one snapshot. */
export function tableWriter(database: Database, lake: string, snapshot: number) {
  return {
    /** Writes a query's rows, in its order, as one new file in a folder of the lake; synced when it returns. */
    write: async (folder: string, query: string): Promise<LakeFile> => {
      const path = `${folder}/${newFileName(snapshot)}`;
      await mkdir(dirname(join(lake, path)), { recursive: true });
      const [copied] = await database.rows<{ Count: number }>(
        `copy (${query}) to ${quote(join(lake, path))} (format parquet, compression zstd)`,
      );
      return sealFile(lake, path, copied?.Count ?? 0);
    },
  };
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
    const query = `select * exclude (recorded_month) from (${rows}) as month_events order by shard, seq`;
    if (isFull) files = files.filter((file) => !old.includes(file));
    files.push(await writer.write(folder, query));
  }
  return files;
}

/** The newest profile of each customer, from the lake and from what was taken. A profile is not a fact: it is replaced. */
export async function mergeProfiles(database: Database): Promise<void> {
  await database.run(`
    create table profiles as
      select * from (select * from lake_profiles union all select * from taken_profiles) as known
      qualify row_number() over (partition by customer_id order by recorded_at desc, shard, seq desc) = 1`);
}
