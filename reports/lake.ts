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
import { type Audience, fewestCustomers } from "./audience.ts";
import { addScopes } from "./scopes.ts";
import { addFolding } from "./smallCells.ts";

/**
 * Opens the newest snapshot of a home for an audience. Queries read it as `getvariable('audience')`, and as
 * `getvariable('fewest_customers')` the least number of customers that a number may be told of.
 * @throws Error where nothing was loaded yet
 */
export async function openHome(home: string, audience: Audience): Promise<Lake> {
  const folder = join(home, "lake");
  const lake = await openLake(folder);
  if (lake === null) throw new Error(`There is no snapshot in ${folder} yet: run npm run load`);
  await lake.run(
    `set variable audience = '${audience}'; set variable fewest_customers = ${fewestCustomers(audience)}`,
  );
  await addTable(
    lake,
    "load_warning",
    ["warning"],
    lake.manifest.warnings.map((warning) => [warning]),
  );
  await addTable(lake, "dictionary", lake.dictionary.names, lake.dictionary.rows);
  await addScopes(lake);
  await addFolding(lake);
  return lake;
}

/** Adds what the lake says of itself, and has no table of, as a table of texts that queries read like any other. */
async function addTable(
  lake: Lake,
  name: string,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const json = JSON.stringify(
    rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
  );
  const type = JSON.stringify([Object.fromEntries(columns.map((column) => [column, "VARCHAR"]))]);
  await lake.run(
    `create table ${name} as select unnest(from_json('${json.replaceAll("'", "''")}', '${type}'), recursive := true)`,
  );
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
