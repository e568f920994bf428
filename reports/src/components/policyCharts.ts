// Pure. Draws what policies let through and turn away: rates with their intervals, and reasons with what came of them.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { count, share } from "./format.js";
import { NARROW_PX, type Size, barNames, draw, legend, seriesColor, textWidth } from "./plot.js";
import { type BandRate, type ReasonRow, measures, rateText } from "./policy.js";

const ROW_PX = 24;

interface Line extends Partial<BandRate> {
  key: string;
  head: string;
  /** Where the point and the ends of its interval stand, as parts of the widest of the measure. */
  at: number | null;
  from: number;
  to: number;
}

/** Points with their intervals: a block a measure, each on a scale of its own from zero, a line a band. */
export function rateDots(
  rates: readonly BandRate[],
  { width }: Size,
  bands: readonly string[],
): SVGSVGElement {
  const lines = measures.flatMap(({ measure, name }) => {
    const here = rates.filter((row) => row.measure === measure);
    const widest = Math.max(...here.map((row) => row.high), 1e-9);
    const head: Line = { key: measure, head: name, at: null, from: 0, to: 0 };
    return [
      head,
      ...here.map((row): Line => ({
        ...row,
        key: `${measure} ${row.band}`,
        head: "",
        at: row.rate === null ? null : row.rate / widest,
        from: row.low / widest,
        to: row.high / widest,
      })),
    ];
  });
  const told = lines.filter((line) => line.at !== null);
  const rows = lines.filter((line) => line.head === "") as (Line & BandRate)[];
  const marginLeft = Math.max(...bands.map(textWidth), 30) * (width < NARROW_PX ? 0.9 : 1) + 12;
  const marginRight = Math.min(
    Math.max(...rows.map((row) => textWidth(rateText(row))), 40) * 0.92 + 12,
    width * 0.45,
  );
  const ink = (line: Line) => seriesColor(bands.indexOf(line.band ?? ""));
  return draw({
    width,
    height: lines.length * ROW_PX + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft,
    marginRight,
    ariaLabel: "What happens to seats, by price band, for every 100 seats held for a year",
    ariaDescription: rows
      .map(
        (row) =>
          `${measures.find(({ measure }) => measure === row.measure)?.name}, ${row.band}: ${rateText(row)}`,
      )
      .join("; "),
    x: { domain: [0, 1], axis: null },
    y: { domain: lines.map((line) => line.key), axis: null, padding: 0 },
    marks: [
      Plot.text(
        lines.filter((line) => line.head !== ""),
        {
          y: "key",
          text: "head",
          frameAnchor: "left",
          textAnchor: "start",
          dx: -marginLeft,
          dy: 3,
          fill: "var(--ink)",
          fontWeight: 600,
        },
      ),
      Plot.tickX(rows, { x: () => 0, y: "key", stroke: "var(--rule-strong)" }),
      Plot.text(rows, {
        y: "key",
        text: "band",
        frameAnchor: "left",
        textAnchor: "end",
        dx: -8,
        fill: "var(--ink-2)",
      }),
      Plot.link(told, {
        x1: "from",
        x2: "to",
        y1: "key",
        y2: "key",
        stroke: ink,
        strokeWidth: 6,
        strokeOpacity: 0.3,
        strokeLinecap: "round",
      }),
      Plot.dot(told, { x: "at", y: "key", fill: ink, r: 4 }),
      Plot.text(rows, {
        y: "key",
        text: rateText,
        frameAnchor: "right",
        textAnchor: "start",
        dx: 10,
        fill: "var(--ink)",
      }),
    ],
  });
}

const outcomes = [
  { name: "Got it within a week", color: "var(--series-3)", of: (row: ReasonRow) => row.got },
  { name: "Did not", color: "var(--series-2)", of: (row: ReasonRow) => row.not },
  { name: "Too recent to say", color: "var(--rule-strong)", of: (row: ReasonRow) => row.undecided },
];

/** Ranked bars of reasons, each divided by what came of it. */
export function reasonBars(reasons: readonly ReasonRow[], { width }: Size): HTMLElement {
  const text = (row: ReasonRow) => {
    const decided = row.events - row.undecided;
    return decided === 0 ? count(row.events) : `${count(row.events)}, ${share(row.not / decided)} did not`;
  };
  const names = barNames(
    reasons.map((row) => row.reason),
    width,
    27,
  );
  const cells = reasons.flatMap((row) =>
    outcomes.map(({ name, of }) => ({ reason: row.reason, outcome: name, value: of(row) })),
  );
  const svg = draw({
    width,
    height: reasons.length * names.rowPx + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft: names.marginLeft,
    marginRight: Math.max(...reasons.map((row) => textWidth(text(row))), 20) + 12,
    ariaLabel: "Who was turned away, by reason, and whether they got what they asked for within a week",
    ariaDescription: reasons.map((row) => `${row.reason}: ${text(row)}`).join("; "),
    x: { domain: [0, Math.max(...reasons.map((row) => row.events), 1)], axis: null },
    y: { domain: reasons.map((row) => row.reason), label: null, padding: 0.28 },
    color: { domain: outcomes.map(({ name }) => name), range: outcomes.map(({ color }) => color) },
    marks: [
      ...names.marks,
      Plot.barX(
        cells.filter((cell) => cell.value > 0),
        {
          x: "value",
          y: "reason",
          fill: "outcome",
          order: outcomes.map(({ name }) => name),
          insetTop: names.aboveBarPx,
          insetRight: 0.5,
        },
      ),
      Plot.text(reasons, {
        x: "events",
        y: "reason",
        text,
        textAnchor: "start",
        dx: 6,
        dy: names.aboveBarPx / 2,
        fill: "var(--ink)",
      }),
    ],
  });
  return h(
    "div",
    {},
    legend(
      outcomes.map(({ name }) => name),
      (index) => outcomes[index]?.color ?? "",
    ),
    svg,
  );
}
