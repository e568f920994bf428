// Pure. Share activated within a day, a week, a month and a quarter: a dot with its interval for each segment, side by side.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { share, shareInterval } from "./format.js";
import { NARROW_PX, type Size, draw, fit, seriesColor, textWidth } from "./plot.js";
import type { SummaryRow } from "./waiting.js";

const horizons = [
  { name: "Within 1 day", key: "share_day_1" },
  { name: "Within 7 days", key: "share_day_7" },
  { name: "Within 30 days", key: "share_day_30" },
  { name: "Within 90 days", key: "share_day_90" },
] as const;

interface Point {
  segment: string;
  horizon: string;
  color: string;
  share: number;
  low: number;
  high: number;
}

/** The points of segments, without those that the data does not reach yet. */
export function sharePoints(segments: readonly SummaryRow[], nameOf: (segment: string) => string): Point[] {
  return horizons.flatMap(({ name: horizon, key }) =>
    segments.flatMap((row, index) => {
      const value = row[key];
      if (value === null) return [];
      return {
        segment: nameOf(row.segment),
        horizon,
        color: seriesColor(index),
        share: value,
        // Where everyone has activated the interval is undefined.
        low: row[`${key}_low`] ?? value,
        high: row[`${key}_high`] ?? value,
      };
    }),
  );
}

/** Four panels of dots with intervals, in the colors of the curves; one below another where the screen is narrow. */
export function shareDots(
  segments: readonly SummaryRow[],
  nameOf: (segment: string) => string,
  { width }: Size,
): HTMLElement {
  const points = sharePoints(segments, nameOf);
  const names = segments.map((row) => nameOf(row.segment));
  const isNarrow = width < NARROW_PX;
  const nameWidth = Math.min(Math.max(...names.map(textWidth), 30) + 12, width * (isNarrow ? 0.36 : 0.24));
  const panel = (row: readonly (typeof horizons)[number][]): SVGSVGElement => {
    const here = points.filter(({ horizon }) => row.some(({ name }) => name === horizon));
    return draw({
      width,
      height: names.length * 26 + 66,
      marginTop: 38,
      marginBottom: 26,
      marginLeft: nameWidth,
      marginRight: 20,
      ariaLabel: `Share activated ${row.map(({ name }) => name.toLowerCase()).join(", ")}, by segment`,
      ariaDescription: here
        .map((point) => `${point.segment}, ${point.horizon.toLowerCase()}: ${share(point.share)}`)
        .join("; "),
      x: { domain: [0, 1], label: null },
      y: { domain: names, label: null, padding: 0.4 },
      fx: { domain: row.map(({ name }) => name), label: null, padding: isNarrow ? 0.3 : 0.22 },
      marks: [
        Plot.gridX([0, 0.25, 0.5, 0.75, 1], { stroke: "var(--rule)", strokeOpacity: 1 }),
        Plot.axisX(isNarrow ? [0.5, 1] : [0, 0.5, 1], {
          tickFormat: (value: number) => share(value),
          tickSize: 0,
        }),
        Plot.axisFx({
          fill: "var(--ink-2)",
          fontWeight: 550,
          anchor: "top",
          tickSize: 0,
          tickPadding: 14,
          tickFormat: (name: string) => (isNarrow ? name.replace("Within ", "") : name),
        }),
        Plot.axisY({
          tickSize: 0,
          tickPadding: 8,
          fill: "var(--ink-2)",
          tickFormat: (name: string) => fit(name, nameWidth - 8),
        }),
        Plot.ruleY(here, {
          fx: "horizon",
          y: "segment",
          x1: "low",
          x2: "high",
          stroke: "color",
          strokeWidth: 5,
          strokeOpacity: 0.35,
          strokeLinecap: "round",
        }),
        Plot.dot(here, {
          fx: "horizon",
          y: "segment",
          x: "share",
          fill: "color",
          r: 4,
          title: (point: Point) =>
            `${point.segment}\n${point.horizon}: ${share(point.share)}\n95% interval ${shareInterval(point.low, point.high)}`,
          tip: { fill: "var(--paper)", stroke: "var(--rule-strong)" },
        }),
        Plot.text(here, {
          fx: "horizon",
          y: "segment",
          x: "share",
          text: (point: Point) => share(point.share),
          dy: -11,
          fontSize: 11,
          fill: "var(--ink-2)",
        }),
      ],
    });
  };
  return h("div", {}, isNarrow ? [panel(horizons.slice(0, 2)), panel(horizons.slice(2))] : panel(horizons));
}
