// Pure. Who asks for the seats of an order line, and when: by the metric of what was sold.

import type { ModelId } from "./catalog.ts";
import { atWork, DAY, HOUR, type Time, YEAR } from "./calendar.ts";
import { type Customer, userOf } from "./customers.ts";
import type { Line } from "./orders.ts";
import { chooseHost, type Host } from "./platforms.ts";
import type { Random } from "./random.ts";

/** Somebody asks for a seat of an order line. */
export interface Attempt {
  line: Line;
  at: Time;
  host: Host;
  user?: string;
  /** The code was typed wrong, so that it opens nothing. */
  isMistyped?: true;
  /** Of a floating seat that is taken along. */
  borrowFor?: string;
}

/** All attempts of a line whose first use is at a time, in no order, as if the license never ended. */
export function attemptsOf(random: Random, customer: Customer, line: Line, firstAt: Time): Attempt[] {
  const buyer: Buyer = { random, customer, line, firstAt, hosts: new Set() };
  const seats = seatsByModel[line.offer.model](buyer);
  return [...misstarts(buyer, seats[0]), ...seats, ...seats.flatMap((seat) => comeBack(buyer, seat))];
}

interface Buyer {
  random: Random;
  customer: Customer;
  line: Line;
  firstAt: Time;
  /** Computers that this line is already on. */
  hosts: Set<Host>;
}

const seatsByModel: Record<ModelId, (buyer: Buyer) => Attempt[]> = {
  "perpetual-node": oneHostEach,
  "annual-node": oneHostEach,
  "quarter-node": oneHostEach,
  "trial-30": oneHostEach,
  "pass-7": oneHostEach,
  "user-annual": oneUserEach,
  "user-quarter": oneUserEach,
  "trial-14": oneUserEach,
  "annual-float": (buyer) => shared(buyer, 2 * DAY),
  "farm-float": (buyer) => shared(buyer, 4 * HOUR),
  "annual-site": wholeSite,
};

/** Seats are handed out over weeks, and not all of them: few buy exactly what they need. */
function rollOut({ random, line, firstAt }: Buyer): Time[] {
  const share = 1 - 0.6 * random.uniform() ** 2;
  const used = Math.max(1, Math.round(line.quantity * share));
  const usualDelay = 3 * DAY * line.quantity ** 0.5;
  const others = Array.from({ length: used - 1 }, () => atWork(random, firstAt + delay(random, usualDelay)));
  return [firstAt, ...others].toSorted((a, b) => a - b);
}

/** One seat too few: some try all the same, and try again. */
function tooMany({ random, line }: Buyer, seats: readonly Time[]): Time[] {
  const last = seats.at(-1);
  if (last === undefined || seats.length < line.quantity || !random.chance(0.06)) return [];
  return Array.from({ length: random.integer(1, 2) }, () => last + delay(random, 9 * DAY));
}

function oneHostEach(buyer: Buyer): Attempt[] {
  const seats = rollOut(buyer);
  const granted = seats.map((at) => ask(buyer, at));
  return [...granted, ...tooMany(buyer, seats).flatMap((at) => insist(buyer.random, ask(buyer, at)))];
}

function oneUserEach(buyer: Buyer): Attempt[] {
  const { random, customer } = buyer;
  const seats = rollOut(buyer);
  const granted = seats.map((at, index) => ask(buyer, at, userOf(customer, index)));
  // A named user may work on a second computer; it is the same seat.
  const second = granted
    .filter(() => random.chance(0.15))
    .map(({ at, user }) => ask(buyer, atWork(random, at + delay(random, 10 * DAY)), user));
  const refused = tooMany(buyer, seats).flatMap((at, index) =>
    insist(random, ask(buyer, at, userOf(customer, seats.length + index))),
  );
  return [...granted, ...second, ...refused];
}

/** A floating pool: more computers than seats, each for a while, and now and then all of them within `crunch`. */
function shared(buyer: Buyer, crunch: number): Attempt[] {
  const { random, line, firstAt } = buyer;
  const pool: Host[] = [];
  const poolSize = Math.ceil(line.quantity * 1.4) + 1;
  const checkOut = (at: Time, index: number): Attempt => {
    const host = (pool[index] ??= takeHost(buyer, at));
    return { line, at, host };
  };
  const sessions = Math.min(60, Math.max(2, Math.round(line.quantity * random.lognormal(1.4, 0.5))));
  const until = Math.min(YEAR.endsAt, firstAt + 200 * DAY);
  const times = Array.from({ length: sessions - 1 }, () =>
    atWork(random, firstAt + Math.floor(random.uniform() * Math.max(HOUR, until - firstAt))),
  );
  const ordinary = [firstAt, ...times]
    .toSorted((a, b) => a - b)
    .map((at) => checkOut(at, random.integer(0, poolSize - 1)));
  if (!random.chance(0.12)) return ordinary;
  const crunchAt = atWork(random, firstAt + delay(random, 40 * DAY));
  const crowd = Array.from({ length: Math.min(30, poolSize) }, (_, index) =>
    checkOut(crunchAt + Math.floor(random.uniform() * crunch), index),
  );
  return [...ordinary, ...crowd];
}

function wholeSite(buyer: Buyer): Attempt[] {
  const { random, customer, firstAt } = buyer;
  const computers = Math.min(40, 3 + Math.round(customer.size ** 0.6));
  return Array.from({ length: computers }, (_, index) =>
    ask(buyer, index === 0 ? firstAt : atWork(random, firstAt + delay(random, 20 * DAY))),
  );
}

/** What goes wrong before the first seat is taken: a code that was typed wrong, a user who was not named. */
function misstarts({ random }: Buyer, first: Attempt | undefined): Attempt[] {
  if (!first) return [];
  const { line, at, host } = first;
  const mistyped = Array.from({ length: random.chance(0.02) ? random.integer(1, 3) : 0 }, (): Attempt => ({
    ...first,
    isMistyped: true,
  }));
  const unnamed = first.user !== undefined && random.chance(0.02) ? [{ line, at, host }] : [];
  return [...mistyped, ...unnamed];
}

/** A reinstallation, or a license that ran out and is asked for again. */
function comeBack({ random }: Buyer, seat: Attempt): Attempt[] {
  return random.chance(0.09) ? [{ ...seat, at: atWork(random, seat.at + delay(random, 45 * DAY)) }] : [];
}

function insist(random: Random, attempt: Attempt): Attempt[] {
  const tries = random.weighted([1, 2, 3], (count) => 4 - count);
  return Array.from({ length: tries }, (_, index) => ({ ...attempt, at: attempt.at + index * 90_000 }));
}

function ask(buyer: Buyer, at: Time, user?: string): Attempt {
  return { line: buyer.line, at, host: takeHost(buyer, at), ...(user === undefined ? {} : { user }) };
}

function takeHost({ customer, line, hosts }: Buyer, at: Time): Host {
  const host = chooseHost(customer.fleet, line.offer.sku, at, hosts);
  hosts.add(host);
  return host;
}

/** A wait in milliseconds, log-normal, at least a minute. */
export function delay(random: Random, median: number): number {
  return Math.ceil(Math.max(60_000, random.lognormal(median, 1.1)) / 1000) * 1000;
}
