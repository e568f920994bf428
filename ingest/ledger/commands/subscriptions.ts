// Subscriptions of storefronts: an order that follows what is told of it. A message tells the whole, as of a time, and is held
// against what was told last: so they may come late, twice and in any order, and what staff changed here stays as it is.

import { decideRenewFor, refuse, type Refusal } from "../../../licensing/index.ts";
import { type CommandContext, type LedgerRefusal, type Outcome, rejected } from "../outcome.ts";
import { orderRow, recordedOrder, type RecordedOrder } from "../queries.ts";
import { type Bill, putReference, referencesOf } from "../reference-rows.ts";
import type { Store } from "../store.ts";
import type { ToldSubscription } from "../told.ts";
import { bookWaiting } from "./bills.ts";
import { changeRights, changeTime, rightsByLine } from "./line-rights.ts";
import { cancelOrder, grantOrder, refuseOrder, superseded, takenBack } from "./orders.ts";
import { followItems, itemOf } from "./subscription-items.ts";

/** What became of a subscription. */
export interface Followed {
  recorded: RecordedOrder;
  /** Items that came to it later, by the orders that they are of: they follow as well. */
  elsewhere: { orderId: string; items: string[] }[];
  /** Bills that waited for such an item: they are paid once those orders are there. */
  bills: Bill[];
  /** What could not be done of it; the rest is. */
  refusal: Refusal | LedgerRefusal | null;
}

/** Has an order follow a subscription: records it, changes it, ends it. The same again is no news. */
export function followSubscription(context: CommandContext, told: ToldSubscription): Outcome<Followed> {
  const { store } = context;
  const { orderId } = told.order;
  const known = orderRow(store.sql, orderId);
  if (told.toldAt < (known?.told_at ?? -Infinity)) return superseded(orderId);
  if (known && known.taken_back_at !== null) return takenBack(orderId);
  const isBegun = known?.status !== "recorded";
  if (isBegun) {
    const begun = begin(context, told);
    if (!begun.ok) return begun;
  }
  const refusals = [
    isBegun ? runUntilNow(store, told) : null,
    orderRow(store.sql, orderId)?.cancelled_at === null ? standAs(context, told) : null,
  ];
  const row = orderRow(store.sql, orderId);
  if (!row) throw new TypeError(`the order ${orderId} was recorded, and is not there`);
  store.putOrder({ ...row, told_at: told.toldAt });
  const waiting = bookWaiting(context, orderId);
  return {
    ok: true,
    isNew: isBegun,
    value: {
      recorded: recordedOrder(store.sql, row),
      elsewhere: elsewhereOf(store, told),
      bills: waiting.bills,
      refusal: refusals.find((refusal) => refusal !== null) ?? waiting.refusal,
    },
  };
}

/** Records an order for a subscription that none is on record of, as it was from its beginning on. */
function begin(context: CommandContext, told: ToldSubscription): Outcome<RecordedOrder> {
  const { order, standing, items } = told;
  const { store } = context;
  if (order.lines.length === 0)
    return rejected("unknown_order", `There is no order ${order.orderId}, and no item for one.`);
  if (standing.kind === "awaited" || standing.kind === "void")
    return refuseOrder(store, told, standing.refusal);
  const startsAt = Math.min(...order.lines.map((line) => line.startsAt ?? order.orderedAt));
  if (standing.kind === "ended" && standing.at <= startsAt)
    return refuseOrder(
      store,
      told,
      refuse("order_voided", "The subscription was over before it began: nothing was sold by it."),
    );
  const outcome = grantOrder(context, told);
  if (!outcome.ok) return outcome;
  items.forEach((item, index) => {
    const lineNumber = order.lines[index]?.lineNumber ?? index + 1;
    const reference = itemOf(item, lineNumber);
    putReference(store.sql, { name: item.name, orderId: order.orderId, reference });
  });
  return outcome;
}

/** One that is told of for the first time may be in a later period: it runs to that one's end. Bills say what was paid. */
function runUntilNow(store: Store, { order, items, source }: ToldSubscription): Refusal | null {
  const decree = { by: source, reason: "The subscription runs." };
  const rights = rightsByLine(store, order.orderId);
  const refusals = order.lines.map(({ lineNumber }, index) => {
    const time = items[index]?.time;
    if (!time) return null;
    return changeRights(store, rights.get(lineNumber) ?? [], source, (right) => {
      const from = { startsAt: right.endsAt ?? time.startsAt, endsAt: time.endsAt };
      return decideRenewFor(right, undefined, from, decree, changeTime(right, time.startsAt, store.now));
    }).refusal;
  });
  return refusals.find((refusal) => refusal !== null) ?? null;
}

/** Has an order stand as its subscription does. */
function standAs(context: CommandContext, told: ToldSubscription): Refusal | LedgerRefusal | null {
  const { order, standing, source } = told;
  const { store } = context;
  switch (standing.kind) {
    case "awaited":
      return null;
    case "in_force":
    case "at_rest":
      return followItems(store, told, standing.kind === "at_rest" ? standing.reason : null);
    case "void":
    case "ended": {
      const at = standing.kind === "ended" ? standing.at : told.at;
      const rights = Array.from(rightsByLine(store, order.orderId).values()).flat();
      const times = rights.map((right) => changeTime(right, at, store.now));
      const outcome = cancelOrder(context, {
        orderId: order.orderId,
        reason: standing.kind === "ended" ? standing.reason : standing.refusal.code,
        toldAt: told.toldAt,
        occurredAt: Math.max(...times),
        source,
      });
      return outcome.ok ? null : outcome.refusal;
    }
  }
}

/** The orders that items of a subscription are of by themselves, each with those of its items that there still are. */
function elsewhereOf(store: Store, { order, items }: ToldSubscription): Followed["elsewhere"] {
  const found = new Map<string, string[]>();
  for (const [name, reference] of referencesOf(store.sql, order.orderId)) {
    if (reference.kind !== "elsewhere") continue;
    const present = items.some((item) => item.name === name) ? [name] : [];
    found.set(reference.orderId, [...(found.get(reference.orderId) ?? []), ...present]);
  }
  return Array.from(found, ([orderId, names]) => ({ orderId, items: names }));
}
