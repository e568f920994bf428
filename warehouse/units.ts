// Pure. Units: what a row of a table depends on, so that a load computes anew only what something happened to.

import type { Model } from "./models.ts";

export type Unit = NonNullable<Model["unit"]>;

interface UnitRules {
  /** Which unit a row is of: an expression over the columns of events, and of every table of the unit. Never null. */
  key: string;
  /** The one column that the key is, unless that is null. Files are read by it faster than by an expression. */
  column?: string;
  /** Which events its tables are made of; null where of none. */
  events: string | null;
  /** Which columns of events they read, where it is so few that the whole is one part and needs no copy. */
  columns?: string;
  /** Tables of other units that it reads no more of than is its own, by the same key. */
  inputs: readonly string[];
}

const IS_TELEMETRY = "starts_with(type, 'telemetry.')";
/** What license servers tell is of no order, and may be much: it would be read with each event that is of none. */
const IS_USE = "type = 'use.observed'";

/** In the order in which they are built. */
export const units: Record<Unit, UnitRules> = {
  // The same ID twice is one event, wherever it is.
  id: { key: "id", events: "true", columns: "id, shard, seq", inputs: [] },
  // An order, its entitlements and their seats live together for life. What is of no order is all of one unit.
  order: {
    key: "coalesce(order_id, '')",
    column: "order_id",
    events: `not (${IS_TELEMETRY} or ${IS_USE})`,
    inputs: [],
  },
  // Telemetry is most of what comes and names no order: a heartbeat is no reason to compute an order's history.
  seat: {
    key: "coalesce(activation_id, entitlement_id, '')",
    events: `(${IS_TELEMETRY} or type = 'license.issued')`,
    inputs: ["fct_activation"],
  },
  host: { key: "coalesce(host_hash, '')", column: "host_hash", events: null, inputs: ["int_seat_day"] },
};

export const unitNames = Object.keys(units) as Unit[];

/** Which partition a row is in: its month as `2026-03`, `none` where it has none, `all` where its table has no months. */
export function partitionOf({ partitioned_by: column }: Pick<Model, "partitioned_by">): string {
  return column === undefined ? "'all'" : `coalesce(strftime(${column}, '%Y-%m'), 'none')`;
}

/** The partition that a file's folder names. */
export function partitionIn(path: string): string {
  return /\/partition_month=([^/]+)\//.exec(path)?.[1] ?? "all";
}

/** The folder of a table's partition, below the lake's root; as Hive has it, so that others can prune by it. */
export function folderOf({ name }: Pick<Model, "name">, partition: string): string {
  return partition === "all" ? name : `${name}/partition_month=${partition}`;
}
