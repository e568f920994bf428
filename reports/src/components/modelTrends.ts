// Pure. License models month by month: what is in force, what was booked, what of it was used and what went beyond.

import { label } from "./format.js";
import type { ModelRow } from "./models.js";
import type { MonthSeries } from "./platforms.js";

/** What models are taken together by. */
export type ModelDimension = "model" | "term" | "metric";

/** Seats of a model in a month. */
export interface ModelUtilizationRow {
  month_at: number;
  scope: string;
  license_model: string;
  metric: string;
  bought: number;
  peak: number;
  overdraft: number;
}

/** A point to be drawn: of whom, when, and how much. */
interface Told {
  month_at: number;
  member: string;
  value: number;
}

/** Lines that a chart by month can hold apart; the rest is summed. */
const MAX_LINES = 6;

/** What a query put together as the rest. */
const REST = "rest";

/** A model, a term or a metric as people call it. */
export function memberName(models: readonly ModelRow[], dimension: ModelDimension, member: string): string {
  if (member === "few") return "Fewer than 5 customers";
  if (member === REST) return "All others";
  if (dimension !== "model") return label(member);
  return models.find((row) => row.license_model === member)?.name ?? member;
}

/** Rows of the last so many months. */
export function lastMonths<T extends { month_at: number }>(rows: readonly T[], wanted: number): T[] {
  const months = [...new Set(rows.map((row) => row.month_at))].toSorted((a, b) => b - a);
  const shown = new Set(months.slice(0, wanted));
  return rows.filter((row) => shown.has(row.month_at));
}

/** A line a member, the largest of the newest month first, and all others together, unless they do not add up. */
export function trendLines(
  told: readonly Told[],
  nameOf: (member: string) => string,
  addsUp: boolean,
): MonthSeries[] {
  const months = [...new Set(told.map((row) => row.month_at))].toSorted((a, b) => a - b);
  const newest = months.at(-1);
  const byMember = Map.groupBy(told, ({ member }) => member);
  const now = (member: string) => sum((byMember.get(member) ?? []).filter((row) => row.month_at === newest));
  const ranked = [...byMember.keys()].toSorted(
    (a, b) => now(b) - now(a) || sum(byMember.get(b)!) - sum(byMember.get(a)!) || (a < b ? -1 : 1),
  );
  const line = (name: string, rows: readonly Told[]): MonthSeries => {
    const values = Map.groupBy(rows, (row) => row.month_at);
    return { name, points: months.map((month_at) => ({ month_at, value: sum(values.get(month_at) ?? []) })) };
  };
  const named = ranked.filter((member) => member !== REST);
  const shown = named.slice(0, MAX_LINES);
  const rest = ranked.filter((member) => !shown.includes(member));
  const lines = shown.map((member) => line(nameOf(member), byMember.get(member)!));
  if (rest.length > 0 && addsUp)
    lines.push(
      line(
        rest.length === 1 ? nameOf(rest[0]!) : rest.includes(REST) ? nameOf(REST) : `${rest.length} others`,
        rest.flatMap((member) => byMember.get(member)!),
      ),
    );
  return lines;
}

/** The most seats in use at once, as a share of those bought, by month; a member without a seat in a month has no point there. */
export function utilizationLines(
  rows: readonly ModelUtilizationRow[],
  nameOf: (member: string) => string,
  dimension: "model" | "metric",
): MonthSeries[] {
  const memberOf = (row: ModelUtilizationRow) => (dimension === "model" ? row.license_model : row.metric);
  return Array.from(Map.groupBy(rows, memberOf), ([member, own]) => ({
    name: nameOf(member),
    bought: own.reduce((total, row) => total + row.bought, 0),
    points: Array.from(
      Map.groupBy(own, (row) => row.month_at),
      ([month_at, here]) => {
        const bought = here.reduce((total, row) => total + row.bought, 0);
        return { month_at, value: here.reduce((total, row) => total + row.peak, 0) / bought, bought };
      },
    )
      .filter((point) => point.bought > 0)
      .map(({ month_at, value }) => ({ month_at, value }))
      .toSorted((a, b) => a.month_at - b.month_at),
  }))
    .filter(({ points }) => points.length > 0)
    .toSorted((a, b) => b.bought - a.bought)
    .slice(0, MAX_LINES)
    .map(({ name, points }) => ({ name, points }));
}

/** Seats beyond those bought, by month: only members that ever had one. */
export function overdraftLines(
  rows: readonly ModelUtilizationRow[],
  nameOf: (member: string) => string,
): MonthSeries[] {
  const had = new Set(rows.filter((row) => row.overdraft > 0).map((row) => row.license_model));
  return trendLines(
    had.size === 0 ? [] : rows.map((row) => ({ ...row, member: row.license_model, value: row.overdraft })),
    nameOf,
    true,
  ).filter(({ points }) => points.some(({ value }) => value > 0));
}

const sum = (rows: readonly Told[]): number => rows.reduce((total, { value }) => total + value, 0);
