// Pure. What license servers may lend and had lent: a bar within a bar, and where the mean is.

import * as Plot from "@observablehq/plot";
import { type Child, h } from "./dom.js";
import { count, counted, share } from "./format.js";
import { NARROW_PX, type Size, barNames, draw, textWidth } from "./plot.js";
import type { Column } from "./table.js";

/** A product of a scope, or all others together, on the license servers that told of it. */
export interface FloatingRow {
  scope: string;
  is_other: boolean;
  name: string;
  customers: number;
  servers: number;
  observations: number;
  issued: number;
  peak: number;
  mean: number;
}

const shareOf = (value: number, { issued }: FloatingRow): number | null =>
  issued === 0 ? null : value / issued;

/** What was lent of all of them, in a sentence. */
export function floatingSentence(rows: readonly FloatingRow[]): Child[] {
  const sum = (of: (row: FloatingRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [issued, peak, mean] = [sum((row) => row.issued), sum((row) => row.peak), sum((row) => row.mean)];
  return [
    h("strong", {}, `${share(issued === 0 ? null : peak / issued)} of ${counted(issued, "floating seat")}`),
    ` were in use at each server’s busiest moment, and ${share(issued === 0 ? null : mean / issued)} in the mean.`,
  ];
}

/** One group of bars a product: what may be lent behind, the peak before it, and a line at the mean. */
export function floatingBars(rows: readonly FloatingRow[], { width }: Size): SVGSVGElement {
  const isNarrow = width < NARROW_PX;
  const text = (row: FloatingRow) =>
    isNarrow
      ? `${count(row.peak)} / ${count(row.issued)}`
      : `${count(row.peak)} of ${count(row.issued)} at the peak (${share(shareOf(row.peak, row))})`;
  const names = barNames(
    rows.map((row) => row.name),
    width,
    34,
  );
  const marginRight = Math.max(...rows.map((row) => textWidth(text(row))), 20) + 12;
  return draw({
    width,
    height: rows.length * names.rowPx + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft: names.marginLeft,
    marginRight,
    ariaLabel: "Floating seats issued and in use by product",
    ariaDescription: rows
      .map(
        (row) =>
          `${row.name}: ${count(row.peak)} of ${count(row.issued)} in use at the peak, ${count(row.mean)} in the mean`,
      )
      .join("; "),
    x: { domain: [0, Math.max(...rows.map((row) => Math.max(row.issued, row.peak)), 1)], axis: null },
    y: { domain: rows.map((row) => row.name), label: null, padding: 0.25 },
    marks: [
      ...names.marks,
      Plot.barX(rows, {
        x: "issued",
        y: "name",
        fill: "var(--rule-strong)",
        fillOpacity: 0.55,
        insetTop: names.aboveBarPx,
        rx2: 2,
      }),
      Plot.barX(rows, {
        x: "peak",
        y: "name",
        fill: "var(--series-1)",
        insetTop: names.aboveBarPx + 6,
        insetBottom: 6,
        rx2: 2,
      }),
      Plot.tickX(rows, {
        x: "mean",
        y: "name",
        stroke: "var(--ink)",
        strokeWidth: 2,
        insetTop: names.aboveBarPx,
      }),
      Plot.text(rows, {
        x: (row: FloatingRow) => Math.max(row.issued, row.peak),
        y: "name",
        text,
        textAnchor: "start",
        dx: 6,
        dy: names.aboveBarPx / 2,
        fill: "var(--ink)",
      }),
    ],
  });
}

const number = (head: string, of: (row: FloatingRow) => number): Column<FloatingRow> => ({
  head,
  cell: (row) => count(of(row)),
  value: of,
  isNumber: true,
});

/** Columns of what license servers lent. */
export const floatingColumns: Column<FloatingRow>[] = [
  { head: "Product", cell: (row) => row.name, isRowHead: true },
  number("Customers", (row) => row.customers),
  number("Servers", (row) => row.servers),
  number("Looks", (row) => row.observations),
  number("Issued", (row) => row.issued),
  number("Peak", (row) => row.peak),
  number("Mean", (row) => row.mean),
  {
    head: "Peak of issued",
    cell: (row) => share(shareOf(row.peak, row)),
    value: (row) => shareOf(row.peak, row),
    isNumber: true,
  },
];
