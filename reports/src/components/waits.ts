// Pure. What the activation page tells of a choice: its tables, and whose waits they are in words.

import { type WaitTable, periods } from "./choices.js";
import type { CohortRow } from "./cohorts.js";
import { rows } from "./rows.js";
import { type ScopeRow, articled, scopeName } from "./scopes.js";
import type { ShelfProductRow, ShelfRow } from "./shelf.js";
import type { CurveRow, OutcomeRow, SummaryRow, TestRow } from "./waiting.js";

/** A curve as its table has it: a picture needs no more than ten-thousandths. */
interface CurvePoint {
  dimension: string;
  segment: string;
  day: number;
  survival_bp: number;
  survival_low_bp: number | null;
  survival_high_bp: number | null;
}

/** All that the page tells of a choice. */
export interface Waits {
  scope: string;
  period: string;
  summary: SummaryRow[];
  tests: TestRow[];
  curves: CurveRow[];
  outcomes: OutcomeRow[];
  cohorts: CohortRow[];
  shelf: ShelfRow[];
  shelfProducts: ShelfProductRow[];
}

/** What is told where a choice has no answers, or they cannot be had. */
export const noWaits = (scope: string, period: string): Waits => ({
  scope,
  period,
  summary: [],
  tests: [],
  curves: [],
  outcomes: [],
  cohorts: [],
  shelf: [],
  shelfProducts: [],
});

/** Reads the tables of a choice. @param bytes each an Arrow file */
export function readWaits(
  scope: string,
  period: string,
  bytes: Record<WaitTable, ArrayBuffer | Uint8Array>,
): Waits {
  return {
    scope,
    period,
    summary: rows(bytes.summary),
    tests: rows(bytes.test),
    curves: rows<CurvePoint>(bytes.curve).map((point) => ({
      dimension: point.dimension,
      segment: point.segment,
      day: point.day,
      survival: point.survival_bp / 10_000,
      survival_low: point.survival_low_bp === null ? null : point.survival_low_bp / 10_000,
      survival_high: point.survival_high_bp === null ? null : point.survival_high_bp / 10_000,
    })),
    outcomes: rows(bytes.outcome),
    cohorts: rows(bytes.cohort),
    shelf: rows(bytes.shelf),
    shelfProducts: rows(bytes.shelf_product),
  };
}

/** Reads the file of a choice. */
export function unpackWaits(scope: string, period: string, file: ArrayBuffer): Waits {
  const tables = rows<{ name: WaitTable; bytes: Uint8Array }>(file);
  const bytes = Object.fromEntries(tables.map((table) => [table.name, table.bytes]));
  return readWaits(scope, period, bytes as Record<WaitTable, Uint8Array>);
}

/** Whose waits they are: `entitlements of Atlas CAD ordered in the last 12 months`; null where all are told of. */
export function whose(scopes: readonly ScopeRow[], scope: string, period: string): string | null {
  const row = scopes.find((known) => known.scope === scope);
  const { words } = periods.find(({ value }) => value === period) ?? periods[0];
  const parts = [row === undefined ? "" : ofScope(row), words].filter((part) => part !== "");
  return parts.length === 0 ? null : ["entitlements", ...parts].join(" ");
}

function ofScope(row: ScopeRow): string {
  if (row.kind !== "region") return row.scope === "brand:" ? "of no brand" : `of ${scopeName(row)}`;
  return row.scope === "region:"
    ? "of customers without a country"
    : `of customers in ${articled(scopeName(row))}`;
}
