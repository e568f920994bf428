// Pure. The tables of waiting: one row a segment, the plain average beside the median so that both are seen; and what became
// of everyone, day by day.

import { h } from "./dom.js";
import { averageDays, count, days, daysInterval, share } from "./format.js";
import { type Numbers, numbers } from "./table.js";
import type { OutcomeRow, SummaryRow } from "./waiting.js";

/** Quartiles, shares and the plain average of each segment. */
export function waitingNumbers(
  segments: readonly SummaryRow[],
  nameOf: (segment: string) => string,
): Numbers {
  return numbers<SummaryRow>(
    "Waiting time by segment",
    [
      { head: "Segment", cell: (row) => nameOf(row.segment), isRowHead: true },
      {
        head: "Entitlements",
        cell: (row) => count(row.entitlements),
        value: (row) => row.entitlements,
        isNumber: true,
      },
      {
        head: "Activated",
        cell: (row) => count(row.activated),
        value: (row) => row.activated,
        isNumber: true,
      },
      {
        head: "A quarter within",
        cell: (row) => days(row.p25_days),
        value: (row) => row.p25_days,
        isNumber: true,
      },
      {
        head: "Its 95% interval",
        cell: (row) => (row.p25_days === null ? "–" : daysInterval(row.p25_low, row.p25_high)),
        isNumber: true,
      },
      {
        head: "Half within (median)",
        cell: (row) => h("strong", {}, days(row.median_days)),
        value: (row) => row.median_days,
        isNumber: true,
      },
      {
        head: "Its 95% interval",
        cell: (row) => (row.median_days === null ? "–" : daysInterval(row.median_low, row.median_high)),
        isNumber: true,
      },
      {
        head: "Three quarters within",
        cell: (row) => days(row.p75_days),
        value: (row) => row.p75_days,
        isNumber: true,
      },
      {
        head: "Its 95% interval",
        cell: (row) => (row.p75_days === null ? "–" : daysInterval(row.p75_low, row.p75_high)),
        isNumber: true,
      },
      {
        head: "In 1 day",
        cell: (row) => share(row.share_day_1),
        value: (row) => row.share_day_1,
        isNumber: true,
      },
      {
        head: "7 days",
        cell: (row) => share(row.share_day_7),
        value: (row) => row.share_day_7,
        isNumber: true,
      },
      {
        head: "30 days",
        cell: (row) => share(row.share_day_30),
        value: (row) => row.share_day_30,
        isNumber: true,
      },
      {
        head: "90 days",
        cell: (row) => share(row.share_day_90),
        value: (row) => row.share_day_90,
        isNumber: true,
      },
      {
        head: "Average of those who did",
        cell: (row) => averageDays(row.mean_days_of_activated),
        isNumber: true,
      },
    ],
    segments,
  );
}

/** What became of all entitlements by each day since delivery. */
export const outcomeNumbers = (outcomes: readonly OutcomeRow[]): Numbers =>
  numbers<OutcomeRow>(
    "What became of entitlements, by day",
    [
      {
        head: "Day",
        cell: (row) => count(row.day),
        value: (row) => row.day,
        isNumber: true,
        isRowHead: true,
      },
      {
        head: "Activated",
        cell: (row) => share(row.incidence_activated),
        value: (row) => row.incidence_activated,
        isNumber: true,
      },
      {
        head: "Cancelled first",
        cell: (row) => share(row.incidence_cancelled),
        value: (row) => row.incidence_cancelled,
        isNumber: true,
      },
      {
        head: "Still waiting",
        cell: (row) => share(1 - row.incidence_activated - row.incidence_cancelled),
        value: (row) => 1 - row.incidence_activated - row.incidence_cancelled,
        isNumber: true,
      },
      { head: "Watched", cell: (row) => count(row.at_risk), value: (row) => row.at_risk, isNumber: true },
    ],
    outcomes.toSorted((a, b) => a.day - b.day),
  );
