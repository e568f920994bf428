// Pure. Rows of bars: of how many seats there are, how many are taken, so that what stands empty is seen.

import * as Plot from "@observablehq/plot";
import { count } from "./format.js";
import { NARROW_PX, type Size, barNames, draw, textWidth } from "./plot.js";

/** A row: the seats that there are behind, those that are taken before them, and a line at the mean where there is one. */
interface SeatRow {
  name: string;
  seats: number;
  taken: number;
  mean?: number;
  /** What stands behind the bars where there is room: `3 of 5 bound (60%)`. */
  label: string;
  /** What is told to those who hear it, behind the name. */
  spoken: string;
}

/** One row of bars each. */
export function seatRows(rows: readonly SeatRow[], ariaLabel: string, { width }: Size): SVGSVGElement {
  const text = (row: SeatRow) =>
    width < NARROW_PX ? `${count(row.taken)} / ${count(row.seats)}` : row.label;
  const names = barNames(
    rows.map((row) => row.name),
    width,
    34,
  );
  const marginRight = Math.max(...rows.map((row) => textWidth(text(row))), 20) + 12;
  const longest = (row: SeatRow) => Math.max(row.seats, row.taken);
  const means = rows.filter((row) => row.mean !== undefined);
  return draw({
    width,
    height: rows.length * names.rowPx + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft: names.marginLeft,
    marginRight,
    ariaLabel,
    ariaDescription: rows.map((row) => `${row.name}: ${row.spoken}`).join("; "),
    x: { domain: [0, Math.max(...rows.map(longest), 1)], axis: null },
    y: { domain: rows.map((row) => row.name), label: null, padding: 0.25 },
    marks: [
      ...names.marks,
      Plot.barX(rows, {
        x: "seats",
        y: "name",
        fill: "var(--rule-strong)",
        fillOpacity: 0.55,
        insetTop: names.aboveBarPx,
        rx2: 2,
      }),
      Plot.barX(rows, {
        x: "taken",
        y: "name",
        fill: "var(--series-1)",
        insetTop: names.aboveBarPx + 6,
        insetBottom: 6,
        rx2: 2,
      }),
      ...(means.length === 0
        ? []
        : [
            Plot.tickX(means, {
              x: "mean",
              y: "name",
              stroke: "var(--ink)",
              strokeWidth: 2,
              insetTop: names.aboveBarPx,
            }),
          ]),
      Plot.text(rows, {
        x: longest,
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
