// Pure. Seats bought against seats bound: a bar within a bar, so that what stands empty is seen.

import * as Plot from "@observablehq/plot";
import { count, share } from "./format.js";
import { NARROW_PX, type Size, barNames, draw, textWidth } from "./plot.js";
import type { ModelRow } from "./models.js";

/** One pair of bars a license model: seats bought behind, seats bound before. */
export function seatBars(models: readonly ModelRow[], { width }: Size): SVGSVGElement {
  const isNarrow = width < NARROW_PX;
  const text = (row: ModelRow) =>
    isNarrow
      ? `${count(row.seats_bound)} / ${count(row.seats)}`
      : `${count(row.seats_bound)} of ${count(row.seats)} bound (${share(row.seats === 0 ? 0 : row.seats_bound / row.seats)})`;
  const names = barNames(
    models.map((row) => row.name),
    width,
    34,
  );
  const marginRight = Math.max(...models.map((row) => textWidth(text(row))), 20) + 12;
  return draw({
    width,
    height: models.length * names.rowPx + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft: names.marginLeft,
    marginRight,
    ariaLabel: "Seats bought and seats bound by license model",
    ariaDescription: models
      .map((row) => `${row.name}: ${count(row.seats_bound)} of ${count(row.seats)} seats bound`)
      .join("; "),
    x: { domain: [0, Math.max(...models.map((row) => Math.max(row.seats, row.seats_bound)), 1)], axis: null },
    y: { domain: models.map((row) => row.name), label: null, padding: 0.25 },
    marks: [
      ...names.marks,
      Plot.barX(models, {
        x: "seats",
        y: "name",
        fill: "var(--rule-strong)",
        fillOpacity: 0.55,
        insetTop: names.aboveBarPx,
        rx2: 2,
      }),
      Plot.barX(models, {
        x: "seats_bound",
        y: "name",
        fill: "var(--series-1)",
        insetTop: names.aboveBarPx + 6,
        insetBottom: 6,
        rx2: 2,
      }),
      Plot.text(models, {
        x: (row: ModelRow) => Math.max(row.seats, row.seats_bound),
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
