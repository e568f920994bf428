// Pure. Money told the slow way: payments one by one, days one by one. What the lake's SQL has to come to.

/** Milliseconds since 1970, UTC. */
export type Time = number;

export interface Payment {
  eventId: string;
  entitlementId: string;
  orderId: string;
  currency: string;
  amount: number;
  bookedAt: Time;
  /** Null where it waits for the first activation, which did not come. */
  startsAt: Time | null;
  /** Null where it never ends, or has not begun. */
  endsAt: Time | null;
  isPerpetual: boolean;
  /** When the right was cancelled. */
  cancelledAt: Time | null;
  /** When an upgrade began another term instead of this one. */
  replacedAt: Time | null;
}

export interface Refund {
  orderId: string;
  currency: string;
  amount: number;
  bookedAt: Time;
}

const DAY = 86_400_000;
const dayOf = (time: Time) => Math.floor(time / DAY) * DAY;

/** The first instants of months, from one time to another. */
export function monthsOf(from: Time, to: Time): Time[] {
  const months: Time[] = [];
  const date = new Date(from);
  for (let month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth()); month <= to; month = nextMonth(month))
    months.push(month);
  return months;
}

export function nextMonth(month: Time): Time {
  const date = new Date(month);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** What is left of each payment by a time: each refund takes, cent by cent, from the latest payment that has one left. */
export function leftAt(
  time: Time,
  payments: readonly Payment[],
  refunds: readonly Refund[],
): Map<Payment, number> {
  const left = new Map(payments.map((payment) => [payment, payment.amount]));
  for (const refund of refunds.toSorted((a, b) => a.bookedAt - b.bookedAt)) {
    if (refund.bookedAt > time) continue;
    let owed = refund.amount;
    const stack = payments
      .filter(({ orderId, currency }) => orderId === refund.orderId && currency === refund.currency)
      .filter(({ bookedAt }) => bookedAt <= refund.bookedAt)
      .toSorted((a, b) => b.bookedAt - a.bookedAt);
    for (const payment of stack) {
      const taken = Math.min(owed, left.get(payment) ?? 0);
      left.set(payment, (left.get(payment) ?? 0) - taken);
      owed -= taken;
    }
    if (owed > 0) throw new RangeError(`refund of ${refund.orderId}: more than was paid`);
  }
  return left;
}

/** `amount × part / whole`, halves up. */
const share = (amount: number, part: number, whole: number): number =>
  Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));

/** What of a payment is recognized by the end of a month, where so much of it is left. */
export function recognizedBy(end: Time, payment: Payment, left: number): number {
  const { bookedAt, startsAt, endsAt, isPerpetual, cancelledAt } = payment;
  if (bookedAt >= end) return 0;
  if (cancelledAt !== null && cancelledAt < end) return left;
  if (startsAt === null) return 0;
  if (isPerpetual) return startsAt < end ? left : 0;
  let [days, passed] = [0, 0];
  for (let day = dayOf(startsAt); day < dayOf(endsAt ?? startsAt); day += DAY) {
    days += 1;
    if (day < end) passed += 1;
  }
  if (days === 0) return dayOf(startsAt) < end ? left : 0;
  return share(left, passed, days);
}

/** What of a payment recurs at an instant, in a month. */
export function recurringAt(time: Time, payment: Payment, left: number): number {
  const { bookedAt, startsAt, endsAt, isPerpetual, cancelledAt, replacedAt } = payment;
  if (isPerpetual || startsAt === null || endsAt === null) return 0;
  const isRunning = bookedAt <= time && startsAt <= time && time < endsAt;
  const isOver = [cancelledAt, replacedAt].some((over) => over !== null && over <= time);
  if (!isRunning || isOver) return 0;
  const months = wholeMonths(startsAt, endsAt);
  if (months !== null) return share(left, 1, months);
  // The mean month of a year of 365.25 days.
  const days = Math.max(1, (dayOf(endsAt) - dayOf(startsAt)) / DAY);
  return share(left, 30_4375, 1_0000 * days);
}

/** How many months there are from one time to another, where there are whole ones: tried one by one. */
function wholeMonths(from: Time, to: Time): number | null {
  const date = new Date(from);
  for (let months = 1; months <= 60; months += 1) {
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const then = Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + (from - dayOf(from));
    if (then === to) return months;
  }
  return null;
}

export interface Movement {
  opening: number;
  new: number;
  expansion: number;
  contraction: number;
  churn: number;
  reactivation: number;
  closing: number;
}

/** Recurring revenue of one currency by month, from what each entitlement has at the end of each. */
export function movementsOf(standings: readonly ReadonlyMap<string, number>[]): Movement[] {
  const known = new Set<string>();
  let before: ReadonlyMap<string, number> = new Map();
  return standings.map((now) => {
    const moved = { opening: 0, new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0, closing: 0 };
    for (const id of new Set([...before.keys(), ...now.keys()])) {
      const [was, is] = [before.get(id) ?? 0, now.get(id) ?? 0];
      moved.opening += was;
      moved.closing += is;
      if (was > 0 && is > was) moved.expansion += is - was;
      else if (is > 0 && was > is) moved.contraction += is - was;
      else if (was > 0 && is === 0) moved.churn -= was;
      else if (was === 0 && is > 0) moved[known.has(id) ? "reactivation" : "new"] += is;
      if (is > 0) known.add(id);
    }
    before = now;
    return moved;
  });
}
