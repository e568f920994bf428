// Pure. Terms that end soon: what they were paid, whose they are, in words and as tables.

import { type Child, h } from "./dom.js";
import { count, counted, date, money } from "./format.js";
import type { Column } from "./table.js";

/** Terms that end soon, of a product. */
export interface DueRow {
  scope: string;
  currency: string;
  name: string;
  terms: number;
  customers: number;
  value: number;
}

/** A term that ends soon, and whose it is. */
export interface DueCustomerRow {
  scope: string;
  currency: string;
  customer_id: string;
  customer: string;
  product: string;
  quantity: number;
  seats_bound: number;
  is_uncounted: boolean;
  ends_at: number;
  amount: number;
}

/** What ends soon, in one sentence. */
export function dueSentence(rows: readonly DueRow[], currency: string): Child[] {
  if (rows.length === 0) return ["No term ends in the next 90 days, or too few to tell of."];
  const total = (of: (row: DueRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  return [
    h(
      "strong",
      {},
      `${money(
        total((row) => row.value),
        currency,
      )} come up for renewal in the next 90 days`,
    ),
    `, in ${counted(
      total((row) => row.terms),
      "term",
    )}: what was paid for the terms that end.`,
  ];
}

/** Columns of the table of terms that end soon, by product. */
export const dueColumns: Column<DueRow>[] = [
  { head: "Product", cell: (row) => row.name, isRowHead: true },
  { head: "Terms", cell: (row) => count(row.terms), value: (row) => row.terms, isNumber: true },
  { head: "Customers", cell: (row) => count(row.customers), value: (row) => row.customers, isNumber: true },
  {
    head: "Paid for them",
    cell: (row) => money(row.value, row.currency),
    value: (row) => row.value,
    isNumber: true,
  },
];

/** Columns of the table of terms that end soon, by customer. */
export const dueCustomerColumns: Column<DueCustomerRow>[] = [
  {
    head: "Customer and product",
    cell: (row) => [
      h("a", { href: `./customers.html#customer=${encodeURIComponent(row.customer_id)}` }, row.customer),
      h("br"),
      h("span", { class: "quiet" }, row.product),
    ],
    isRowHead: true,
  },
  { head: "Paid for the term", cell: (row) => money(row.amount, row.currency), isNumber: true },
  {
    head: "Seats bound",
    cell: (row) => (row.is_uncounted ? "not counted" : `${count(row.seats_bound)} of ${count(row.quantity)}`),
    isNumber: true,
  },
  { head: "Ends", cell: (row) => date(row.ends_at), isNumber: true },
];
