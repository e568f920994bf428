// Pure. What license servers may lend and had lent.

import { type Child, h } from "./dom.js";
import { count, counted, share } from "./format.js";
import type { Size } from "./plot.js";
import { seatRows } from "./seatRows.js";
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

/** A row a product: what may be lent behind, the peak before it, and a line at the mean. */
export function floatingBars(products: readonly FloatingRow[], size: Size): SVGSVGElement {
  const rows = products.map((row) => {
    const { name, issued: seats, peak: taken, mean } = row;
    const lent = `${count(taken)} of ${count(seats)}`;
    const label = `${lent} at the peak (${share(shareOf(taken, row))})`;
    return {
      name,
      seats,
      taken,
      mean,
      label,
      spoken: `${lent} in use at the peak, ${count(mean)} in the mean`,
    };
  });
  return seatRows(rows, "Floating seats issued and in use by product", size);
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
