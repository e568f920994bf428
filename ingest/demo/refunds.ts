// Pure. Money that goes back: of what was cancelled most, and now and then some of what was not.

import { atWork, DAY, HOUR, type Time, writeTime } from "./calendar.ts";
import type { PlannedOrder } from "./orders.ts";
import type { Random } from "./random.ts";
import type { OrderStep, RefundBody } from "./steps.ts";

export interface Cancellation {
  at: Time;
  /** Whether somebody used the product before; else what use was planned before it did not come to be. */
  wasUsed: boolean;
}

/** What goes back of one order, in order. */
export function refundsOf(random: Random, order: PlannedOrder, cancelled: Cancellation | null): OrderStep[] {
  if (order.lines.every(({ unitAmount }) => unitAmount === 0)) return [];
  return cancelled ? afterCancellation(random, order, cancelled) : goodwill(random, order);
}

/** Whoever did not use it has all of it back. Of what was used some is kept, and some is promised for the next order. */
function afterCancellation(random: Random, order: PlannedOrder, { at, wasUsed }: Cancellation): OrderStep[] {
  const what = wasUsed ? random.weighted(["all", "half", "nothing"] as const, (one) => FATES[one]) : "all";
  if (what === "nothing") return [];
  const when = atWork(random, at + random.integer(1, 5 * 24) * HOUR);
  return what === "all"
    ? [refund(order, when, "refund", "order cancelled", 1)]
    : [refund(order, when, "credit", "used for a while before it was cancelled", 0.5)];
}

const FATES = { all: 55, half: 25, nothing: 20 };

const SHARE_OF_GOODWILL = 0.015;

/** Something went wrong, and the customer stays. */
function goodwill(random: Random, order: PlannedOrder): OrderStep[] {
  if (!random.chance(SHARE_OF_GOODWILL)) return [];
  const when = atWork(random, order.at + Math.ceil(random.lognormal(25 * DAY, 0.7)));
  const [kind, reason] = random.pick([
    ["refund", "price agreed on was lower"],
    ["refund", "did not work on their computers"],
    ["credit", "waited long for support"],
  ] as const);
  return [refund(order, when, kind, reason, random.integer(1, 4) / 10)];
}

/** A share of what was ordered goes back; what was paid for it later stays. */
function refund(
  { orderId, customer: { currency }, lines }: PlannedOrder,
  when: Time,
  kind: RefundBody["kind"],
  reason: string,
  share: number,
): OrderStep {
  const at = Math.ceil(when / 1000) * 1000;
  const whole = share === 1;
  return {
    kind: "refund",
    at,
    orderId,
    body: {
      refundId: `RF-${orderId.slice("SO-".length)}`,
      kind,
      reason,
      lines: lines
        .map(({ lineNumber, quantity, unitAmount }) => ({
          lineNumber,
          amount: Math.ceil(quantity * unitAmount * share),
          currency,
          quantity: whole ? quantity : 0,
        }))
        .filter(({ amount }) => amount > 0),
      occurredAt: writeTime(at),
    },
  };
}
