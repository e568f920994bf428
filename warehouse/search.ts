// Searches a lake for texts: every column of every Parquet file that can hold one, and the bytes of its footer, where the
// least and greatest values of columns stand. Files that no snapshot names are searched as well.

import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Database, openDatabase } from "./duckdb.ts";
import { quote } from "./sql.ts";

/** Where something was found, and how much was looked through. */
export interface LakeFinds {
  files: number;
  columns: number;
  finds: { path: string; column: string; rows: number }[];
}

/** Looks for texts in all Parquet files below a lake's root. */
export async function searchLake(lake: string, values: readonly string[]): Promise<LakeFinds> {
  const entries = await readdir(lake, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  const finds: LakeFinds = { files: 0, columns: 0, finds: [] };
  const database = await openDatabase(":memory:");
  try {
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith(".parquet")) continue;
      await searchFile(database, join(entry.parentPath, entry.name), lake, values, finds);
    }
  } finally {
    database.close();
  }
  return finds;
}

async function searchFile(
  database: Database,
  path: string,
  lake: string,
  values: readonly string[],
  finds: LakeFinds,
): Promise<void> {
  const name = path.slice(lake.length + 1);
  const found = (column: string, rows: number) => {
    if (rows > 0) finds.finds.push({ path: name, column, rows });
  };
  try {
    const columns = await textColumns(database, path);
    finds.files += 1;
    finds.columns += columns.length;
    if (values.length === 0 || columns.length === 0) return;
    const counts = columns.map((column, index) => {
      const holds = values.map((_, at) => `contains(cast("${column}" as varchar), $${at + 1})`);
      return `count(*) filter (where ${holds.join(" or ")}) as c${index}`;
    });
    const [row] = await database.rows<Record<string, number>>(
      `select ${counts.join(", ")} from read_parquet(${quote(path)}, hive_partitioning = false)`,
      [...values],
    );
    columns.forEach((column, index) => found(column, row?.[`c${index}`] ?? 0));
    const footer = await footerOf(path);
    if (values.some((value) => footer.includes(value))) found("(its footer)", 1);
  } catch (error) {
    // A load removes files, and one that it is just writing has no footer yet: it began after what it reads was cleared.
    const isThere = await stat(path).catch(() => null);
    if (isThere !== null && !/no magic bytes|too small to be a Parquet/i.test(String(error))) throw error;
  }
}

/** The columns whose values are texts, or have texts in them. */
async function textColumns(database: Database, path: string): Promise<string[]> {
  const columns = await database.rows<{ column_name: string; column_type: string }>(
    `describe select * from read_parquet(${quote(path)}, hive_partitioning = false)`,
  );
  return columns
    .filter(({ column_type: type }) => /VARCHAR|JSON|BLOB/.test(type))
    .map(({ column_name: column }) => column);
}

/** https://parquet.apache.org/docs/file-format/: at the end, its length in four bytes, and four of magic. */
async function footerOf(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const { buffer: tail } = await file.read(Buffer.alloc(8), 0, 8, size - 8);
    const length = tail.readUInt32LE();
    return (await file.read(Buffer.alloc(length), 0, length, size - 8 - length)).buffer;
  } finally {
    await file.close();
  }
}
