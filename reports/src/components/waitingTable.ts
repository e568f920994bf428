// Pure. The table of waiting: one row a segment, the plain average beside the median so that both are seen.

import { h } from "./dom.js";
import { table } from "./figure.js";
import { averageDays, count, days, daysInterval, share } from "./format.js";
import type { SummaryRow } from "./waiting.js";

/** Quartiles, shares and the plain average of each segment. */
export function waitingTable(
  segments: readonly SummaryRow[],
  nameOf: (segment: string) => string,
): HTMLElement {
  return table<SummaryRow>(
    "Waiting time by segment",
    [
      { head: "Segment", cell: (row) => nameOf(row.segment), isRowHead: true },
      { head: "Entitlements", cell: (row) => count(row.entitlements), isNumber: true },
      { head: "Activated", cell: (row) => count(row.activated), isNumber: true },
      { head: "A quarter within", cell: (row) => days(row.p25_days), isNumber: true },
      { head: "Half within (median)", cell: (row) => h("strong", {}, days(row.median_days)), isNumber: true },
      {
        head: "Its 95% interval",
        cell: (row) => (row.median_days === null ? "–" : daysInterval(row.median_low, row.median_high)),
        isNumber: true,
      },
      { head: "Three quarters within", cell: (row) => days(row.p75_days), isNumber: true },
      { head: "In 1 day", cell: (row) => share(row.share_day_1), isNumber: true },
      { head: "7 days", cell: (row) => share(row.share_day_7), isNumber: true },
      { head: "30 days", cell: (row) => share(row.share_day_30), isNumber: true },
      { head: "90 days", cell: (row) => share(row.share_day_90), isNumber: true },
      {
        head: "Average of those who did",
        cell: (row) => averageDays(row.mean_days_of_activated),
        isNumber: true,
      },
    ],
    segments,
  );
}
