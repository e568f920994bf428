// Pure. Platforms over time: hosts week by week, and where weeks do not know it, hosts and customers at the ends of months.

import { count, date, month, share, shortCount } from "./format.js";
import type { LineMeaning } from "./charts.js";
import { lastMonths } from "./modelTrends.js";
import { type PlatformPoint, type PlatformWeekRow, lastWeeks, platformLines } from "./platformWeeks.js";
import type { MonthSeries, PlatformDimension } from "./platforms.js";
import { titleOf } from "./scopes.js";

/** Hosts and customers of one platform at the end of a month; null where they are not known, which is so of all others together. */
export interface PlatformMonthEndRow {
  month_at: number;
  scope: string;
  dimension: PlatformDimension;
  member: string;
  hosts: number;
  customers: number | null;
}

/** What platforms are counted as. */
export type PlatformUnit = "hosts" | "share" | "customers";

/** What a reader asked for. */
export interface TrendWanted {
  scope: string;
  /** The scope in words, empty where it is everything. */
  words: string;
  dimension: PlatformDimension;
  unit: PlatformUnit;
  months: number;
}

/** A chart of platforms over time, in words and lines. */
export interface PlatformTrend {
  title: string;
  definition: string;
  /** What its table is called. */
  caption: string;
  /** What a step in time is called: a week or a month. */
  step: "week" | "month";
  lines: MonthSeries[];
  meaning: LineMeaning;
}

/** The weekly figures know no country. */
export const isRegion = (scope: string): boolean => scope.startsWith("region:");

/** Customers do not add up over platforms, so there are some only where they were counted for what is asked. */
export const countsCustomers = (
  rows: readonly PlatformMonthEndRow[],
  dimension: PlatformDimension,
): boolean => rows.some((row) => row.dimension === dimension && row.customers !== null);

/** Platforms over time as asked for: weeks where they know it, else month ends. */
export function platformTrend(
  weeks: readonly PlatformWeekRow[],
  monthEnds: readonly PlatformMonthEndRow[],
  { scope, words, dimension, unit, months }: TrendWanted,
): PlatformTrend {
  const isShare = unit === "share";
  const [format, short] = isShare ? [share, share] : [count, shortCount];
  const along = (say: (at: number) => string) => ({ isCalendar: true, say, label: null });
  if (unit !== "customers" && !isRegion(scope))
    return {
      title: titleOf("Active hosts week by week", words),
      definition: `${isShare ? "Share of the hosts" : "Hosts"} that were heard of in the week, by telemetry or because a license was issued.`,
      caption: "Active hosts by platform, first and newest week",
      step: "week",
      lines: platformLines(
        lastWeeks(weeks, Math.round((months * 52) / 12)).map(({ week_at: at, hosts: value, ...row }) => ({
          ...row,
          at,
          value,
        })),
        dimension,
        isShare,
      ),
      meaning: {
        name: "Active hosts by week and platform",
        format,
        short,
        along: along((at) => `the week of ${date(at)}`),
      },
    };
  const isCustomers = unit === "customers";
  const points = lastMonths(monthEnds, months).flatMap((row): PlatformPoint[] => {
    const value = isCustomers ? row.customers : row.hosts;
    return value === null ? [] : [{ at: row.month_at, dimension: row.dimension, member: row.member, value }];
  });
  const lines = platformLines(points, dimension, isShare);
  return {
    title: titleOf(
      isCustomers ? "Customers month by month" : "Hosts that held a seat, month by month",
      words,
    ),
    definition: isCustomers
      ? "Customers with a host that held a seat at the month’s end; of the running month now. One may use several platforms, so they do not add up."
      : `${isShare ? "Share of the hosts" : "Hosts"} that held a seat at the month’s end, by what was told when it was bound. Weekly figures know no region.`,
    caption: `${isCustomers ? "Customers" : "Hosts"} by platform, first and newest month`,
    step: "month",
    lines,
    meaning: {
      name: `${isCustomers ? "Customers" : "Hosts"} by month and platform`,
      format,
      short,
      along: along(month),
    },
  };
}
