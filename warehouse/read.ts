// The read door: the newest snapshot, for queries. For reports, and for `npm run sql`.
//
//   const lake = await openLake("data/lake");            // null where nothing was loaded yet
//   lake.snapshot                                        // 12; lake.asOf is the as-of time, a Date
//   await lake.query("select sku, count(*) as entitlements from fct_entitlement where sku = ? group by all", ["CAD-PRO"]);
//                                                        // [{ sku: "CAD-PRO", entitlements: 812 }]
//   await lake.columns("select day, survival from time_to_activation where dimension = 'all' order by day");
//                                                        // [{ name: "day", type: "INTEGER", values: [0, 1, …] }, …]
//   lake.close();
//
// All of one lake's answers are of one snapshot, however many loads go on meanwhile; its files are kept for as many loads
// as the retention says. A TIMESTAMP is UTC and comes as a `Date`, a DATE as the `Date` of its midnight,
// a DECIMAL as a number; counts are numbers. `amount` columns are minor units of `currency`, `amount_major` major ones.

import { resolve } from "node:path";
import { dictionaryRows, tablesOf } from "./dictionary.ts";
import { type Column, type Database, openDatabase, type Parameter, type Row } from "./duckdb.ts";
import type { Answer } from "./format.ts";
import { readModels } from "./models.ts";
import type { Manifest } from "./snapshot.ts";
import { findSnapshot } from "./snapshots.ts";
import { viewsOf } from "./views.ts";

export type { Column, Row, Value } from "./duckdb.ts";
export { quote } from "./sql.ts";

export interface Lake {
  /** Number of the snapshot that all answers are of. */
  snapshot: number;
  /** What happened later is not in the marts. */
  asOf: Date;
  /** All of what the snapshot says of itself. */
  manifest: Manifest;
  /** Rows as objects. @throws Error with DuckDB's message */
  query: <T extends Row = Row>(sql: string, parameters?: Parameter[]) => Promise<T[]>;
  /** The same, column by column, with DuckDB's types. */
  columns: (sql: string, parameters?: Parameter[]) => Promise<Column[]>;
  /** The dictionary: a row a column of every table, as `npm run sql -- --describe --format csv` has it. */
  dictionary: Answer;
  /** Every value as text, exact; null as null. */
  texts: Database["texts"];
  /** Whether the text is one statement that only reads. @throws Error with DuckDB's message where it does not parse */
  isOneRead: Database["isOneRead"];
  /** The same texts, a few thousand rows at a time, however many there are. */
  stream: Database["stream"];
  /** Runs a statement whose result is not of interest, such as `copy … to`. */
  run: Database["run"];
  close: () => void;
}

/**
 * Opens a snapshot.
 * @param root the lake's root, `KEYHOUSE_HOME/lake`
 * @param number which snapshot; the newest where not given
 * @returns null where nothing was loaded yet
 * @throws LoadError where the snapshot that is asked for is not there, or not there any more
 */
export async function openLake(root: string, number?: number): Promise<Lake | null> {
  const lake = resolve(root);
  const [manifest, models] = await Promise.all([findSnapshot(lake, number), readModels()]);
  if (manifest === null) return null;
  const database = await openDatabase(":memory:");
  await database.run(viewsOf(lake, manifest, models));
  return {
    snapshot: manifest.snapshot,
    asOf: new Date(manifest.as_of),
    manifest,
    dictionary: dictionaryRows(tablesOf(models.models)),
    query: database.rows,
    columns: database.columns,
    texts: database.texts,
    stream: database.stream,
    run: database.run,
    isOneRead: database.isOneRead,
    close: database.close,
  };
}
