// Pure. Seats bought against seats bound.

import { count, share } from "./format.js";
import type { ModelRow } from "./models.js";
import type { Size } from "./plot.js";
import { seatRows } from "./seatRows.js";

/** A row a license model: seats bought behind, seats bound before. */
export function seatBars(models: readonly ModelRow[], size: Size): SVGSVGElement {
  const rows = models.map(({ name, seats, seats_bound: taken }) => {
    const bound = `${count(taken)} of ${count(seats)}`;
    const label = `${bound} bound (${share(seats === 0 ? 0 : taken / seats)})`;
    return { name, seats, taken, label, spoken: `${bound} seats bound` };
  });
  return seatRows(rows, "Seats bought and seats bound by license model", size);
}
