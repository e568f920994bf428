// Pure. Which license models are most used: what the rows say, in words and as what charts draw.

import { type Child, h } from "./dom.js";
import { count, counted, label, share } from "./format.js";
import { sentenceOf } from "./scopes.js";

/** A license model as it stands now. */
export interface ModelRow {
  scope: string;
  license_model: string;
  name: string;
  term: string;
  metric: string;
  sold: number;
  active: number;
  customers: number;
  seats: number;
  seats_bound: number;
}

/** A license model in one month. */
export interface ModelMonthRow {
  month_at: number;
  license_model: string;
  active: number;
  sold: number;
}

/** A license model's money in one currency, in minor units. */
export interface ModelMoneyRow {
  scope: string;
  license_model: string;
  currency: string;
  amount: number;
  amount_cancelled: number;
  amount_year: number;
  entitlements: number;
}

/** Seats say something only where a license counts them: a site or a metered license is used without. */
export const countsSeats = (row: ModelRow): boolean => row.metric !== "site" && row.metric !== "metered";

/** `Perpetual · Node-locked`. */
export const modelKind = (row: ModelRow): string => `${label(row.term)} · ${label(row.metric)}`;

/** The page's first sentence, of what is chosen in words. */
export function modelLede(models: readonly ModelRow[], words: string): Child[] {
  const active = models.filter((row) => row.active > 0);
  const [first] = active;
  if (first === undefined)
    return models.length === 0
      ? [sentenceOf("Nothing has been sold yet, so no license model is in use.", words)]
      : [sentenceOf("No entitlement is in force now: all that was sold has ended or was cancelled.", words)];
  const total = active.reduce((sum, row) => sum + row.active, 0);
  const bySeats = active.filter(countsSeats).toSorted((a, b) => b.seats_bound - a.seats_bound)[0];
  return [
    h(
      "strong",
      {},
      sentenceOf(
        `“${first.name}” is the most used license model, with ${share(first.active / total)} of entitlements in force`,
        words,
      ),
    ),
    `: ${count(first.active)} of ${count(total)}, at ${counted(first.customers, "customer")}. `,
    bySeats === undefined
      ? null
      : bySeats === first
        ? "It also has the most seats bound. "
        : `By seats bound it is “${bySeats.name}”, with ${count(bySeats.seats_bound)}. `,
    "All are counted, so there is no sampling error.",
  ];
}

/** The currencies of the money, the one with most entitlements first. They are never added up: no rate is known here. */
export function currencies(money: readonly ModelMoneyRow[]): string[] {
  const sums = new Map<string, number>();
  for (const row of money) sums.set(row.currency, (sums.get(row.currency) ?? 0) + row.entitlements);
  return Array.from(sums)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([currency]) => currency);
}
