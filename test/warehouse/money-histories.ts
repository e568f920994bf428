// Random lives of orders as money knows them: drafts of events for the lake, and beside them what was paid for what, as whoever
// made the deal would say it.

import type { Draft } from "../../ingest/event.ts";
import type { Random } from "../../ingest/demo/random.ts";
import { addDuration } from "../../licensing/index.ts";
import { cancel, sale } from "./facts.ts";
import type { Payment, Refund, Time } from "./money-reference.ts";
import { extend, refund, renew, start, upgrade } from "./turns.ts";

export interface History {
  drafts: Draft[];
  payments: Payment[];
  refunds: Refund[];
  isTest: boolean;
}

const DAY = 86_400_000;
const FROM = Date.UTC(2024, 11, 1);
const UNTIL = Date.UTC(2026, 10, 1);

export const text = (time: Time) => `${new Date(time).toISOString().slice(0, -1)}000Z`;
const after = (time: Time, duration: string): Time => addDuration(time * 1000, duration) / 1000;
const durations = ["P1M", "P3M", "P6M", "P1Y", "P1Y", "P10D", "P45D", "PT8H"] as const;

/** A right, as it stands while its life goes on. */
interface Right {
  startsAt: Time;
  /** Null where it never ends, or has not begun. */
  endsAt: Time | null;
  isPerpetual: boolean;
  quantity: number;
}

/** The life of one order of one line. */
export function historyOf(random: Random, orderId: string): History {
  const of = { orderId };
  const isTest = random.chance(0.05);
  const currency = random.pick(["EUR", "EUR", "JPY", "BHD"]);
  const history: History = { drafts: [], payments: [], refunds: [], isTest };
  const keys = { orderId, entitlementId: `ent-${orderId}-1`, currency };
  const price = () => random.pick([1, 7, 100, 999, 12_000, 36_500, 1_234_567]) * random.integer(1, 3);
  const isPerpetual = random.chance(0.15);
  const isWaiting = !isPerpetual && random.chance(0.15);
  let now = moment(random, FROM, FROM + 500 * DAY);
  const startsAt = random.chance(0.3) ? now + random.integer(0, 60) * DAY : now;
  const endsAt = isPerpetual || isWaiting ? null : after(startsAt, random.pick(durations));
  const right: Right = { startsAt, endsAt, isPerpetual, quantity: 1 };

  const pay = (amount: number, service: Pick<Payment, "startsAt" | "endsAt" | "isPerpetual">) => {
    const eventId = `${orderId}/${history.payments.length}`;
    if (amount > 0)
      history.payments.push({
        ...keys,
        ...service,
        eventId,
        amount,
        bookedAt: now,
        cancelledAt: null,
        replacedAt: null,
      });
  };
  /** For what is left of the term, but not before it begins; a term that waits has neither start nor end. */
  const rest = () =>
    right.endsAt === null && !right.isPerpetual
      ? { startsAt: null, endsAt: null, isPerpetual: false }
      : { startsAt: Math.max(now, right.startsAt), endsAt: right.endsAt, isPerpetual: right.isPerpetual };
  /** What waits begins at last. */
  const begin = () => {
    for (const payment of history.payments)
      if (payment.startsAt === null) Object.assign(payment, { ...rest(), bookedAt: payment.bookedAt });
  };

  const paid = price();
  const model = isPerpetual ? "perp-float" : "sub-node";
  const sold = {
    ...of,
    orderedAt: text(now),
    startsAt: text(startsAt),
    price: paid,
    currency,
    isTest,
    model,
  } as const;
  history.drafts.push(
    ...sale({ ...sold, endsAt: endsAt === null ? null : text(endsAt) }).map(isWaiting ? asWaiting : same),
  );
  pay(paid, rest());

  for (let turns = random.integer(0, 6); turns > 0; turns -= 1) {
    now = moment(random, now + 1000, now + 120 * DAY);
    if (now > UNTIL) break;
    const isPriced = random.chance(0.85);
    const amount = isPriced ? price() : 0;
    const turn = { at: text(now), ...(isPriced ? { price: amount, currency } : {}) };
    const what = random.pick([
      "extend",
      "renew",
      "upgrade",
      "replace",
      "refund",
      "refund",
      "start",
      "cancel",
    ]);
    if (what === "extend") {
      right.quantity += 1;
      history.drafts.push(extend(of, { ...turn, added: 1, quantity: right.quantity }));
      pay(amount, rest());
    } else if (what === "renew" && right.endsAt !== null) {
      const begins = right.endsAt;
      right.endsAt = after(begins, random.pick(durations));
      history.drafts.push(renew(of, { ...turn, startsAt: text(begins), endsAt: text(right.endsAt) }));
      pay(amount, { startsAt: begins, endsAt: right.endsAt, isPerpetual: false });
    } else if (what === "upgrade" && (right.endsAt !== null || right.isPerpetual)) {
      const to = right.isPerpetual ? "perp-float" : "sub-node";
      const ends = right.endsAt === null ? null : text(right.endsAt);
      history.drafts.push(upgrade(of, { ...turn, sku: "CAD-MAX", model: to, endsAt: ends }));
      pay(amount, rest());
    } else if (what === "replace") {
      const before = right.endsAt;
      right.isPerpetual = random.chance(0.3);
      right.endsAt = right.isPerpetual ? null : after(now, random.pick(durations));
      const to = right.isPerpetual ? "perp-float" : "sub-node";
      const ends = right.endsAt === null ? null : text(right.endsAt);
      history.drafts.push(upgrade(of, { ...turn, sku: "CAD-MAX", model: to, endsAt: ends }));
      if (before !== null && before !== right.endsAt)
        for (const payment of history.payments) payment.replacedAt ??= now;
      begin();
      pay(amount, rest());
    } else if (what === "start" && right.endsAt === null && !right.isPerpetual) {
      right.startsAt = now;
      right.endsAt = after(now, random.pick(durations));
      history.drafts.push(start(of, { at: text(now), endsAt: text(right.endsAt) }));
      begin();
    } else if (what === "refund") {
      giveBack(random, history, { orderId, currency, bookedAt: now });
    } else if (what === "cancel" && random.chance(0.5)) {
      history.drafts.push(...cancel(of, text(now)));
      for (const payment of history.payments) payment.cancelledAt = now;
      if (random.chance(0.6)) {
        now += random.integer(0, 5) * DAY;
        giveBack(random, history, { orderId, currency, bookedAt: now });
      }
      break;
    }
  }
  return history;
}

/** Some of what is left, or all of it. */
function giveBack(
  random: Random,
  { drafts, payments, refunds }: History,
  refunded: Omit<Refund, "amount">,
): void {
  const sum = (moved: readonly { amount: number }[]) =>
    moved.reduce((total, { amount }) => total + amount, 0);
  const left = sum(payments) - sum(refunds);
  if (left === 0) return;
  const amount = random.chance(0.4) ? left : random.integer(1, left);
  const { orderId, currency, bookedAt } = refunded;
  const kind = random.pick(["refund", "credit"] as const);
  const refundId = `R${refunds.length}`;
  refunds.push({ ...refunded, amount });
  drafts.push(refund({ orderId }, { at: text(bookedAt), amount, currency, refundId, kind }));
}

/** Any time between two, and often at the edge of a day. */
function moment(random: Random, from: Time, until: Time): Time {
  const at = random.integer(from, until);
  const midnight = Math.ceil(at / DAY) * DAY;
  return random.chance(0.3) ? midnight : random.chance(0.1) ? midnight + DAY - 1 : at;
}

const same = (draft: Draft): Draft => draft;

/** As one whose term begins with the first activation. */
const asWaiting = (draft: Draft): Draft =>
  draft.type === "entitlement.granted"
    ? { ...draft, data: { ...draft.data, model: { ...draft.data.model, expires_from: "first-activation" } } }
    : draft;
