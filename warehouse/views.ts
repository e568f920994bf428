// Tables of a snapshot as SQL views: for the read door, and for `keyhouse.duckdb`.

import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { columnText, tableText } from "./dictionary.ts";
import { openDatabase } from "./duckdb.ts";
import type { Model, Models } from "./models.ts";
import { type LakeFile, type Manifest, newestSnapshot, TEMPORARY } from "./snapshot.ts";
import { quote, quoteList } from "./sql.ts";

/** The database that anyone may open with DuckDB's own tools, below the lake's root. */
export const DATABASE_FILE = "keyhouse.duckdb";

/** A query of all rows of a table. A table without files has its columns all the same. */
export function rowsOf(lake: string, model: Model, files: readonly Pick<LakeFile, "path">[]): string {
  if (files.length === 0) {
    const columns = model.columns.map(({ name, type }) => `cast(null as ${type}) as ${name}`);
    return `select ${columns.join(", ")} where false`;
  }
  const paths = quoteList(files.map(({ path }) => join(lake, path)));
  // The month stands in the folder's name, as Hive has it, and would be read as a number where it can be.
  // The month of any other table's file is in its rows.
  const options =
    model.name === "events"
      ? ", hive_partitioning = true, hive_types_autocast = false"
      : ", hive_partitioning = false";
  const columns = model.columns.map(({ name }) => name);
  return `select ${columns.join(", ")} from read_parquet(${paths}${options})`;
}

/**
 * Statements that make a view of every table of a snapshot. Where other models made it, its tables have the columns that
 * they had then.
 */
export function viewsOf(lake: string, manifest: Manifest, models: Models): string {
  const views = isOfModels(manifest, models)
    ? published(manifest, models).map((model) => ({
        name: model.name,
        rows: rowsOf(lake, model, manifest.tables[model.name]?.files ?? []),
      }))
    : Object.entries(manifest.tables).flatMap(([name, { files }]) =>
        files.length === 0 || name.startsWith("int_")
          ? []
          : [{ name, rows: rowsAsWritten(lake, name, files) }],
      );
  return views.map(({ name, rows }) => `create view "${name}" as ${rows};`).join("\n");
}

/** All rows of files, with whatever columns they have. */
export function rowsAsWritten(lake: string, table: string, files: readonly Pick<LakeFile, "path">[]): string {
  const paths = quoteList(files.map(({ path }) => join(lake, path)));
  const partitions =
    table === "events"
      ? ", hive_partitioning = true, hive_types_autocast = false"
      : ", hive_partitioning = false";
  return `select * from read_parquet(${paths}, union_by_name = true${partitions})`;
}

/** Statements that put the descriptions beside the views: `describe` does not show them, `duckdb_columns()` does. */
function commentsOf(manifest: Manifest, models: Models): string {
  // What the models say now may be wrong of what other ones made.
  if (!isOfModels(manifest, models)) return "";
  return published(manifest, models)
    .flatMap((model) => [
      `comment on view ${model.name} is ${quote(tableText(model))};`,
      ...model.columns.map(
        (column) => `comment on column ${model.name}.${column.name} is ${quote(columnText(column))};`,
      ),
    ])
    .join("\n");
}

function isOfModels(manifest: Manifest, { digest }: Models): boolean {
  return manifest.models === digest;
}

/** The models whose rows are in a snapshot, for readers: what only a later load builds on is not theirs. */
function published(manifest: Manifest, { models }: Models): Model[] {
  return models.filter(({ name, stored }) => !stored && manifest.tables[name] !== undefined);
}

/**
 * Writes `keyhouse.duckdb`, so that `duckdb <lake>/keyhouse.duckdb` answers from the newest snapshot, from any folder.
 * It is a convenience and holds nothing but views: the manifest is what counts. That is why it may be replaced by a
 * rename, which a snapshot may not: two loads that do so at once both write what they find newest.
 */
export async function writeDatabase(lake: string, models: Models): Promise<void> {
  for (let written = 0; ;) {
    const manifest = await newestSnapshot(lake);
    if (manifest === null || manifest.snapshot === written) return;
    written = manifest.snapshot;
    await mkdir(join(lake, TEMPORARY), { recursive: true });
    const temporary = join(lake, TEMPORARY, `${randomUUID()}.duckdb`);
    const database = await openDatabase(temporary);
    try {
      // One transaction: some hundred comments, each synced on its own, would take a second.
      await database.run(
        `begin; ${viewsOf(lake, manifest, models)} ${commentsOf(manifest, models)} commit; checkpoint`,
      );
    } finally {
      database.close();
    }
    // DuckDB 1.5 replays whatever log lies beside a file, another file's too: what somebody began to write into the
    // old one and never finished would be in the new one.
    await rm(join(lake, `${DATABASE_FILE}.wal`), { force: true });
    await rename(temporary, join(lake, DATABASE_FILE));
    await rm(`${temporary}.wal`, { force: true });
  }
}
