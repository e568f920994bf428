// Pure. The charts of waiting: share activated by day with its band, and what became of everyone.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { days, share, shareInterval } from "./format.js";
import {
  NARROW_PX,
  type Size,
  draw,
  fit,
  legend,
  seriesColor,
  seriesDash,
  spread,
  textWidth,
} from "./plot.js";
import type { CurveRow, OutcomeRow } from "./waiting.js";

/** A curve with the name by which it is labeled. */
export interface NamedCurve {
  name: string;
  rows: readonly CurveRow[];
}

/** The days that people think in. */
const marks = [
  { day: 0, name: "0" },
  { day: 1, name: "1 day" },
  { day: 7, name: "1 week" },
  { day: 30, name: "30 days" },
  { day: 90, name: "90" },
  { day: 180, name: "180" },
  { day: 365, name: "1 year" },
  { day: 730, name: "2 years" },
];

/** The axis of days: its root, so that the first days, where most happens, have the room that they need. */
function dayScale(lastDay: number): Plot.ScaleOptions {
  return { type: "sqrt", domain: [0, Math.max(7, lastDay)], label: null };
}

function dayAxis(lastDay: number, width: number) {
  const end = Math.max(7, lastDay);
  // A tick needs this many pixels to stand free of its neighbor.
  const ticks = marks.filter(({ day }, index) => {
    const next = marks[index + 1]?.day ?? Infinity;
    return day <= end && (next > end || (Math.sqrt(next / end) - Math.sqrt(day / end)) * width > 54);
  });
  const names = new Map(ticks.map(({ day, name }) => [day, name]));
  return Plot.axisX({
    ticks: ticks.map(({ day }) => day),
    tickFormat: (day: number) => names.get(day) ?? "",
    tickSize: 4,
  });
}

/** Share activated by day since delivery, one line a segment, each with its 95% band. */
export function activationCurves(curves: readonly NamedCurve[], { width }: Size): HTMLElement {
  const isNarrow = width < NARROW_PX;
  const height = isNarrow ? 280 : 400;
  const marginRight = isNarrow
    ? 8
    : Math.min(210, Math.max(...curves.map(({ name }) => textWidth(name)), 40) + 14);
  const [marginTop, marginBottom, marginLeft] = [10, 28, 40];
  const lastDay = Math.max(...curves.map(({ rows }) => rows.at(-1)?.day ?? 0));
  const ends = curves.map(({ rows }) => 1 - (rows.at(-1)?.survival ?? 1));
  const places = spread(ends, 16 / (height - marginTop - marginBottom), 0, 1);
  const points = curves.flatMap(({ name, rows }) => rows.map((row) => ({ ...row, name })));
  const svg = draw({
    width,
    height,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    ariaLabel: "Share activated by day since delivery",
    ariaDescription: curves
      .map(
        ({ name, rows }) =>
          `${name}: ${share(1 - (rows.at(-1)?.survival ?? 1))} by day ${rows.at(-1)?.day ?? 0}`,
      )
      .join("; "),
    x: dayScale(lastDay),
    y: { domain: [0, 1], label: null },
    marks: [
      Plot.gridY({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisY({ ticks: 4, tickFormat: (value: number) => share(value), tickSize: 0 }),
      dayAxis(lastDay, width - marginLeft - marginRight),
      curves.map(({ rows }, index) => [
        Plot.areaY(rows, {
          x: "day",
          y1: (row: CurveRow) => 1 - (row.survival_high ?? row.survival),
          y2: (row: CurveRow) => 1 - (row.survival_low ?? row.survival),
          curve: "step-after",
          fill: seriesColor(index),
          fillOpacity: 0.13,
        }),
        Plot.lineY(rows, {
          x: "day",
          y: (row: CurveRow) => 1 - row.survival,
          curve: "step-after",
          stroke: seriesColor(index),
          strokeWidth: 2,
          strokeDasharray: seriesDash(index),
        }),
        isNarrow
          ? null
          : Plot.text([{ y: places[index]! }], {
              x: () => Math.max(7, lastDay),
              y: "y",
              text: () => fit(curves[index]!.name, marginRight - 10),
              textAnchor: "start",
              dx: 8,
              fill: seriesColor(index),
              fontWeight: 550,
            }),
      ]),
      Plot.ruleX(points, Plot.pointerX({ x: "day", stroke: "var(--rule-strong)" })),
      Plot.tip(
        points,
        Plot.pointer({
          x: "day",
          y: (row: CurveRow) => 1 - row.survival,
          title: (row: CurveRow & { name: string }) =>
            `${row.name}\n${days(row.day)} after delivery: ${share(1 - row.survival)} activated${intervalNote(row)}`,
          fill: "var(--paper)",
          stroke: "var(--rule-strong)",
        }),
      ),
    ],
  });
  return h("div", {}, isNarrow ? legend(curves.map(({ name }) => name)) : null, svg);
}

function intervalNote({ survival_low: low, survival_high: high }: CurveRow): string {
  return low === null || high === null ? "" : `\n95% interval ${shareInterval(1 - high, 1 - low)}`;
}

/** What became of all entitlements by day since delivery: activated, cancelled first, or still waiting. Sums to one. */
export function outcomes(rows: readonly OutcomeRow[], { width }: Size): HTMLElement {
  const isNarrow = width < NARROW_PX;
  const height = isNarrow ? 240 : 280;
  const lastDay = rows.at(-1)?.day ?? 0;
  const marginRight = isNarrow ? 8 : 130;
  const parts = [
    {
      name: "Activated",
      color: "var(--series-1)",
      from: () => 0,
      to: (row: OutcomeRow) => row.incidence_activated,
    },
    {
      name: "Still waiting",
      color: "var(--rule-strong)",
      from: (row: OutcomeRow) => row.incidence_activated,
      to: (row: OutcomeRow) => 1 - row.incidence_cancelled,
    },
    {
      name: "Cancelled first",
      color: "var(--series-2)",
      from: (row: OutcomeRow) => 1 - row.incidence_cancelled,
      to: () => 1,
    },
  ];
  const last = rows.at(-1);
  const value = (part: (typeof parts)[number]) => (last === undefined ? 0 : part.to(last) - part.from(last));
  const places = spread(
    parts.map((part) => (last === undefined ? 0 : (part.to(last) + part.from(last)) / 2)),
    34 / (height - 38),
    0.04,
    0.96,
  );
  const svg = draw({
    width,
    height,
    marginTop: 10,
    marginBottom: 28,
    marginLeft: 40,
    marginRight,
    ariaLabel: "What became of all entitlements by day since delivery",
    ariaDescription: parts.map((part) => `${part.name} by day ${lastDay}: ${share(value(part))}`).join("; "),
    x: dayScale(lastDay),
    y: { domain: [0, 1], label: null },
    marks: [
      parts.map((part, index) => [
        Plot.areaY(rows, {
          x: "day",
          y1: part.from,
          y2: part.to,
          curve: "step-after",
          fill: part.color,
          fillOpacity: index === 1 ? 0.45 : 0.85,
        }),
        isNarrow
          ? null
          : Plot.text([places[index]!], {
              x: () => Math.max(7, lastDay),
              y: (place: number) => place,
              text: () => `${part.name}\n${share(value(part))}`,
              textAnchor: "start",
              dx: 8,
              fill: "var(--ink-2)",
              lineHeight: 1.25,
            }),
      ]),
      Plot.axisY({ ticks: 4, tickFormat: (tick: number) => share(tick), tickSize: 0 }),
      dayAxis(lastDay, width - 40 - marginRight),
    ],
  });
  return h(
    "div",
    {},
    isNarrow
      ? legend(
          parts.map((part) => `${part.name} ${share(value(part))}`),
          (index) => parts[index]!.color,
        )
      : null,
    svg,
  );
}
