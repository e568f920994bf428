// What storefronts tell of subscriptions and their money, on its way to the shards that it is for.

import type { Instant } from "../../licensing/index.ts";
import { happenedAt } from "../history.ts";
import type { Followed } from "../ledger/commands/subscriptions.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { NamedReference } from "../ledger/reference-rows.ts";
import type { ToldBill, ToldReturn, ToldSubscription } from "../ledger/told.ts";
import type { Ledgers } from "../ledgers.ts";
import { type Problem, problem, problemOf } from "../problem.ts";
import { fingerprintOf } from "../request.ts";
import type { Intake } from "./command.ts";

const notUnderstood = (stage: "map" | "decide", it: Problem): Intake => ({
  kind: "not_understood",
  stage,
  problem: it,
});

/** Has the order of a subscription follow it, and those that items which came to it later are of. */
export async function follow(
  ledgers: Ledgers,
  told: Omit<ToldSubscription, "fingerprint">,
  now: Instant,
): Promise<Intake> {
  const [orderedAt, at] = [
    happenedAt("created", told.order.orderedAt, now),
    happenedAt("created", told.at, now),
  ];
  if (!orderedAt.ok) return notUnderstood("map", orderedAt.problem);
  if (!at.ok) return notUnderstood("map", at.problem);
  const order = { ...told.order, orderedAt: orderedAt.value };
  const whole = { ...told, order, at: at.value, fingerprint: await fingerprintOf(order) };
  const outcome = await followOrder(ledgers, whole);
  if (!outcome.ok) return refused(outcome.refusal);
  let refusal = outcome.value.refusal;
  for (const { orderId, items } of outcome.value.elsewhere) {
    const part = await followOrder(ledgers, partOf(whole, orderId, items));
    // Of an item that came and went before it was granted there is nothing to say.
    if (part.ok) refusal ??= part.value.refusal;
    else if (part.refusal.code !== "order_superseded" && items.length > 0) refusal ??= part.refusal;
  }
  for (const bill of outcome.value.bills) {
    const { orderId } = order;
    const paid = await payParts(
      ledgers,
      { orderId, bill, customer: null, source: told.source },
      outcome.value,
    );
    refusal ??= paid;
  }
  if (refusal) return notUnderstood("decide", problemOf(refusal));
  const { recorded } = outcome.value;
  if (told.standing.kind !== "in_force" && recorded.order.status === "cancelled")
    return { kind: "withdrawn", problem: null };
  return { kind: "recorded", isNew: outcome.isNew, recorded };
}

const followOrder = (ledgers: Ledgers, told: ToldSubscription): Promise<Outcome<Followed>> =>
  ledgers.ofOrder(told.order.orderId).execute("followSubscription", told);

/** What came late, was not paid, or is not to be is told as such; what the catalog lacks waits in quarantine. */
function refused(refusal: Parameters<typeof problemOf>[0]): Intake {
  const isWithdrawn = ["order_superseded", "order_unpaid", "order_voided"].includes(refusal.code);
  return isWithdrawn
    ? { kind: "withdrawn", problem: problemOf(refusal) }
    : notUnderstood("decide", problemOf(refusal));
}

/** A subscription as it is of one of its orders: the items that it is of, which began when they were added. */
function partOf(told: ToldSubscription, orderId: string, names: readonly string[]): ToldSubscription {
  const lines = told.order.lines.filter((_, index) => names.includes(told.items[index]?.name ?? ""));
  const orderedAt = Math.min(...lines.map((line) => line.startsAt ?? told.at), told.at);
  return {
    ...told,
    order: { ...told.order, orderId, orderedAt, lines },
    items: told.items.filter(({ name }) => names.includes(name)),
  };
}

/** Takes a bill of a subscription that was paid. */
export async function pay(ledgers: Ledgers, told: ToldBill, now: Instant): Promise<Intake> {
  const paidAt = happenedAt("status_transitions.paid_at", told.bill.paidAt, now);
  if (!paidAt.ok) return notUnderstood("map", paidAt.problem);
  const payment = { ...told, bill: { ...told.bill, paidAt: paidAt.value } };
  const outcome = await ledgers.ofOrder(told.orderId).execute("payBill", payment);
  if (!outcome.ok) return notUnderstood("decide", problemOf(outcome.refusal));
  const { isWaiting, elsewhere } = outcome.value;
  for (const { orderId, parts } of elsewhere) {
    const part = { ...payment, orderId, bill: { ...payment.bill, parts } };
    const paid = await ledgers.ofOrder(orderId).execute("payBill", part);
    if (!paid.ok) return notUnderstood("decide", problemOf(paid.refusal));
  }
  return { kind: "noted", isNew: outcome.isNew, orderId: told.orderId, isWaiting };
}

/** Pays a bill that waited for an item: the orders of later items first, so that it waits until all of it is paid. */
async function payParts(
  ledgers: Ledgers,
  told: ToldBill,
  { elsewhere }: Pick<Followed, "elsewhere">,
): Promise<Parameters<typeof problemOf>[0] | null> {
  const named = elsewhere.map(({ orderId, items }) => ({
    orderId,
    parts: told.bill.parts.filter(({ item }) => item !== null && items.includes(item)),
  }));
  const orders = [
    ...named.filter(({ parts }) => parts.length > 0),
    { orderId: told.orderId, parts: told.bill.parts },
  ];
  for (const { orderId, parts } of orders) {
    const payment = { ...told, orderId, bill: { ...told.bill, parts } };
    const outcome = await ledgers.ofOrder(orderId).execute("payBill", payment);
    if (!outcome.ok) return outcome.refusal;
  }
  return null;
}

/** Keeps which bill a payment is of: where the bill is, nobody has said yet. */
export async function link(
  ledgers: Ledgers,
  { payment, bill }: { payment: string; bill: string },
): Promise<Intake> {
  const reference = { kind: "payment" as const, bill };
  await ledgers.ofOrder(bill).execute("noteReference", { name: payment, orderId: "", reference });
  return { kind: "noted", isNew: false, orderId: null, isWaiting: false };
}

/** Puts on record that money went back: of the orders whose bill it was of. */
export async function takeBack(ledgers: Ledgers, told: ToldReturn, now: Instant): Promise<Intake> {
  const at = happenedAt("created", told.at, now);
  if (!at.ok) return notUnderstood("map", at.problem);
  const bills = await billsOf(ledgers, told.of);
  const [first] = bills;
  const names = new Set(bills.map(({ name }) => name));
  const isUnclear = names.size > 1;
  if (!first || isUnclear) {
    const detail = `${told.of.join(", ")} paid ${isUnclear ? "several bills" : "no bill that is on record"}: replay this when ${isUnclear ? "one of them is known to be meant" : "it is"}, or record it by POST /v1/orders/{orderId}/refunds.`;
    return notUnderstood("decide", problem("unknown_order", detail));
  }
  let isNew = false;
  for (const { name, orderId } of bills) {
    const returned = { orderId, bill: name, told: { ...told, at: at.value } };
    const outcome = await ledgers.ofOrder(orderId).execute("returnMoney", returned);
    if (!outcome.ok) return notUnderstood("decide", problemOf(outcome.refusal));
    isNew ||= outcome.isNew;
  }
  return { kind: "noted", isNew, orderId: first.orderId, isWaiting: false };
}

/** The bills that go by some names, or were paid by what does. Any shard may have them: money goes back rarely. */
async function billsOf(ledgers: Ledgers, names: readonly string[]): Promise<NamedReference[]> {
  const named = await referencesNamed(ledgers, names);
  const paid = named.flatMap(({ reference }) => (reference.kind === "payment" ? [reference.bill] : []));
  const found = paid.length === 0 ? named : [...named, ...(await referencesNamed(ledgers, paid))];
  const bills = found.filter(({ reference }) => reference.kind === "bill");
  return Array.from(new Map(bills.map((bill) => [`${bill.name} ${bill.orderId}`, bill])).values());
}

async function referencesNamed(ledgers: Ledgers, names: readonly string[]): Promise<NamedReference[]> {
  const found = await Promise.all(ledgers.all.map((ledger) => ledger.ask("references", [...names])));
  return found.flat();
}
