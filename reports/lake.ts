// From the lake to Arrow: what every data loader does, so that a loader is its SQL and little else.

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

/** The lake of a Keyhouse home. */
export const lakeOf = (home: string): string => join(home, "lake");

/** There is no snapshot to build from. */
export class NoSnapshotError extends Error {}

/** Opens the newest snapshot of a home. @throws NoSnapshotError where nothing was loaded yet */
export async function openHome(home: string): Promise<Lake> {
  const lake = await openLake(lakeOf(home));
  if (lake === null)
    throw new NoSnapshotError(`there is no snapshot in ${lakeOf(home)} yet: run npm run load`);
  return lake;
}

/**
 * Opens the lake that this build reads. All parts of one site are of one snapshot: `build.ts` names it, and starts over
 * where a load has published a newer one meanwhile. A loader that is run by hand takes the newest.
 */
export async function openBuildLake(): Promise<Lake> {
  const { KEYHOUSE_HOME: home = "data", KEYHOUSE_REPORT_SNAPSHOT: expected } = process.env;
  const lake = await openHome(home);
  if (expected === undefined || lake.snapshot === Number(expected)) return lake;
  lake.close();
  throw new Error(`snapshot ${lake.snapshot} was published while the reports of ${expected} were built`);
}

/**
 * Writes the answer of a query to standard output, as a file of the Arrow IPC format.
 * @param sql the query, or what makes it of the snapshot's as-of time as a SQL literal: "now" is never the build's time
 */
export async function writeArrow(sql: string | ((asOf: string) => string)): Promise<void> {
  const lake = await openBuildLake();
  try {
    process.stdout.write(toArrow(await lake.columns(typeof sql === "string" ? sql : sql(asOfLiteral(lake)))));
  } finally {
    lake.close();
  }
}

/** The as-of time as a SQL literal. */
export const asOfLiteral = (lake: Lake): string =>
  `timestamp '${lake.asOf.toISOString().replace("T", " ").replace("Z", "")}'`;

/** Columns as a file of the Arrow IPC format: texts once each, whole numbers in 32 bits where they fit, times as milliseconds. */
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
