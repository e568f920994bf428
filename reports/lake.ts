// From the lake to Arrow.

import { join } from "node:path";
import {
  Bool,
  type DataType,
  Dictionary,
  Float64,
  Int32,
  Table,
  Utf8,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { type Column, type Lake, openLake } from "../warehouse/read.ts";

/** Opens the newest snapshot of a home. @throws Error where nothing was loaded yet */
export async function openHome(home: string): Promise<Lake> {
  const folder = join(home, "lake");
  const lake = await openLake(folder);
  if (lake === null) throw new Error(`There is no snapshot in ${folder} yet: run npm run load`);
  return lake;
}

/**
 * Columns as a file of the Arrow IPC format: texts once each, whole numbers in 32 bits where they fit, times as
 * milliseconds. The types follow from those of the columns, so that a table without rows is one all the same.
 */
export function toArrow(columns: readonly Column[]): Uint8Array {
  return tableToIPC(new Table(Object.fromEntries(columns.map((column) => [column.name, vectorOf(column)]))));
}

function vectorOf({ type, values }: Column) {
  const plain = values.map((value) =>
    value instanceof Date ? value.getTime() : typeof value === "bigint" ? Number(value) : value,
  );
  return vectorFromArray(plain, arrowType(type, plain));
}

function arrowType(type: string, values: readonly unknown[]): DataType {
  if (type === "VARCHAR") return new Dictionary(new Utf8(), new Int32());
  if (type === "BOOLEAN") return new Bool();
  const isSmall = values.every(
    (value) => value === null || (Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31),
  );
  return isSmall ? new Int32() : new Float64();
}
