// Pure. Arrow bytes to plain rows: big integers as numbers, timestamps as milliseconds.

import { type Table, tableFromIPC } from "apache-arrow";

/** A value as a row holds it. */
export type Value = string | number | boolean | null;

/** Reads a file of the Arrow IPC format. @returns one plain object a row, in the file's order */
export function rows<T>(bytes: ArrayBuffer | Uint8Array): T[] {
  const table: Table = tableFromIPC(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes);
  const fields = table.schema.fields.map((field, index) => ({
    name: field.name,
    column: table.getChildAt(index),
  }));
  return Array.from({ length: table.numRows }, (_, index) => {
    const row: Record<string, Value> = {};
    for (const { name, column } of fields) row[name] = plain(column?.get(index));
    return row as T;
  });
}

/** A value of Arrow or of Parquet as a row holds it. */
export function plain(value: unknown): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.getTime();
  return value as Value;
}
