// Pure. Parquet bytes to plain rows, for what DuckDB itself writes into a site.

import { parquetReadObjects } from "hyparquet";
import { plain } from "./rows.js";

/** Reads a Parquet file. @returns one plain object a row, in the file's order */
export async function parquetRows<T>(bytes: ArrayBuffer): Promise<T[]> {
  const read = await parquetReadObjects({ file: bytes });
  return read.map(
    (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])) as T,
  );
}
