// Pure. A vendor's business year as data: everything that happens, in the order in which it happens.

import { addDuration } from "../../licensing/index.ts";
import { ACQUIRED_AT, atWork, DAY, HOUR, orderTimes, type Time, writeTime, YEAR } from "./calendar.ts";
import { type CatalogBody, catalogs } from "./catalog.ts";
import { createClientele } from "./customers.ts";
import { firstAttempt } from "./habits.ts";
import { type Line, orderBody, type OrderBody, type PlannedOrder, planOrder } from "./orders.ts";
import { appVersionAt, platformOf } from "./platforms.ts";
import { createRandom, type Random } from "./random.ts";
import { type Attempt, attemptsOf } from "./seats.ts";

/** An activation as it is sent, but for the code: the vendor's answer to the order tells it. */
export interface ActivationBody {
  host: { id: string; name: string };
  user?: string;
  platform: { os: { type: string; version: string }; arch: string };
  app: { version: string };
  occurredAt: string;
}

/** One thing that happens. Steps of one order follow one another; those of different orders do not touch. */
export type Step = { at: Time } & (
  | { kind: "catalog"; body: CatalogBody }
  | { kind: "order"; orderId: string; body: OrderBody }
  | { kind: "activation"; orderId: string; lineNumber: number; isMistyped: boolean; body: ActivationBody }
  | { kind: "cancellation"; orderId: string; body: { reason: string; occurredAt: string } }
);

/**
 * Plays the year.
 * @param options.seed the same seed gives the same steps
 * @param options.orders how many orders are placed; all else follows from them
 * @returns steps by time, those of one order in the order in which they have to be sent
 */
export function playYear({ seed, orders }: { seed: number; orders: number }): Step[] {
  const random = createRandom(`keyhouse/${seed}`);
  const clientele = createClientele(random.fork("customers"));
  const played = orderTimes(random.fork("calendar"), orders).flatMap((at, index) => {
    const draws = random.fork(`order/${index + 1}`);
    const orderId = `SO-${String(index + 1).padStart(6, "0")}`;
    const order = planOrder(draws, orderId, at, clientele.next(draws, SHARE_OF_NEW_CUSTOMERS));
    return stepsOf(draws, order);
  });
  return [
    { kind: "catalog" as const, at: YEAR.startsAt, body: catalogs.before },
    { kind: "catalog" as const, at: ACQUIRED_AT, body: catalogs.after },
    ...played,
  ]
    .filter((step) => step.at < YEAR.endsAt)
    .toSorted((a, b) => a.at - b.at);
}

const SHARE_OF_NEW_CUSTOMERS = 0.5;

/** All that happens to one order. Those with a wrong product are refused first, and sent again within the day. */
function stepsOf(random: Random, planned: PlannedOrder): Step[] {
  const { orderId } = planned;
  const hasWrongSku = random.chance(0.004);
  const order = hasWrongSku ? postpone(planned, random.integer(1, 20) * HOUR) : planned;
  const attempts = order.lines.flatMap((line) => lifeOf(random, order, line)).toSorted((a, b) => a.at - b.at);
  const cancelled = cancellationOf(random, order, attempts[0]?.at);
  const tried = cancelled ? aroundCancellation(random, attempts, cancelled) : attempts;
  return [
    ...(hasWrongSku ? [wrongOrder(planned)] : []),
    { kind: "order", at: order.at, orderId, body: orderBody(order) },
    ...tried.flatMap((attempt) => activation(random, orderId, attempt)),
    ...(cancelled ? [cancellation(random, orderId, cancelled.at)] : []),
  ];
}

/** What people do with one line, until a while after its term. */
function lifeOf(random: Random, order: PlannedOrder, line: Line): Attempt[] {
  const wait = firstAttempt(random, line, order.channel);
  if (wait === null) return [];
  const wanted = order.customer.isCompany ? atWork(random, wait) : wait;
  // Most who bought ahead wait for the start; the others learn of it by a refusal.
  const firstAt = wanted < line.startsAt && random.chance(0.7) ? line.startsAt + HOUR : wanted;
  const attempts = attemptsOf(random, order.customer, line, firstAt);
  const endsAt = endOf(line);
  if (endsAt === null) return attempts;
  // After the end, one in three tries whether it still runs.
  const late = attempts.filter(({ at }) => at >= endsAt).slice(0, random.chance(0.35) ? 2 : 0);
  const inTime = attempts.filter(({ at }) => at < endsAt);
  const [first] = inTime;
  const returning =
    first && random.chance(0.2)
      ? [{ ...first, at: atWork(random, endsAt + random.integer(1, 20) * DAY) }]
      : [];
  return [...inTime, ...late, ...returning];
}

function endOf({ offer, startsAt }: Line): Time | null {
  const term = catalogs.after.licenseModels.find(({ id }) => id === offer.model)?.term;
  return term === undefined || term.kind === "perpetual"
    ? null
    : addDuration(startsAt * 1000, term.duration) / 1000;
}

interface Cancellation {
  at: Time;
  /** Whether somebody used the product before; else what use was planned before it did not come to be. */
  wasUsed: boolean;
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
function aroundCancellation(random: Random, attempts: Attempt[], cancelled: Cancellation): Attempt[] {
  const before = cancelled.wasUsed ? attempts.filter(({ at }) => at < cancelled.at) : [];
  const after = attempts.filter(({ at }) => at > cancelled.at).slice(0, random.chance(0.5) ? 2 : 0);
  return [...before, ...after];
}

function cancellation(random: Random, orderId: string, at: Time): Step {
  const reason = random.pick(["refund", "ordered_twice", "wrong_product", "payment_failed"]);
  return { kind: "cancellation", at, orderId, body: { reason, occurredAt: writeTime(at) } };
}

function activation(random: Random, orderId: string, attempt: Attempt): Step {
  const { line, host, user, isMistyped = false } = attempt;
  const at = Math.ceil(attempt.at / 1000) * 1000;
  return {
    kind: "activation",
    at,
    orderId,
    lineNumber: line.lineNumber,
    isMistyped,
    body: {
      host: { id: host.id, name: host.name },
      ...(user === undefined ? {} : { user }),
      platform: platformOf(host, line.offer.brand, at),
      app: { version: appVersionAt(random, line.offer.brand, at) },
      occurredAt: writeTime(at),
    },
  };
}

/** An order as a system sends it whose product list is out of date. */
function wrongOrder(order: PlannedOrder): Step {
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
