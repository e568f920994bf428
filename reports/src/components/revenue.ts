// Pure. What recurs and what moved it, what was renewed, and what comes: by currency, in words and as what charts draw.

import { type Child, h } from "./dom.js";
import { count, counted, money, month, share, shareInterval } from "./format.js";
import { type Interval, wilson } from "./interval.js";
import type { MonthPart } from "./monthBars.js";
import type { MonthSeries } from "./platforms.js";
import { sentenceOf } from "./scopes.js";
import type { Column } from "./table.js";

/** Recurring revenue of a scope and currency in a month, in minor units; null where it is of too few customers to be told. */
export interface RecurringRow {
  month_at: number;
  scope: string;
  currency: string;
  opening: number | null;
  new: number | null;
  expansion: number | null;
  contraction: number | null;
  churn: number | null;
  reactivation: number | null;
  closing: number | null;
  entitlements: number | null;
  is_partial: boolean;
}

/** Terms that ended in a month. */
export interface RenewalRow {
  month_at: number;
  scope: string;
  currency: string;
  terms_due: number;
  terms_renewed: number;
  terms_renewed_in_time: number;
  is_partial: boolean;
}

/** Revenue of a month, in minor units; null where it is of too few customers to be told. */
export interface RevenueRow {
  month_at: number;
  scope: string;
  currency: string;
  booked: number | null;
  recognized: number | null;
  released: number | null;
  deferred: number | null;
  is_scheduled: boolean;
}

/** The currencies, the one with most entitlements in the newest month first. They are never added up: no rate is known here. */
export function currenciesOf(
  recurring: readonly RecurringRow[],
  revenue: readonly { currency: string }[],
): string[] {
  const entitlements = new Map<string, number>(revenue.map(({ currency }) => [currency, 0]));
  // Months stand in order, so the newest is what stays.
  for (const row of recurring) entitlements.set(row.currency, row.entitlements ?? 0);
  return Array.from(entitlements)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([currency]) => currency);
}

/** What moves recurring revenue, upwards first. */
const movements = [
  { key: "new", name: "New" },
  { key: "reactivation", name: "Came back" },
  { key: "expansion", name: "Grew" },
  { key: "contraction", name: "Shrank" },
  { key: "churn", name: "Lost" },
] as const;

/** The names of the movements, and their inks. */
export const movementParts = {
  parts: movements.map(({ name }) => name),
  colors: ["var(--series-1)", "var(--series-7)", "var(--series-3)", "var(--series-6)", "var(--series-2)"],
};

/** The movements of each month. */
export const movementBars = (rows: readonly RecurringRow[]): MonthPart[] =>
  rows.flatMap((row) =>
    movements.map(({ key, name }) => ({ month_at: row.month_at, part: name, value: row[key] })),
  );

/** What recurred at the end of each month of which that may be told. */
export const recurringLine = (rows: readonly RecurringRow[]): MonthSeries[] => [
  {
    name: "Recurring",
    points: rows.flatMap(({ month_at, closing }) => (closing === null ? [] : [{ month_at, value: closing }])),
  },
];

/** The names of recognized months, and their inks: what is scheduled is paler. */
export const recognizedParts = {
  parts: ["Until now", "As it comes if nothing changes"],
  colors: ["var(--series-1)", "var(--rule-strong)"],
};

/** A measure of revenue by month, told apart by whether the month has ended. */
export const revenueBars = (rows: readonly RevenueRow[], of: "recognized" | "deferred"): MonthPart[] =>
  rows.map((row) => ({
    month_at: row.month_at,
    part: recognizedParts.parts[row.is_scheduled ? 1 : 0]!,
    value: row[of],
  }));

/** A month's share of terms that were renewed. */
export interface RenewalRate extends Interval {
  month_at: number;
  due: number;
  renewed: number;
  in_time: number;
  share: number;
}

/** The renewal rate of each month, with its interval. */
export const renewalRates = (rows: readonly RenewalRow[]): RenewalRate[] =>
  rows.map((row) => ({
    month_at: row.month_at,
    due: row.terms_due,
    renewed: row.terms_renewed,
    in_time: row.terms_renewed_in_time,
    share: row.terms_renewed / row.terms_due,
    ...wilson(row.terms_renewed, row.terms_due),
  }));

/** The page's first sentence, of one currency; `words` are those of the scope. */
export function revenueLede(
  recurring: readonly RecurringRow[],
  renewals: readonly RenewalRow[],
  currency: string,
  words: string,
): Child[] {
  const newest = recurring.at(-1);
  if (newest === undefined)
    return [sentenceOf("Nothing recurs yet: no subscription with a price is in force.", words)];
  if (newest.closing === null || newest.entitlements === null)
    return [
      sentenceOf("Too few customers pay by subscription to tell how much. ", words),
      ...renewalWords(renewals),
    ];
  return [
    h("strong", {}, sentenceOf(`${money(newest.closing, currency)} recur a month`, words)),
    ` from ${counted(newest.entitlements, "entitlement")} ${newest.is_partial ? "in" : "at the end of"} ${month(newest.month_at)}${newest.is_partial ? " so far" : ""}. `,
    moveWords(newest, currency),
    ...renewalWords(renewals),
  ];
}

function moveWords(
  { new: fresh, expansion, reactivation, contraction, churn }: RecurringRow,
  currency: string,
): string {
  if (fresh === null || expansion === null || reactivation === null || contraction === null || churn === null)
    return "Too few customers moved it in that month to tell how much. ";
  const of = (amount: number) => money(Math.abs(amount), currency);
  const gained = fresh + expansion + reactivation;
  const lost = contraction + churn;
  if (gained === 0 && lost === 0) return "Nothing moved it in that month. ";
  const added = gained === 0 ? "added nothing" : `added ${of(gained)} (of it ${of(fresh)} new)`;
  const took = lost === 0 ? "took nothing" : `took ${of(lost)} (of it ${of(churn)} lost)`;
  return `That month ${added} and ${took}. `;
}

function renewalWords(renewals: readonly RenewalRow[]): Child[] {
  const year = renewals.slice(-12);
  const due = year.reduce((sum, row) => sum + row.terms_due, 0);
  if (due === 0) return ["No term has ended yet, so none could be renewed."];
  const renewed = year.reduce((sum, row) => sum + row.terms_renewed, 0);
  const { low, high } = wilson(renewed, due);
  return [
    `Of ${counted(due, "term")} that ended ${year.length < 12 ? "so far" : "in the last 12 months in which any did"}, ${share(renewed / due)} were renewed (95% interval ${shareInterval(low, high)}).`,
  ];
}

/** An amount in a cell, or why there is none. */
const told = (value: number | null, currency: string): string =>
  value === null ? "too few to tell" : money(value, currency);

const amount = (
  currency: string,
  head: string,
  of: (row: RecurringRow) => number | null,
): Column<RecurringRow> => ({
  head,
  cell: (row) => told(of(row), currency),
  value: of,
  isNumber: true,
});

const monthColumn = <T extends { month_at: number }>(): Column<T> => ({
  head: "Month",
  cell: (row) => month(row.month_at),
  value: (row) => new Date(row.month_at).toISOString().slice(0, 10),
  isRowHead: true,
});

/** Columns of the table of movements. A file has minor units. */
export const movementColumns = (currency: string): Column<RecurringRow>[] => [
  monthColumn(),
  amount(currency, "Opening", (row) => row.opening),
  ...movements.map(({ key, name }) => amount(currency, name, (row) => row[key])),
  amount(currency, "Closing", (row) => row.closing),
  {
    head: "Entitlements",
    cell: (row) => (row.entitlements === null ? "too few to tell" : count(row.entitlements)),
    value: (row) => row.entitlements,
    isNumber: true,
  },
];

/** Columns of the table of renewals. */
export const renewalColumns: Column<RenewalRate>[] = [
  monthColumn(),
  { head: "Terms that ended", cell: (row) => count(row.due), value: (row) => row.due, isNumber: true },
  { head: "Renewed", cell: (row) => count(row.renewed), value: (row) => row.renewed, isNumber: true },
  { head: "Of them in time", cell: (row) => count(row.in_time), value: (row) => row.in_time, isNumber: true },
  { head: "Rate", cell: (row) => share(row.share), value: (row) => row.share, isNumber: true },
  { head: "95% interval", cell: (row) => shareInterval(row.low, row.high), isNumber: true },
];

/** Columns of the table of revenue. */
export const revenueColumns = (currency: string): Column<RevenueRow>[] => [
  monthColumn(),
  ...(["booked", "recognized", "released", "deferred"] as const).map((key): Column<RevenueRow> => ({
    head: {
      booked: "Booked",
      recognized: "Recognized",
      released: "Of it released",
      deferred: "Deferred at its end",
    }[key],
    cell: (row) => told(row[key], currency),
    value: (row) => row[key],
    isNumber: true,
  })),
  { head: "Scheduled", cell: (row) => (row.is_scheduled ? "yes" : "no"), value: (row) => row.is_scheduled },
];
