// Pure. How far back a page by month looks.

import type { Filter } from "./filters.js";

/** The filter by time: how many months, the newest of them the last that has begun. */
export const periodFilter: Filter & { name: "period" } = {
  name: "period",
  label: "Period",
  options: [
    { value: "24", name: "Two years" },
    { value: "12", name: "One year" },
    { value: "6", name: "Half a year" },
  ],
};

/** Rows of so many months up to the newest that has begun; of those that follow, as long as they are foretold. */
export function inPeriod<T extends { month_at: number }>(
  rows: readonly T[],
  months: number,
  asOf: number,
): T[] {
  const newest = new Date(asOf - 1);
  const first = Date.UTC(newest.getUTCFullYear(), newest.getUTCMonth() - months + 1, 1);
  return rows.filter((row) => row.month_at >= first);
}
