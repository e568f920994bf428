// Pure. Months of orders side by side: what share of each is activated by days since delivery, and why a plain average of those
// who activated misleads.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { averageDays, count, days, month, share, shareInterval, shortMonth } from "./format.js";
import { NARROW_PX, type Size, draw, legend } from "./plot.js";
import { type Numbers, numbers } from "./table.js";
import type { SummaryRow } from "./waiting.js";

/** The share of a month's orders activated by the end of a day; null until enough of them could be watched for so long. */
export interface CohortRow {
  /** `2026-03`. */
  segment: string;
  day: number;
  entitlements: number;
  watched: number;
  share: number | null;
  share_low: number | null;
  share_high: number | null;
}

/** The first of a month by its name in the data. */
const monthOf = (segment: string): number => Date.parse(`${segment.slice(0, 7)}-01T00:00:00Z`);

/** On a narrow screen a percentage has room in this many columns. */
const narrowDays = new Set([0, 1, 7, 30, 90, 180]);

const dayName = (day: number, isNarrow: boolean) =>
  isNarrow ? `${day} d` : day === 1 ? "1 day" : `${day} days`;

/** Months of orders by days since delivery: the more have activated, the darker. */
export function cohortMap(rows: readonly CohortRow[], { width }: Size): SVGSVGElement {
  const isNarrow = width < NARROW_PX;
  const shown = rows.filter(({ day }) => !isNarrow || narrowDays.has(day));
  const columns = [...new Set(shown.map(({ day }) => day))].toSorted((a, b) => a - b);
  const months = [...new Set(shown.map(({ segment }) => segment))].toSorted();
  const known = shown.filter((row) => row.share !== null);
  return draw({
    width,
    height: months.length * (isNarrow ? 24 : 28) + 34,
    marginTop: 26,
    marginBottom: 8,
    marginLeft: 74,
    marginRight: 0,
    ariaLabel: "Share activated by month of order and days since delivery",
    ariaDescription: known
      .filter(({ day }) => day === 7 || day === 30)
      .map((row) => `${month(monthOf(row.segment))}, ${row.day} days: ${share(row.share)}`)
      .join("; "),
    x: { type: "band", domain: columns, label: null, padding: 0.04 },
    y: { type: "band", domain: months, label: null, padding: 0.08 },
    marks: [
      Plot.axisX({
        anchor: "top",
        tickSize: 0,
        fill: "var(--ink-2)",
        tickFormat: (day: number) => dayName(day, isNarrow),
      }),
      Plot.axisY({
        tickSize: 0,
        tickPadding: 8,
        fill: "var(--ink-2)",
        tickFormat: (segment: string) => shortMonth(monthOf(segment)),
      }),
      // Not watched yet: an outline, so that it is not taken for a share of nothing.
      Plot.cell(
        shown.filter((row) => row.share === null),
        { x: "day", y: "segment", fill: "none", stroke: "var(--rule)", inset: 0.5, rx: 2 },
      ),
      Plot.cell(known, {
        x: "day",
        y: "segment",
        fill: "var(--series-1)",
        // Never so dark, in either scheme, that its number would be hard to read (WCAG, 4.5 to 1).
        fillOpacity: (row: CohortRow) => 0.04 + 0.5 * (row.share ?? 0) ** 1.5,
        rx: 2,
      }),
      Plot.text(known, {
        x: "day",
        y: "segment",
        text: (row: CohortRow) => share(row.share),
        fill: "var(--ink)",
      }),
      Plot.tip(
        known,
        Plot.pointer({
          x: "day",
          y: "segment",
          title: (row: CohortRow) =>
            `${month(monthOf(row.segment))}, ${count(row.entitlements)} entitlements\n${share(row.share)} by day ${row.day}${
              row.share_low === null || row.share_high === null
                ? ""
                : `\n95% interval ${shareInterval(row.share_low, row.share_high)}`
            }`,
          fill: "var(--paper)",
          stroke: "var(--rule-strong)",
        }),
      ),
    ],
  });
}

/** The same as a table: a row a month, a column a day. */
export function cohortNumbers(rows: readonly CohortRow[]): Numbers {
  const columns = [...new Set(rows.map(({ day }) => day))].toSorted((a, b) => a - b);
  const months = [...Map.groupBy(rows, ({ segment }) => segment).values()].toSorted((a, b) =>
    a[0]!.segment.localeCompare(b[0]!.segment),
  );
  const at = (cells: readonly CohortRow[], day: number) =>
    cells.find((row) => row.day === day)?.share ?? null;
  return numbers<readonly CohortRow[]>(
    "Share activated by month of order",
    [
      {
        head: "Month of order",
        cell: (cells) => month(monthOf(cells[0]!.segment)),
        value: (cells) => cells[0]!.segment,
        isRowHead: true,
      },
      {
        head: "Entitlements",
        cell: (cells) => count(cells[0]!.entitlements),
        value: (cells) => cells[0]!.entitlements,
        isNumber: true,
      },
      ...columns.map((day) => ({
        head: dayName(day, false),
        cell: (cells: readonly CohortRow[]) => share(at(cells, day)),
        value: (cells: readonly CohortRow[]) => at(cells, day),
        isNumber: true,
      })),
    ],
    months,
  );
}

/** A month says something of an average when at least so many of it have activated. */
const MIN_ACTIVATED = 10;

/** Why the plain average misleads, with the vendor's own months: null where there are no two to compare. */
export function averageSentence(cohorts: readonly SummaryRow[]): string | null {
  const months = cohorts.filter(
    (row) =>
      row.activated >= MIN_ACTIVATED && row.mean_days_of_activated !== null && row.median_days !== null,
  );
  const [oldest, youngest] = [months[0], months.at(-1)];
  if (oldest === undefined || youngest === undefined || oldest === youngest) return null;
  const [then, now] = [oldest, youngest].map((row) => ({
    month: month(monthOf(row.segment)),
    average: averageDays(row.mean_days_of_activated),
    median: days(row.median_days),
    waiting: share(1 - row.activated / row.entitlements),
  })) as [Words, Words];
  const fell = (youngest.mean_days_of_activated ?? 0) < (oldest.mean_days_of_activated ?? 0);
  const medians =
    then.median === now.median
      ? `the medians, which count everyone, are both ${now.median}`
      : `the medians, which count everyone, are ${then.median} and ${now.median}`;
  return fell
    ? `By the plain average, customers seem to have become quicker: ${then.average} for orders of ${then.month}, ${now.average} for those of ${now.month}. But of the latter only the quick can have activated yet, ${now.waiting} have not; ${medians}.`
    : `The plain average is ${then.average} for orders of ${then.month} and ${now.average} for those of ${now.month}, of which ${now.waiting} have not activated and are in no average; ${medians}.`;
}

interface Words {
  month: string;
  average: string;
  median: string;
  waiting: string;
}

/** By month of order: the middle half of the wait as a bar, its median as a dot, and the plain average as a cross. */
export function averages(cohorts: readonly SummaryRow[], { width }: Size): HTMLElement {
  const isNarrow = width < NARROW_PX;
  const rows = cohorts.filter((row) => row.p25_days !== null);
  const top =
    Math.max(...rows.flatMap((row) => [row.p75_days ?? 0, row.mean_days_of_activated ?? 0]), 7) * 1.08;
  const svg = draw({
    width,
    height: rows.length * (isNarrow ? 22 : 26) + 34,
    marginTop: 6,
    marginBottom: 28,
    marginLeft: 74,
    marginRight: 14,
    ariaLabel: "Median wait, quartiles and plain average by month of order",
    ariaDescription: rows
      .map(
        (row) =>
          `${month(monthOf(row.segment))}: median ${days(row.median_days)}, average of those who did ${averageDays(row.mean_days_of_activated)}`,
      )
      .join("; "),
    x: { domain: [0, top], label: null },
    y: { type: "band", domain: rows.map(({ segment }) => segment), label: null, padding: 0.35 },
    marks: [
      Plot.gridX({ ticks: isNarrow ? 4 : 8, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisX({
        ticks: isNarrow ? 4 : 8,
        tickSize: 0,
        tickFormat: (day: number) => (day === 0 ? "0 days" : count(day)),
      }),
      Plot.axisY({
        tickSize: 0,
        tickPadding: 8,
        fill: "var(--ink-2)",
        tickFormat: (segment: string) => shortMonth(monthOf(segment)),
      }),
      Plot.barX(rows, {
        y: "segment",
        x1: "p25_days",
        // A quarter that has not come yet: the bar runs to the edge, and fades.
        x2: (row: SummaryRow) => row.p75_days ?? top,
        fill: "var(--series-1)",
        fillOpacity: (row: SummaryRow) => (row.p75_days === null ? 0.1 : 0.22),
        rx: 2,
      }),
      Plot.dot(
        rows.filter((row) => row.median_days !== null),
        { y: "segment", x: "median_days", fill: "var(--series-1)", r: 5 },
      ),
      Plot.dot(
        rows.filter((row) => row.mean_days_of_activated !== null),
        {
          y: "segment",
          x: "mean_days_of_activated",
          symbol: "times",
          stroke: "var(--series-2)",
          strokeWidth: 2.5,
          r: 4.5,
        },
      ),
      Plot.tip(
        rows,
        Plot.pointerY({
          y: "segment",
          x: (row: SummaryRow) => row.median_days ?? row.p25_days,
          title: (row: SummaryRow) =>
            `${month(monthOf(row.segment))}\nmedian ${days(row.median_days)}, three quarters ${days(row.p75_days)}\nplain average of those who did ${averageDays(row.mean_days_of_activated)}`,
          fill: "var(--paper)",
          stroke: "var(--rule-strong)",
        }),
      ),
    ],
  });
  const names = [
    "Median, counting everyone",
    "Middle half, counting everyone",
    "Plain average of those who did",
  ];
  const inks = [
    "var(--series-1)",
    "color-mix(in srgb, var(--series-1) 30%, var(--paper))",
    "var(--series-2)",
  ];
  return h(
    "div",
    {},
    legend(names, (index) => inks[index]!),
    svg,
  );
}
