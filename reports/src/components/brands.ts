// Pure. Brands side by side, each by the system that its entitlements came from.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { count, counted, money, share } from "./format.js";
import { type Size, barNames, draw, legend, seriesColor, textWidth } from "./plot.js";
import type { Column } from "./table.js";

/** A brand as one system knows it, or all others together: what is in force. */
export interface BrandRow {
  scope: string;
  is_other: boolean;
  brand: string;
  source: string;
  customers: number;
  models: number;
  entitlements: number;
  perpetual: number;
  subscription: number;
  seats: number;
  /** JSON: a list of currencies with their amounts in minor units, those that may be told. */
  money: string;
}

/** `Lumora, from flexnet`; what was ordered here has no other system to name. */
export function brandName({ is_other: isOther, brand, source }: BrandRow): string {
  if (isOther) return "Others";
  const from = source === "api" ? "ordered here" : `from ${source.replace(/^import:/, "")}`;
  return `${brand === "" ? "No brand" : brand}, ${from}`;
}

const terms = [
  { name: "Perpetual", of: (row: BrandRow) => row.perpetual },
  { name: "Subscription", of: (row: BrandRow) => row.subscription },
  {
    name: "Trial or temporary",
    of: (row: BrandRow) => row.entitlements - row.perpetual - row.subscription,
  },
];

/** Entitlements in force, a bar a brand and system, parted by their terms. */
export function brandBars(rows: readonly BrandRow[], { width }: Size): HTMLElement {
  const text = (row: BrandRow) =>
    width < 480
      ? count(row.entitlements)
      : `${count(row.entitlements)} at ${counted(row.customers, "customer")}`;
  const names = barNames(rows.map(brandName), width, 30);
  const bars = rows.flatMap((row) =>
    terms.map(({ name, of }) => ({ brand: brandName(row), term: name, value: of(row) })),
  );
  const svg = draw({
    width,
    height: rows.length * names.rowPx + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft: names.marginLeft,
    marginRight: Math.max(...rows.map((row) => textWidth(text(row))), 20) + 12,
    ariaLabel: "Entitlements in force by brand and system",
    ariaDescription: rows
      .map(
        (row) =>
          `${brandName(row)}: ${count(row.entitlements)} at ${counted(row.customers, "customer")}, ${share(row.perpetual / row.entitlements)} perpetual, ${share(row.subscription / row.entitlements)} subscription`,
      )
      .join("; "),
    x: { domain: [0, Math.max(...rows.map((row) => row.entitlements), 1)], axis: null },
    y: { domain: rows.map(brandName), label: null, padding: 0.28 },
    color: { domain: terms.map(({ name }) => name), range: terms.map((_, index) => seriesColor(index)) },
    marks: [
      ...names.marks,
      Plot.barX(bars, {
        x: "value",
        y: "brand",
        fill: "term",
        order: terms.map(({ name }) => name),
        insetTop: names.aboveBarPx,
        insetRight: 1,
      }),
      Plot.text(rows, {
        x: "entitlements",
        y: brandName,
        text,
        textAnchor: "start",
        dx: 6,
        dy: names.aboveBarPx / 2,
        fill: "var(--ink)",
      }),
    ],
  });
  return h("div", {}, legend(terms.map(({ name }) => name)), svg);
}

/** What was paid, each currency by itself. */
const paid = ({ money: json }: BrandRow): { currency: string; amount: number }[] =>
  JSON.parse(json) as { currency: string; amount: number }[];

/** Columns of brands side by side, with one for each currency that any of them was paid in. */
export function brandColumns(rows: readonly BrandRow[]): Column<BrandRow>[] {
  const amounts = new Map<string, number>();
  for (const { currency } of rows.flatMap(paid)) amounts.set(currency, (amounts.get(currency) ?? 0) + 1);
  const currencies = Array.from(amounts)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([currency]) => currency);
  const number = (head: string, of: (row: BrandRow) => number): Column<BrandRow> => ({
    head,
    cell: (row) => count(of(row)),
    value: of,
    isNumber: true,
  });
  const shared = (head: string, of: (row: BrandRow) => number): Column<BrandRow> => ({
    head,
    cell: (row) => share(of(row) / row.entitlements),
    value: (row) => of(row) / row.entitlements,
    isNumber: true,
  });
  return [
    { head: "Brand and system", cell: brandName, isRowHead: true },
    number("Customers", (row) => row.customers),
    number("In force", (row) => row.entitlements),
    number("Seats", (row) => row.seats),
    number("License models", (row) => row.models),
    shared("Perpetual", (row) => row.perpetual),
    shared("Subscription", (row) => row.subscription),
    ...currencies.map((currency): Column<BrandRow> => {
      const of = (row: BrandRow) => paid(row).find((one) => one.currency === currency)?.amount ?? null;
      return {
        head: `Ordered, ${currency}`,
        cell: (row) => {
          const amount = of(row);
          return amount === null ? "–" : money(amount, currency);
        },
        value: of,
        isNumber: true,
      };
    }),
  ];
}
