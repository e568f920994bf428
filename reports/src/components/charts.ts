// Pure. Charts that several pages use: ranked bars, lines by month, and parts of a whole.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { count, month, share, shortCount } from "./format.js";
import {
  NARROW_PX,
  type Size,
  barNames,
  draw,
  fit,
  fitName,
  legend,
  nameWidth,
  raised,
  seriesColor,
  seriesDash,
  spread,
  textWidth,
} from "./plot.js";
import type { MonthSeries, Slice } from "./platforms.js";

/** What the numbers are: the chart's name, and how one is written. */
export interface Meaning {
  name: string;
  format?: (value: number) => string;
  /** How one is written at an axis, where space is short. */
  short?: (value: number) => string;
  color?: string;
  /** The name of the bar that the reader chose; the others step back. */
  chosen?: string;
}

/** What lines run along: calendar time, or time since something began, where each line ends at its own place. */
export interface Along {
  isCalendar: boolean;
  /** How a place on it is said. */
  say: (at: number) => string;
  /** What is written below the chart, where its ticks do not say it. */
  label: string | null;
}

const alongMonths: Along = { isCalendar: true, say: month, label: null };

/** What the numbers of lines are. */
export interface LineMeaning extends Meaning {
  along?: Along;
}

/** Ranked bars, each with its name above or beside it and its number at its end. */
export function rankedBars(
  slices: readonly Slice[],
  { width }: Size,
  { name, format = count, color = "var(--series-1)", chosen }: Meaning,
): SVGSVGElement {
  const names = barNames(
    slices.map((slice) => slice.name),
    width,
    27,
  );
  const marginRight = Math.max(...slices.map(({ value }) => textWidth(format(value))), 20) + 12;
  return draw({
    width,
    height: slices.length * names.rowPx + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft: names.marginLeft,
    marginRight,
    ariaLabel: name,
    ariaDescription: slices.map((slice) => `${slice.name}: ${format(slice.value)}`).join("; "),
    x: { domain: [0, Math.max(...slices.map(({ value }) => value), 1)], axis: null },
    y: { domain: slices.map((slice) => slice.name), label: null, padding: 0.28 },
    marks: [
      ...names.marks,
      Plot.barX(slices, {
        x: "value",
        y: "name",
        fill: color,
        fillOpacity: (slice: Slice) => (chosen === undefined || slice.name === chosen ? 1 : 0.45),
        rx2: 2,
        insetTop: names.aboveBarPx,
      }),
      Plot.text(slices, {
        x: "value",
        y: "name",
        text: (slice: Slice) => format(slice.value),
        textAnchor: "start",
        dx: 6,
        dy: names.aboveBarPx / 2,
        fill: "var(--ink)",
      }),
    ],
  });
}

/** Lines by month, or along what is given, from zero, each labeled at its end. */
export function monthLines(
  lines: readonly MonthSeries[],
  { width }: Size,
  { name, format = count, along = alongMonths, short = shortCount }: LineMeaning,
): HTMLElement {
  const isNarrow = width < NARROW_PX;
  const height = isNarrow ? 240 : 320;
  const marginRight = isNarrow
    ? 12
    : Math.min(260, Math.max(...lines.map((line) => textWidth(endLabel(line, format))), 40) + 18);
  const top = Math.max(...lines.flatMap(({ points }) => points.map(({ value }) => value)), 0) || 1;
  const marginLeft = Math.max(44, textWidth(short(top)) + 10);
  const months = [...new Set(lines.flatMap((line) => line.points.map(({ month_at }) => month_at)))];
  const last = Math.max(...months, 0);
  const ends = lines.map(({ points }) => points.at(-1) ?? { month_at: last, value: 0 });
  const valuePerPx = top / (height - 40);
  const places = along.isCalendar
    ? spread(
        ends.map(({ value }) => value),
        16 * valuePerPx,
        0,
        top,
      )
    : raised(
        ends.map(({ month_at: at, value }, index) => ({
          left: (at / (last || 1)) * (width - marginRight - marginLeft),
          width: textWidth(endLabel(lines[index]!, format)),
          bottom: value / valuePerPx,
        })),
        16,
      ).map((px) => px * valuePerPx);
  const points = lines.flatMap((line) => line.points.map((point) => ({ ...point, name: line.name })));
  const svg = draw({
    width,
    height,
    marginTop: 12,
    marginBottom: along.label === null ? 28 : 42,
    marginLeft,
    marginRight,
    ariaLabel: name,
    ariaDescription: lines
      .map((line) => {
        const end = line.points.at(-1);
        return `${line.name}: ${format(end?.value ?? 0)} in ${along.say(end?.month_at ?? last)}`;
      })
      .join("; "),
    x: along.isCalendar ? { type: "utc", label: null } : { type: "linear", label: null },
    y: { domain: [0, top], nice: true, label: null },
    marks: [
      Plot.gridY({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisY({ ticks: 4, tickFormat: (value: number) => short(value), tickSize: 0 }),
      Plot.axisX({
        // Numbers need less room than dates.
        ticks: Math.min(months.length, Math.max(4, Math.floor(width / (along.isCalendar ? 110 : 60)))),
        tickSize: 4,
        label: along.label,
        labelArrow: "none",
        labelAnchor: "center",
      }),
      lines.map((line, index) =>
        Plot.lineY(line.points, {
          x: "month_at",
          y: "value",
          stroke: seriesColor(index),
          strokeWidth: 2,
          strokeDasharray: seriesDash(index),
          // One month makes no line; its point is seen all the same.
          marker: months.length < 3 ? "circle" : null,
        }),
      ),
      isNarrow
        ? null
        : lines.map((line, index) =>
            Plot.text([places[index]!], {
              x: () => ends[index]!.month_at,
              y: (place: number) => place,
              text: () => fit(endLabel(line, format), marginRight - 12),
              textAnchor: "start",
              dx: 8,
              fill: seriesColor(index),
              fontWeight: 550,
              // A label may stand among lines: it keeps them off itself.
              stroke: "var(--paper)",
              strokeWidth: 4,
            }),
          ),
      Plot.tip(
        points,
        Plot.pointer({
          x: "month_at",
          y: "value",
          title: (point: (typeof points)[number]) =>
            `${point.name}\n${along.say(point.month_at)}: ${format(point.value)}`,
          fill: "var(--paper)",
          stroke: "var(--rule-strong)",
        }),
      ),
    ],
  });
  return h("div", {}, isNarrow ? legend(lines.map((line) => endLabel(line, format))) : null, svg);
}

/** Parts of a whole, one bar a group: how a group divides, whatever its size. */
export function parts(
  data: readonly { group: string; part: string; value: number }[],
  { width }: Size,
  { name }: Meaning,
): HTMLElement {
  const groups = [...new Set(data.map(({ group }) => group))];
  const partNames = [...new Set(data.map(({ part }) => part))];
  const totals = new Map(groups.map((group) => [group, total(data.filter((row) => row.group === group))]));
  const shares = data.map((row) => ({ ...row, share: row.value / (totals.get(row.group) || 1) }));
  const marginLeft = Math.min(Math.max(...groups.map(nameWidth), 30) + 12, width * 0.38);
  const svg = draw({
    width,
    height: groups.length * 34 + 30,
    marginTop: 4,
    marginBottom: 24,
    marginLeft,
    marginRight: 22,
    ariaLabel: name,
    ariaDescription: shares.map((row) => `${row.group}, ${row.part}: ${share(row.share)}`).join("; "),
    x: { domain: [0, 1], label: null },
    y: { domain: groups, label: null, padding: 0.25 },
    color: { domain: partNames, range: partNames.map((_, index) => seriesColor(index)) },
    marks: [
      Plot.axisX({ ticks: 4, tickFormat: (value: number) => share(value), tickSize: 0 }),
      Plot.axisY({
        tickSize: 0,
        tickPadding: 8,
        tickFormat: (text: string) => fitName(text, marginLeft - 10),
        fill: "var(--ink-2)",
      }),
      Plot.barX(shares, { x: "share", y: "group", fill: "part", order: partNames, insetRight: 1 }),
      Plot.text(
        shares,
        Plot.stackX({
          x: "share",
          y: "group",
          z: "part",
          order: partNames,
          // A part too thin for its number has it in the table below.
          text: (row: (typeof shares)[number]) =>
            row.share * (width - marginLeft) > 40 ? share(row.share) : "",
          fill: "var(--paper)",
          fontWeight: 550,
        }),
      ),
    ],
  });
  return h("div", {}, legend(partNames), svg);
}

const endLabel = (line: MonthSeries, format: (value: number) => string) =>
  `${line.name} ${format(line.points.at(-1)?.value ?? 0)}`;

const total = (rows: readonly { value: number }[]) => rows.reduce((sum, { value }) => sum + value, 0);
