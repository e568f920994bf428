// Pure. Bars by month, of one part or of several on top of each other; what is below zero hangs below it.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { count, month, shortCount, shortMonth } from "./format.js";
import type { Meaning } from "./charts.js";
import { NARROW_PX, type Size, draw, legend, seriesColor, textWidth } from "./plot.js";

/** What stands for a month that concerned too few to be told. */
const FEW = "few";

/** A part of a month's bar; null where it may not be told. */
export interface MonthPart {
  month_at: number;
  part: string;
  value: number | null;
}

/** What the parts are, in the order of the legend, and their inks where these are not the series'. */
export interface Parts extends Meaning {
  parts: readonly string[];
  colors?: readonly string[];
}

/** Bars by month. */
export function monthBars(
  rows: readonly MonthPart[],
  { width }: Size,
  {
    name,
    parts,
    colors = parts.map((_, index) => seriesColor(index)),
    format = count,
    short = shortCount,
  }: Parts,
): HTMLElement {
  const told = rows.filter((row) => row.value !== null && row.value !== 0);
  const months = [...new Set(rows.map((row) => row.month_at))].toSorted((a, b) => a - b);
  const isNarrow = width < NARROW_PX;
  const ends = months.map((month_at) => {
    const here = told.filter((row) => row.month_at === month_at);
    return {
      month_at,
      above: sum(here.filter((row) => row.value! > 0)),
      below: sum(here.filter((row) => row.value! < 0)),
      isUntold: rows.some((row) => row.month_at === month_at && row.value === null),
      text: [
        month(month_at),
        ...rows
          .filter((row) => row.month_at === month_at && row.value !== 0)
          .map((row) => `${row.part}: ${row.value === null ? "too few to tell" : format(row.value)}`),
      ].join("\n"),
    };
  });
  const last = ends.at(-1);
  // The number that is asked for first: the newest of what has been, not of what is foretold.
  const newest = ends.findLast(({ month_at }) =>
    told.some((row) => row.month_at === month_at && row.part === parts[0]),
  );
  const top = Math.max(1, ...ends.map(({ above }) => above));
  const lowest = Math.min(0, ...ends.map(({ below }) => below));
  const around = (text: string) => {
    const at = ends.findIndex((end) => end === newest);
    const reach = textWidth(text) > (0.82 * (width - 58)) / months.length ? 1 : 0;
    return ends.slice(Math.max(0, at - reach), at + reach + 1);
  };
  // Few are counted one by one, not in parts of one.
  const ticks = Math.min(4, top);
  const svg = draw({
    width,
    height: isNarrow ? 220 : 260,
    marginTop: 18,
    marginBottom: 28,
    marginLeft: 50,
    // Half of the last month's name, as far as its bar is narrower.
    marginRight: Math.max(8, 32 - width / (months.length + 1) / 2),
    ariaLabel: name,
    ariaDescription:
      last === undefined ? "no month yet" : last.text.replace("\n", ", ").replaceAll("\n", "; "),
    x: { type: "band", domain: months, label: null, padding: 0.18 },
    y: {
      label: null,
      nice: true,
      // With room for the number below a bar, above the names of the months.
      domain: [lowest < 0 ? lowest - (top - lowest) * 0.07 : 0, top],
    },
    color: { domain: [...parts], range: [...colors] },
    marks: [
      Plot.gridY({ ticks, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisY({ ticks, tickSize: 0, tickFormat: (value: number) => short(value) }),
      Plot.axisX({
        tickSize: 0,
        ticks: monthTicks(months, width),
        tickFormat: (at: number) => shortMonth(at),
      }),
      Plot.barY(told, {
        x: "month_at",
        y: "value",
        fill: "part",
        order: [...parts],
        // Parts that follow each other are told apart without color by the paper between them.
        insetTop: parts.length > 1 ? 0.5 : 0,
      }),
      // A month of which nothing may be told looks like one without anything, unless that is said.
      Plot.text(
        ends.filter((end) => end.above === 0 && end.isUntold),
        {
          x: "month_at",
          y: () => 0,
          text: () => FEW,
          // Where months are narrower than the word, it stands upright.
          ...(textWidth(FEW) > (0.9 * (width - 58)) / months.length
            ? { rotate: -90, textAnchor: "start", dy: -4 }
            : { dy: -8 }),
          fill: "var(--ink-3)",
        },
      ),
      Plot.ruleY([0], { stroke: "var(--rule-strong)" }),
      (["above", "below"] as const).map((side) =>
        newest === undefined || newest[side] === 0
          ? null
          : Plot.text([newest], {
              x: "month_at",
              // A number wider than its bar stands clear of the bars beside it.
              y: () =>
                Math[side === "above" ? "max" : "min"](
                  ...around(short(newest[side])).map((end) => end[side]),
                ),
              text: (end: { above: number; below: number }) => short(end[side]),
              dy: side === "above" ? -8 : 9,
              fill: "var(--ink)",
              fontWeight: 550,
              stroke: "var(--paper)",
              strokeWidth: 3,
            }),
      ),
      Plot.tip(
        ends,
        Plot.pointerX({
          x: "month_at",
          y: "above",
          title: "text",
          fill: "var(--paper)",
          stroke: "var(--rule-strong)",
        }),
      ),
    ],
  });
  return h("div", {}, parts.length > 1 ? legend(parts, (index) => colors[index] ?? "") : null, svg);
}

/** The months that are named below the bars: as many as there is room for, the newest among them. */
export function monthTicks(months: readonly number[], width: number): number[] {
  const every = Math.max(1, Math.ceil((months.length * 74) / Math.max(width - 58, 1)));
  return months.filter((_, index) => (months.length - 1 - index) % every === 0);
}

const sum = (rows: readonly MonthPart[]) => rows.reduce((total, { value }) => total + (value ?? 0), 0);
