// From the lake to Arrow: what every data loader does, so that a loader is its SQL and little else.

import { join } from "node:path";
import { Bool, Dictionary, Float64, Int32, Table, Utf8, tableToIPC, vectorFromArray } from "apache-arrow";
import { openLake } from "../warehouse/read.ts";

/** The lake of a Keyhouse home. */
export const lakeOf = (home: string): string => join(home, "lake");

/**
 * The lake that this build reads. All loaders of one build read one snapshot, whatever is loaded meanwhile:
 * `build.ts` names it, and a loader that is run by hand takes the newest.
 */
export function openBuildLake() {
  const { KEYHOUSE_HOME: home = "data", KEYHOUSE_REPORT_SNAPSHOT: snapshot } = process.env;
  return openLake(lakeOf(home), snapshot === undefined ? {} : { snapshot: Number(snapshot) });
}

/**
 * Writes the answer of a query to standard output, as a file of the Arrow IPC format.
 * @param sql the query, or what makes it of the snapshot's as-of time as a SQL literal: "now" is never the build's time
 */
export async function writeArrow(sql: string | ((asOf: string) => string)): Promise<void> {
  const lake = await openBuildLake();
  try {
    const asOf = `timestamp '${lake.snapshot.asOf.replace("T", " ").replace("Z", "")}'`;
    process.stdout.write(toArrow(await lake.query(typeof sql === "string" ? sql : sql(asOf))));
  } finally {
    lake.close();
  }
}

/** Rows as Arrow: texts once each, whole numbers in 32 bits where they fit, times as milliseconds. */
export function toArrow(rows: readonly Record<string, unknown>[]): Uint8Array {
  const names = Object.keys(rows[0] ?? {});
  return tableToIPC(new Table(Object.fromEntries(names.map((name) => [name, column(rows.map((row) => row[name]))]))));
}

function column(raw: readonly unknown[]) {
  const values = raw.map((value) =>
    value instanceof Date ? value.getTime() : typeof value === "bigint" ? Number(value) : (value ?? null),
  );
  const known = values.filter((value) => value !== null);
  if (known.every((value) => typeof value === "string")) return vectorFromArray(values, new Dictionary(new Utf8(), new Int32()));
  if (known.every((value) => typeof value === "boolean")) return vectorFromArray(values, new Bool());
  const isSmall = known.every((value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31);
  return vectorFromArray(values, isSmall ? new Int32() : new Float64());
}
