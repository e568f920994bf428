// Pure. A share by month: a point with its interval each, so that few cases are seen to say little.

import * as Plot from "@observablehq/plot";
import { month, share, shareInterval, shortMonth } from "./format.js";
import { monthTicks } from "./monthBars.js";
import { NARROW_PX, type Size, draw } from "./plot.js";
import type { RenewalRate } from "./revenue.js";

/** Points by month from none to all, with 95% intervals. */
export function rateMonths(rows: readonly RenewalRate[], { width }: Size, name: string): SVGSVGElement {
  const months = rows.map(({ month_at }) => month_at);
  const said = (row: RenewalRate) =>
    `${share(row.share)} of ${row.due} (${shareInterval(row.low, row.high)})`;
  return draw({
    width,
    height: width < NARROW_PX ? 220 : 260,
    marginTop: 12,
    marginBottom: 28,
    marginLeft: 50,
    marginRight: Math.max(8, 32 - width / (months.length + 1) / 2),
    ariaLabel: name,
    ariaDescription: rows
      .slice(-6)
      .map((row) => `${month(row.month_at)}: ${said(row)}`)
      .join("; "),
    x: { type: "band", domain: months, label: null, padding: 0.18 },
    y: { domain: [0, 1], label: null },
    marks: [
      Plot.gridY({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisY({ ticks: 4, tickSize: 0, tickFormat: (value: number) => share(value) }),
      Plot.axisX({
        tickSize: 0,
        ticks: monthTicks(months, width),
        tickFormat: (at: number) => shortMonth(at),
      }),
      Plot.ruleY([0], { stroke: "var(--rule-strong)" }),
      Plot.ruleX(rows, {
        x: "month_at",
        y1: "low",
        y2: "high",
        stroke: "var(--series-1)",
        strokeWidth: 6,
        strokeOpacity: 0.3,
        strokeLinecap: "round",
      }),
      Plot.dot(rows, { x: "month_at", y: "share", fill: "var(--series-1)", r: 4 }),
      Plot.text(rows.slice(-1), {
        x: "month_at",
        y: "high",
        text: (row: RenewalRate) => share(row.share),
        dy: -12,
        fill: "var(--ink)",
        fontWeight: 550,
      }),
      Plot.tip(
        rows,
        Plot.pointerX({
          x: "month_at",
          y: "share",
          title: (row: RenewalRate) => `${month(row.month_at)}\n${said(row)}`,
          fill: "var(--paper)",
          stroke: "var(--rule-strong)",
        }),
      ),
    ],
  });
}
