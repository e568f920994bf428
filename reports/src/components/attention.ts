// Pure. What somebody should look at, ranked: first what puts all numbers in doubt, then by how many customers it concerns.

import { type Child, h } from "./dom.js";
import type { ChangeRow, Statement } from "./changes.js";
import { count, counted, elapsed, list, minute, money, share } from "./format.js";
import type { FactsRow } from "./quality.js";

/** Entitlements that somebody should look at, of all currencies (currency is null) or of one, with its money in minor units. */
export interface AttentionRow {
  what: "shelfware" | "overdraft" | "due_30" | "due_90";
  currency: string | null;
  entitlements: number;
  customers: number;
  seats: number;
  amount: number | null;
}

/** A sentence names this many currencies. */
const MAX_CURRENCIES = 3;

/** What needs attention, the most urgent first. */
export function attentionOf(
  rows: readonly AttentionRow[],
  changes: readonly ChangeRow[],
  facts: FactsRow | undefined,
): Statement[] {
  const all = (what: AttentionRow["what"]) => rows.find((row) => row.what === what && row.currency === null);
  const worth = (what: AttentionRow["what"]) => {
    const amounts = rows
      .filter((row) => row.what === what && row.currency !== null && row.amount !== null && row.amount > 0)
      .slice(0, MAX_CURRENCIES)
      .map((row) => money(row.amount ?? 0, row.currency ?? "EUR"));
    return amounts.length === 0 ? "" : ` (${list(amounts)})`;
  };
  const ranked: (Statement & { customers: number })[] = [];
  const [shelf, over, month, quarter] = [all("shelfware"), all("overdraft"), all("due_30"), all("due_90")];
  if (shelf !== undefined)
    ranked.push({
      customers: shelf.customers,
      number: counted(shelf.entitlements, "entitlement"),
      words: ` of ${counted(shelf.customers, "customer")} ${shelf.entitlements === 1 ? "was" : "were"} paid for more than 30 days ago${worth("shelfware")} and never activated.`,
      path: "./activation.html",
    });
  if (quarter !== undefined)
    ranked.push({
      customers: (month ?? quarter).customers,
      number: counted((month ?? quarter).entitlements, "subscription"),
      words: ` of ${counted((month ?? quarter).customers, "customer")} ${(month ?? quarter).entitlements === 1 ? "ends" : "end"} in the next ${month === undefined ? "90" : "30"} days${worth(month === undefined ? "due_90" : "due_30")}, unless renewed${month === undefined ? "" : `; ${count(quarter.entitlements)} of ${counted(quarter.customers, "customer")} in the next 90`}.`,
      path: "./revenue.html",
    });
  if (over !== undefined)
    ranked.push({
      customers: over.customers,
      number: counted(over.seats, "seat"),
      words: ` of ${counted(over.customers, "customer")} ${over.seats === 1 ? "is" : "are"} bound beyond those bought.`,
      path: "./compliance.html",
    });
  const refused = changes.find(({ measure }) => measure === "refused");
  if (refused?.number && refused.number_before && refused.number > refused.number_before)
    ranked.push({
      customers: refused.customers,
      number: `${share(refused.number / refused.number_before - 1)} more requests`,
      words: ` of ${counted(refused.customers, "customer")} were turned away than in the month before: ${count(refused.number)}, against ${count(refused.number_before)}.`,
      path: "./compliance.html",
    });
  return [...doubts(facts), ...ranked.toSorted((a, b) => b.customers - a.customers)];
}

/** What puts numbers of all pages in doubt. */
function doubts(facts: FactsRow | undefined): Statement[] {
  const path = "./data-quality.html";
  const found: Statement[] = [];
  if (facts !== undefined && facts.warnings > 0)
    found.push({
      number: counted(facts.warnings, "data test"),
      words: ` of ${count(facts.tests_run ?? facts.warnings)} ${facts.warnings === 1 ? "warns" : "warn"}: what ${facts.warnings === 1 ? "it says" : "they say"} does not hold.`,
      path,
    });
  if (facts !== undefined && facts.quarantine_open > 0)
    found.push({
      number: counted(facts.quarantine_open, "input"),
      words: ` could not be understood and ${facts.quarantine_open === 1 ? "waits" : "wait"} in quarantine: what ${facts.quarantine_open === 1 ? "it tells" : "they tell"} is in no number yet.`,
      path,
    });
  return found;
}

/** How fresh the data is, and whether anything puts it in doubt. */
export function freshness(facts: FactsRow | undefined): Child[] {
  if (facts === undefined || facts.last_occurred_at === null) return [];
  const seconds = Math.max(0, (facts.as_of - facts.last_occurred_at) / 1000);
  return [
    `The numbers tell what had happened by ${minute(facts.as_of)} UTC; the last event happened ${elapsed(seconds)} before that. They rest on ${counted(facts.events, "event")}, and were loaded on ${minute(facts.created_at)} UTC. `,
    facts.warnings === 0 && facts.quarantine_open === 0
      ? `All ${counted(facts.tests_run ?? 0, "data test")} passed and nothing waits in quarantine. `
      : null,
    h("a", { href: "./data-quality.html" }, "How far they can be trusted"),
  ];
}
