// Pure. A vendor's business year as data: everything that happens, in the order in which it happens.

import { mergers } from "./mergers.ts";
import { ACQUIRED_AT, DAY, HOUR, orderTimes, type Time, writeTime, YEAR } from "./calendar.ts";
import { catalogs } from "./catalog.ts";
import { createClientele } from "./customers.ts";
import { lifeOf } from "./life.ts";
import { orderBody, type PlannedOrder, planOrder } from "./orders.ts";
import { createRandom, type Random } from "./random.ts";
import { type Cancellation, refundsOf } from "./refunds.ts";
import { type OrderStep, PART, type Step } from "./steps.ts";

/**
 * Plays the year.
 * @param options.seed the same seed gives the same steps
 * @param options.orders how many orders are placed; all else follows from them
 * @returns steps by time, those of one order in the order in which they have to be sent
 */
export function playYear({ seed, orders }: { seed: number; orders: number }): Step[] {
  const random = createRandom(`keyhouse/${seed}`);
  const clientele = createClientele(random.fork("customers"));
  const played = orderTimes(random.fork("calendar"), orders).map((at, index) => {
    const draws = random.fork(`order/${index + 1}`);
    const orderId = `SO-${String(index + 1).padStart(6, "0")}`;
    const order = planOrder(draws, orderId, at, clientele.next(draws, SHARE_OF_NEW_CUSTOMERS));
    return { order, steps: stepsOf(draws, order) };
  });
  return [
    { kind: "catalog" as const, at: YEAR.startsAt, body: catalogs.before },
    { kind: "catalog" as const, at: ACQUIRED_AT, body: catalogs.after },
    ...mergers(played.map(({ order }) => order)),
    ...played.flatMap(({ steps }) => steps),
  ]
    .filter((step) => step.at < YEAR.endsAt)
    .toSorted((a, b) => a.at - b.at);
}

const SHARE_OF_NEW_CUSTOMERS = 0.5;

/** All that happens to one order. Those with a wrong product are refused first, and sent again within the day. */
function stepsOf(random: Random, planned: PlannedOrder): OrderStep[] {
  const { orderId } = planned;
  const hasWrongSku = random.chance(0.004);
  const order = hasWrongSku ? postpone(planned, random.integer(1, 20) * HOUR) : planned;
  const lived = order.lines.flatMap((line) => lifeOf(random, order, line)).toSorted((a, b) => a.at - b.at);
  const cancelled = cancellationOf(random, order, lived[0]?.at);
  return [
    ...(hasWrongSku ? [wrongOrder(planned)] : []),
    { kind: "order", at: order.at, orderId, body: orderBody(order) },
    ...(cancelled ? aroundCancellation(random, lived, cancelled) : lived),
    ...(cancelled ? [cancellation(random, orderId, cancelled)] : []),
    ...refundsOf(random.fork("refunds"), order, cancelled),
  ];
}

/** One paid order in twenty is taken back: half of them before anybody used it, half after. */
function cancellationOf(
  random: Random,
  order: PlannedOrder,
  firstUse: Time | undefined,
): Cancellation | null {
  const isFree = order.lines.every(({ offer }) => offer.listPrice === 0);
  const likelihood = isFree ? 0 : order.channel === "online" ? 0.07 : 0.05;
  if (!random.chance(likelihood)) return null;
  const wasUsed = firstUse !== undefined && random.chance(0.55);
  const at = wasUsed ? firstUse + random.lognormal(12 * DAY, 0.9) : order.at + random.lognormal(3 * DAY, 0.9);
  return at < YEAR.endsAt ? { at: Math.floor(at / 1000) * 1000, wasUsed } : null;
}

/** Those who had a seat keep it until the cancellation, and half of the buyers find out afterwards that it has ended. */
function aroundCancellation(random: Random, lived: OrderStep[], cancelled: Cancellation): OrderStep[] {
  const before = cancelled.wasUsed ? lived.filter(({ at }) => at < cancelled.at) : [];
  const isLate = (step: OrderStep) =>
    step.kind === "activation" && step.at > cancelled.at && !step.right.endsWith(PART);
  const after = lived.filter(isLate).slice(0, random.chance(0.5) ? 2 : 0);
  return [...before, ...after];
}

function cancellation(random: Random, orderId: string, { at, wasUsed }: Cancellation): OrderStep {
  const reasons = ["refund", "ordered_twice", "wrong_product", "payment_failed"];
  const reason = random.pick(wasUsed ? [...reasons, "fraud"] : reasons);
  return { kind: "cancellation", at, orderId, body: { reason, occurredAt: writeTime(at) } };
}

/** An order as a system sends it whose product list is out of date. */
function wrongOrder(order: PlannedOrder): OrderStep {
  const body = orderBody(order);
  const lines = body.lines.map((line) => ({ ...line, sku: `${line.sku}-2024` }));
  return { kind: "order", at: order.at, orderId: order.orderId, body: { ...body, lines } };
}

function postpone(order: PlannedOrder, by: number): PlannedOrder {
  const lines = order.lines.map((line) => ({
    ...line,
    deliveredAt: line.deliveredAt + by,
    startsAt: line.startsAt + by,
  }));
  return { ...order, at: order.at + by, lines };
}
