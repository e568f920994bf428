// Pure. What was paid for and is not used: in words, as bars by product, and as tables.

import { rankedBars } from "./charts.js";
import { type Child, h } from "./dom.js";
import { count, counted, date, days, isoDay, list, money, share, shortMoney } from "./format.js";
import type { Size } from "./plot.js";
import type { Column } from "./table.js";

/** An entitlement that was paid for and never used. Amounts in minor units. */
export interface ShelfRow {
  currency: string;
  entitlement_id: string;
  customer_id: string;
  customer: string;
  product: string;
  quantity: number;
  amount: number;
  delivered_at: number;
  days_unused: number;
}

/** The same of one product under one license model, or of all others, with the totals of its currency. */
export interface ShelfProductRow {
  currency: string;
  product: string;
  /** Empty in the row of all others. */
  license_model: string;
  entitlements: number;
  customers: number;
  amount: number;
  median_days_unused: number;
  all_entitlements: number;
  all_customers: number;
  all_amount: number;
}

/** The currencies, that of the most entitlements first. */
export const currenciesOf = (rows: readonly { currency: string }[]): string[] => [
  ...new Set(rows.map(({ currency }) => currency)),
];

/** A sentence needs no more amounts than this; the rest is counted. */
const MAX_AMOUNTS = 3;

/**
 * Shelfware in one sentence, currency by currency: they are not added up.
 * @param whose such as `entitlements of Atlas CAD`; null where all are told of
 */
export function shelfSentence(rows: readonly ShelfProductRow[], whose: string | null = null): Child[] {
  const totals = [...new Map(rows.map((row) => [row.currency, row])).values()];
  if (totals.length === 0)
    return whose === null
      ? ["Nothing that was paid for more than 30 days ago is without a single activation."]
      : [
          `Of ${whose} there are none to tell of that were paid for more than 30 days ago and never activated.`,
        ];
  const amounts = totals
    .slice(0, MAX_AMOUNTS)
    .map((row) => `${money(row.all_amount, row.currency)} at ${counted(row.all_customers, "customer")}`);
  const rest = totals.length - amounts.length;
  if (rest > 0) amounts.push(counted(rest, "more currency", "more currencies"));
  const entitlements = totals.reduce((sum, row) => sum + row.all_entitlements, 0);
  return [
    h("strong", {}, list(amounts)),
    `: so much was paid for ${counted(entitlements, "entitlement")}${whose === null ? "" : whose.replace(/^entitlements/, "")} that ${entitlements === 1 ? "is" : "are"} in force, delivered more than 30 days ago, and never activated.`,
  ];
}

const nameOf = ({ product, license_model: model }: ShelfProductRow) =>
  model === "" ? product : `${product}, ${model.charAt(0).toLowerCase()}${model.slice(1)}`;

/** Bars of a currency, by product and license model. */
export function shelfBars(rows: readonly ShelfProductRow[], size: Size): SVGSVGElement {
  const currency = rows[0]?.currency ?? "EUR";
  const total = rows[0]?.all_amount || 1;
  return rankedBars(
    rows.map((row) => ({ name: nameOf(row), value: row.amount })),
    size,
    {
      name: `Paid for and never activated, in ${currency}, by product and license model`,
      color: "var(--series-2)",
      format: (amount) =>
        size.width < 480
          ? shortMoney(amount, currency)
          : `${shortMoney(amount, currency)}, ${share(amount / total)}`,
    },
  );
}

/** Columns of what is not used by product and license model. */
export const shelfProductColumns: Column<ShelfProductRow>[] = [
  { head: "Product and license model", cell: nameOf, isRowHead: true },
  { head: "Currency", cell: (row) => row.currency },
  {
    head: "Paid",
    cell: (row) => money(row.amount, row.currency),
    value: (row) => row.amount,
    isNumber: true,
  },
  {
    head: "Of the currency",
    cell: (row) => share(row.amount / (row.all_amount || 1)),
    value: (row) => row.amount / (row.all_amount || 1),
    isNumber: true,
  },
  {
    head: "Entitlements",
    cell: (row) => count(row.entitlements),
    value: (row) => row.entitlements,
    isNumber: true,
  },
  { head: "Customers", cell: (row) => count(row.customers), value: (row) => row.customers, isNumber: true },
  {
    head: "Median wait so far",
    cell: (row) => days(row.median_days_unused),
    value: (row) => row.median_days_unused,
    isNumber: true,
  },
];

/** Columns of the largest that are not used, with whose they are. */
export const shelfColumns: Column<ShelfRow>[] = [
  {
    head: "Customer and product",
    cell: (row) => [
      h("a", { href: `./customers.html#customer=${encodeURIComponent(row.customer_id)}` }, row.customer),
      h("br"),
      h("span", { class: "quiet" }, row.product),
    ],
    isRowHead: true,
  },
  { head: "Seats", cell: (row) => count(row.quantity), value: (row) => row.quantity, isNumber: true },
  {
    head: "Paid",
    cell: (row) => money(row.amount, row.currency),
    value: (row) => row.amount,
    isNumber: true,
  },
  {
    head: "Delivered",
    cell: (row) => date(row.delivered_at),
    value: (row) => isoDay(row.delivered_at),
    isNumber: true,
  },
  { head: "Waits", cell: (row) => days(row.days_unused), value: (row) => row.days_unused, isNumber: true },
];
