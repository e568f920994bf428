// Pure. Platforms week by week, and how fast a version of the application spreads.

import type { Column } from "./table.js";
import { count, date, isoDay, share } from "./format.js";
import { type MonthSeries, type PlatformDimension, platformName } from "./platforms.js";

/** Hosts of one platform that were heard of in one week. */
export interface PlatformWeekRow {
  week_at: number;
  scope: string;
  dimension: PlatformDimension;
  member: string;
  hosts: number;
  first_week_at: number;
}

/** A number of one platform at one time. */
export interface PlatformPoint {
  at: number;
  dimension: PlatformDimension;
  member: string;
  value: number;
}

/** How a version spread: the share of hosts that ran it, by whole weeks since the first. */
export interface Adoption extends MonthSeries {
  first_week_at: number;
  /** Hosts in the newest week. */
  hosts: number;
  peak: number;
}

const WEEK_MS = 7 * 86_400_000;

/** Versions that a chart can hold apart: the newest. */
const MAX_VERSIONS = 6;

/** Rows of the last so many weeks. */
export function lastWeeks(rows: readonly PlatformWeekRow[], weeks: number): PlatformWeekRow[] {
  const newest = rows.reduce((latest, row) => Math.max(latest, row.week_at), -Infinity);
  return rows.filter((row) => row.week_at > newest - weeks * WEEK_MS);
}

/** A line a platform, the largest of the newest time first and all others last; as shares of each time's sum, or as they are. */
export function platformLines(
  points: readonly PlatformPoint[],
  dimension: PlatformDimension,
  isShare: boolean,
): MonthSeries[] {
  const here = points.filter((point) => point.dimension === dimension);
  const totals = new Map<number, number>();
  for (const { at, value } of here) totals.set(at, (totals.get(at) ?? 0) + value);
  const times = [...totals.keys()].toSorted((a, b) => a - b);
  return Array.from(
    Map.groupBy(here, ({ member }) => member),
    ([member, told]) => {
      const values = new Map(told.map(({ at, value }) => [at, value]));
      return {
        member,
        name: platformName(dimension, member),
        points: times.map((month_at) => ({
          month_at,
          value: (values.get(month_at) ?? 0) / (isShare ? totals.get(month_at)! : 1),
        })),
      };
    },
  )
    .toSorted(
      (a, b) =>
        Number(a.member === "rest") - Number(b.member === "rest") ||
        (b.points.at(-1)?.value ?? 0) - (a.points.at(-1)?.value ?? 0),
    )
    .map(({ name, points: drawn }) => ({ name, points: drawn }));
}

/** What a table says of the lines: first, and last. */
export const lineColumns = (
  step: "week" | "month",
  format: (value: number) => string,
): Column<MonthSeries>[] => {
  const first = ({ points }: MonthSeries) => points[0]?.value ?? 0;
  const last = ({ points }: MonthSeries) => points.at(-1)?.value ?? 0;
  return [
    { head: "Platform", cell: ({ name }) => name, isRowHead: true },
    { head: `First ${step}`, cell: (line) => format(first(line)), value: first, isNumber: true },
    { head: `Newest ${step}`, cell: (line) => format(last(line)), value: last, isNumber: true },
  ];
};

/**
 * How each version spread that appeared after records began: of one that was there before, nobody knows since when.
 * Weeks in which none was heard of are left out.
 */
export function adoptions(rows: readonly PlatformWeekRow[]): Adoption[] {
  const here = rows.filter((row) => row.dimension === "application");
  const totals = weekTotals(here);
  const begin = Math.min(...here.map((row) => row.first_week_at));
  const newest = Math.max(...totals.keys());
  const versions = Map.groupBy(
    here.filter(({ member, first_week_at }) => member !== "" && member !== "rest" && first_week_at > begin),
    ({ member }) => member,
  );
  return Array.from(versions, ([member, told]) => {
    const points = told
      .map((row) => ({
        month_at: Math.round((row.week_at - row.first_week_at) / WEEK_MS),
        value: row.hosts / totals.get(row.week_at)!,
      }))
      .toSorted((a, b) => a.month_at - b.month_at);
    return {
      name: platformName("application", member),
      points,
      first_week_at: told[0]!.first_week_at,
      hosts: told.find((row) => row.week_at === newest)?.hosts ?? 0,
      peak: Math.max(...points.map(({ value }) => value)),
    };
  })
    .toSorted((a, b) => b.first_week_at - a.first_week_at || a.name.localeCompare(b.name))
    .slice(0, MAX_VERSIONS);
}

const after = (version: Adoption, weeks: number): number | null =>
  version.points.find(({ month_at }) => month_at === weeks)?.value ?? null;

const afterColumn = (weeks: number): Column<Adoption> => ({
  head: `After ${weeks} weeks`,
  cell: (version) => share(after(version, weeks)),
  value: (version) => after(version, weeks),
  isNumber: true,
});

/** Columns of how versions spread. */
export const adoptionColumns: Column<Adoption>[] = [
  { head: "Application", cell: ({ name }) => name, isRowHead: true },
  {
    head: "First heard of in the week of",
    cell: ({ first_week_at: at }) => date(at),
    value: ({ first_week_at: at }) => isoDay(at),
  },
  ...[4, 8, 13, 26].map(afterColumn),
  { head: "Highest share", cell: ({ peak }) => share(peak), value: ({ peak }) => peak, isNumber: true },
  { head: "Hosts in the newest week", cell: ({ hosts }) => count(hosts), isNumber: true },
];

/** What the curves say, in a sentence: the newest two that have had a month each. */
export function adoptionSentence(versions: readonly Adoption[]): string {
  const aged = versions.filter((version) => after(version, 4) !== null).slice(0, 2);
  const [first, second] = aged;
  if (first === undefined)
    return versions.length === 0
      ? "No version of the application has appeared since records began, so there is nothing to compare yet."
      : "No new version has been out for four weeks yet.";
  const said = (version: Adoption) => share(after(version, 4));
  return second === undefined
    ? `Four weeks after it was first heard of, ${first.name.toLowerCase()} ran on ${said(first)} of active hosts.`
    : `Four weeks after it was first heard of, ${first.name.toLowerCase()} ran on ${said(first)} of active hosts; ${second.name.toLowerCase()} had reached ${said(second)} by then.`;
}

function weekTotals(rows: readonly PlatformWeekRow[]): Map<number, number> {
  const totals = new Map<number, number>();
  for (const { week_at: at, hosts } of rows) totals.set(at, (totals.get(at) ?? 0) + hosts);
  return totals;
}
