// Bills of subscriptions that were paid: each renews its lines for the time that it is for, and says what that cost.

import {
  decideRenewFor,
  type EntitlementEvent,
  type Instant,
  type Entitlement,
  type PaidTime,
  type Refusal,
  type RefundCommand,
  refuse,
  type Seat,
} from "../../../licensing/index.ts";
import { fitsMoney, moneyOf, notePaid } from "../money-rows.ts";
import { type CommandContext, type LedgerRefusal, type Outcome, rejected } from "../outcome.ts";
import { newestCatalog, orderRow } from "../queries.ts";
import {
  type Bill,
  type BillPart,
  type KeptBill,
  putBill,
  putReference,
  type Reference,
  referencesOf,
} from "../reference-rows.ts";
import type { Store } from "../store.ts";
import type { ToldBill } from "../told.ts";
import { changeTime, rightsByLine } from "./line-rights.ts";
import { refundOrder } from "./refunds.ts";

/** What became of a bill. */
export interface Paid {
  orderId: string;
  /** Whether it waits for what the subscription itself has not told yet. */
  isWaiting: boolean;
  /** Parts of it that are for orders of their own. */
  elsewhere: { orderId: string; parts: BillPart[] }[];
}

/** Takes a bill that was paid. Its name is its key: the same again is no news, but where it waited it is tried again. */
export function payBill(context: CommandContext, told: ToldBill): Outcome<Paid> {
  const { store } = context;
  const { orderId, bill, customer, source } = told;
  const references = referencesOf(store.sql, orderId);
  const known = references.get(bill.name);
  const places = placesOf(store, orderId, references, bill);
  const value = { orderId, isWaiting: places === null, elsewhere: places?.elsewhere ?? [] };
  if (known?.kind === "bill" && (known.isBooked || places === null)) return { ok: true, isNew: false, value };
  const refusal = places ? book(context, { orderId, bill, source, here: places.here, references }) : null;
  if (refusal) return { ok: false, refusal };
  putBill(store.sql, orderId, bill, places !== null);
  if (customer) store.tellProfile(customer);
  return { ok: true, isNew: true, value };
}

/**
 * Books what waited for an order, or for items of it.
 * @returns bills that have parts for other orders as well: those are paid first; and what could not be booked
 */
export function bookWaiting(
  context: CommandContext,
  orderId: string,
): { bills: Bill[]; refusal: Refusal | LedgerRefusal | null } {
  const references = referencesOf(context.store.sql, orderId);
  const bills: Bill[] = [];
  let refusal: Refusal | LedgerRefusal | null = null;
  for (const [name, reference] of references) {
    if (reference.kind !== "bill" || reference.isBooked) continue;
    const bill = { ...reference, name, payments: [] };
    const places = placesOf(context.store, orderId, references, bill);
    if (places === null) continue;
    if (places.elsewhere.length > 0) {
      bills.push(bill);
      continue;
    }
    const fault = book(context, { orderId, bill, source: sourceOf(name), here: places.here, references });
    refusal ??= fault;
    if (fault === null)
      putReference(context.store.sql, { name, orderId, reference: { ...reference, isBooked: true } });
  }
  return { bills, refusal };
}

/** Names of a storefront begin with its own. */
const sourceOf = (name: string): string => name.slice(0, name.indexOf(":"));

interface Places {
  /** What the bill is for of the order itself; null where it names nothing by which one of several lines is known. */
  here: { lineNumber: number | null; part: BillPart }[];
  elsewhere: Paid["elsewhere"];
}

/** Where the parts of a bill belong; null where that is still to be told. */
function placesOf(
  store: Store,
  orderId: string,
  references: ReadonlyMap<string, Reference>,
  { parts, paidAt }: Pick<Bill, "parts" | "paidAt">,
): Places | null {
  const row = orderRow(store.sql, orderId);
  if (row?.status !== "recorded") return null;
  const places: Places = { here: [], elsewhere: [] };
  for (const part of parts) {
    const found = itemOf(part, references);
    if (found?.kind === "elsewhere") {
      const other = places.elsewhere.find((one) => one.orderId === found.orderId);
      if (other) other.parts.push(part);
      else places.elsewhere.push({ orderId: found.orderId, parts: [part] });
      continue;
    }
    // The subscription was told as of after it, without this item: it is gone, and was never known here.
    if (!found && part.lineNumber === null && (row.told_at ?? 0) < paidAt) return null;
    places.here.push({ lineNumber: part.lineNumber ?? found?.lineNumber ?? onlyLine(references), part });
  }
  return places;
}

/** The item that a part of a bill is for, by its name, or else by its price. */
function itemOf({ item, price }: BillPart, references: ReadonlyMap<string, Reference>) {
  const byName = item === null ? undefined : references.get(item);
  if (byName?.kind === "item" || byName?.kind === "elsewhere") return byName;
  if (item !== null || price === null) return undefined;
  for (const reference of references.values())
    if ((reference.kind === "item" || reference.kind === "elsewhere") && reference.prices.includes(price))
      return reference;
  return undefined;
}

interface Booking {
  orderId: string;
  bill: Bill;
  source: string;
  here: Places["here"];
  references: ReadonlyMap<string, Reference>;
}

/** Puts a bill on record: all of it, or nothing. */
function book(context: CommandContext, booking: Booking): Refusal | LedgerRefusal | null {
  const { store } = context;
  const { orderId, bill, source, references } = booking;
  const rights = rightsByLine(store, orderId);
  const renewals: Renewal[] = [];
  const credits: RefundCommand["lines"] = [];
  for (const [lineNumber, sum] of sumsOf(booking)) {
    const line = rights.get(lineNumber ?? 0);
    if (lineNumber === null || !line || sum === null)
      return rejected("unknown_order", `Order ${orderId} has no line that bill ${bill.name} is for.`).refusal;
    if (bill.isFirst && isPriced(lineNumber, references)) continue;
    const { currency } = bill;
    if (!fitsMoney(store.sql, { orderId, lineNumber, currency, amountMinor: sum.amount }))
      return refuse("amount_too_large", "With this, more than 2^53 minor units would be paid for a line.");
    if (sum.amount < 0) credits.push({ lineNumber, amount: -sum.amount, currency, quantity: 0 });
    const planned = renew(store, line, { ...sum, bill, source });
    if (!Array.isArray(planned)) return planned;
    renewals.push(...planned);
  }
  if (credits.length > 0) {
    const refund = { refundId: bill.name, kind: "credit" as const, reason: "Less is needed.", by: source };
    const outcome = refundOrder(context, {
      orderId,
      refund: { ...refund, lines: credits },
      fingerprint: bill.name,
      occurredAt: latestOf(store, orderId, bill.paidAt),
      source,
    });
    if (!outcome.ok) return outcome.refusal;
  }
  for (const { right, events, paid, at } of renewals) {
    store.record({ entitlement: right, seats: new Map<string, Seat>() }, events, source);
    const { lineNumber } = right;
    if (paid > 0)
      notePaid(store.sql, { orderId, lineNumber, currency: bill.currency, amountMinor: paid, at });
  }
  return null;
}

/** What a bill is for by line, and until when. */
function sumsOf({ here }: Booking): Map<number | null, { amount: number; time: PaidTime } | null> {
  const sums = new Map<number | null, { amount: number; time: PaidTime } | null>();
  for (const { lineNumber, part } of here) {
    const { amount, time } = part;
    const sum = sums.get(lineNumber);
    if (time === null || sum === null) sums.set(lineNumber, null);
    else
      sums.set(lineNumber, {
        amount: (sum?.amount ?? 0) + amount,
        // What is paid for the rest of a time comes with what is paid for the next one.
        time: sum && sum.time.endsAt >= time.endsAt ? sum.time : time,
      });
  }
  return sums;
}

/** The line that a subscription is of, where there is but one. */
function onlyLine(references: ReadonlyMap<string, Reference>): number | null {
  const lines = new Set<number | null>();
  for (const reference of references.values())
    if (reference.kind === "item") lines.add(reference.lineNumber);
    else if (reference.kind === "elsewhere") lines.add(null);
  const [only = null, ...others] = lines;
  return others.length === 0 ? only : null;
}

function isPriced(lineNumber: number, references: ReadonlyMap<string, Reference>): boolean {
  return Array.from(references.values()).some(
    (reference) => reference.kind === "item" && reference.lineNumber === lineNumber && reference.isPriced,
  );
}

interface Renewal {
  right: Entitlement;
  events: EntitlementEvent[];
  paid: number;
  at: Instant;
}

/** Renews the rights of a line; the whole of it has the price. */
function renew(
  store: Store,
  line: readonly Entitlement[],
  paid: { amount: number; time: PaidTime; bill: Bill; source: string },
): Renewal[] | Refusal {
  const { bill, time, source } = paid;
  const renewals: Renewal[] = [];
  const catalog = newestCatalog(store.sql)?.catalog;
  for (const [index, right] of line.entries()) {
    const amount = index === 0 ? Math.max(0, paid.amount) : 0;
    const price = amount > 0 ? { price: { amount_minor: amount, currency: bill.currency } } : {};
    const decree = { by: source, reason: `Bill ${bill.name} was paid.`, ...price };
    const reaches = time.endsAt > (right.endsAt ?? 0) && right.cancelledAt === null;
    const at = reaches
      ? changeTime(right, bill.paidAt, store.now)
      : Math.min(store.now, Math.max(bill.paidAt, right.orderedAt));
    const model = catalog?.licenseModels.find(({ id }) => id === right.model.id);
    const decision = decideRenewFor(right, model, time, decree, at);
    if (!decision.ok) return decision.refusal;
    renewals.push({ right, events: decision.events, paid: amount, at });
  }
  return renewals;
}

/** What a bill was for, by line of its order; what it is for of other orders is theirs. */
export function linesOfBill(
  store: Store,
  orderId: string,
  references: ReadonlyMap<string, Reference>,
  bill: KeptBill,
): Map<number, number> {
  const lines = new Map<number, number>();
  for (const { lineNumber, part } of placesOf(store, orderId, references, bill)?.here ?? [])
    if (lineNumber !== null) lines.set(lineNumber, (lines.get(lineNumber) ?? 0) + part.amount);
  return lines;
}

/** When money goes back: then, or as soon after it as other money of the order allows. */
export function latestOf(store: Store, orderId: string, at: Instant): Instant {
  const times = moneyOf(store.sql, orderId).map(({ latestAt }) => latestAt);
  return Math.min(store.now, Math.max(at, ...times));
}
