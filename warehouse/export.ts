// Rows → a file for people without SQL. It is written beside its place and renamed: whoever sees it sees all of it.

import { randomUUID } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { writeXlsxStream } from "hucre/xlsx";
import { parquetMetadata } from "./dictionary.ts";
import type { TextStream } from "./duckdb.ts";
import type { Model } from "./models.ts";
import type { Lake } from "./read.ts";
import { hashOf } from "./snapshot.ts";
import { BYTE_ORDER_MARK, cellOf, columnOf, csvLines } from "./spreadsheet.ts";
import { quote } from "./sql.ts";

export interface Exported {
  rows: number;
  size_bytes: number;
  sha256: string;
  /** Cells of a workbook whose text was longer than Excel takes. */
  cellsCut: number;
}

/** Told of the rows that are written so far. */
export type OnRows = (rows: number) => void;

/** Writes rows as CSV for spreadsheets: formulas are neutralized. */
export async function exportCsv(source: TextStream, path: string, onRows: OnRows): Promise<Exported> {
  let rows = 0;
  async function* texts() {
    yield (
      BYTE_ORDER_MARK +
      csvLines(
        [source.names],
        source.names.map(() => "VARCHAR"),
      )
    );
    for await (const chunk of source.chunks) {
      rows += chunk.length;
      onRows(rows);
      yield csvLines(chunk, source.types);
    }
  }
  await writeWhole(path, (to) => writeChunks(to, texts()));
  return described(path, rows, 0);
}

/** Writes rows as a workbook of one sheet, or of several where they are more than a sheet holds. */
export async function exportXlsx(
  source: TextStream,
  sheet: string,
  path: string,
  onRows: OnRows,
): Promise<Exported> {
  let [rows, cellsCut] = [0, 0];
  async function* cells() {
    for await (const chunk of source.chunks) {
      rows += chunk.length;
      onRows(rows);
      for (const row of chunk)
        yield row.map((text, column) => {
          const { value, isCut } = cellOf(text, source.types[column] ?? "VARCHAR");
          if (isCut) cellsCut += 1;
          return value;
        });
    }
  }
  const columns = source.names.map((name, index) => columnOf(name, source.types[index] ?? "VARCHAR"));
  await writeWhole(path, (to) => {
    const options = { name: sheet.slice(0, MAX_SHEET_NAME), columns, freezePane: { rows: 1 } };
    return writeChunks(to, Readable.fromWeb(writeXlsxStream(cells(), options) as never));
  });
  return described(path, rows, cellsCut);
}

/** Excel's own limit. */
const MAX_SHEET_NAME = 31;

/** Writes rows as Parquet, with the dictionary of their table. */
export async function exportParquet(
  lake: Lake,
  query: string,
  model: Model,
  path: string,
): Promise<Exported> {
  await writeWhole(path, (to) =>
    lake.run(`copy (${query}) to ${quote(to)} (format parquet, compression zstd, ${parquetMetadata(model)})`),
  );
  const [counted] = await lake.query<{ rows: number }>("select count(*) as rows from read_parquet(?)", [
    path,
  ]);
  return described(path, counted?.rows ?? 0, 0);
}

/** Writes a text as a file of its own. */
export async function exportText(text: string, path: string): Promise<void> {
  await writeWhole(path, (to) => writeChunks(to, [text]));
}

/** Lets a file be written under a name of its own, and gives it its place when it is whole and synced. */
async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}-${randomUUID()}`);
  try {
    await write(temporary);
    const file = await open(temporary, "r");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeChunks(
  path: string,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string>,
): Promise<void> {
  const file = await open(path, "wx");
  try {
    for await (const chunk of chunks) await file.appendFile(chunk);
  } finally {
    await file.close();
  }
}

async function described(path: string, rows: number, cellsCut: number): Promise<Exported> {
  return { rows, size_bytes: (await stat(path)).size, sha256: await hashOf(path), cellsCut };
}
