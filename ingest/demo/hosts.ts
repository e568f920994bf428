// Pure. What becomes of a seat on a computer: it is refreshed, the computer fails or is changed, a project ends.

import { atWork, DAY, HOUR, type Time, YEAR } from "./calendar.ts";
import type { Tier } from "./catalog.ts";
import { chooseHost, type Host } from "./platforms.ts";
import type { Random } from "./random.ts";
import { type Attempt, delay } from "./seats.ts";
import { activation, changeStep, type OrderStep, type Scene, seatStep } from "./steps.ts";

/** How often each happens to a seat in a year. */
const PER_YEAR = { failure: 0.2, repair: 0.06, projectEnd: 0.07, mistake: 0.006 } as const;
type Incident = keyof typeof PER_YEAR | "sharing" | "refresh";

/** Who moves one license from friend to friend is found among the many, and stopped by the policy. */
const SHARERS: Record<Tier, number> = { "high-volume": 0.02, standard: 0.004, "high-touch": 0 };
/** Every host refreshes, but the demo's time is short: this share of them is played. */
const SHARE_REFRESHED = 0.03;
/** Old computers that are mended, and come back with the license that was left on them. */
const SHARE_OF_RETURNING_HOSTS = 0.05;

/** A seat while it is followed. */
interface Holder {
  scene: Scene;
  seat: Attempt;
  /** Where it is now. */
  host: Host;
  /** Computers that have this right. */
  taken: Set<Host>;
}

/** What an incident comes to. */
interface Aftermath {
  steps: OrderStep[];
  /** Where the seat is afterwards; null where it was given up. */
  host: Host | null;
}

export interface SeatLife {
  steps: OrderStep[];
  /** When the seat leaves its first computer; Infinity where it stays. */
  leavesAt: Time;
}

/** Follows a node-locked seat from when it is taken to the end of its term. */
export function lifeOfSeat(scene: Scene, seat: Attempt, taken: Set<Host>, until: Time): SeatLife {
  const { random } = scene;
  const steps: OrderStep[] = [];
  let leavesAt = Infinity;
  let [host, busyUntil] = [seat.host, seat.at];
  for (const { at, what } of incidentsOf(scene, seat, until)) {
    // One trouble at a time.
    if (at <= busyUntil) continue;
    const after = aftermaths[what]({ scene, seat, host, taken }, at, random);
    steps.push(...after.steps);
    busyUntil = after.steps.reduce((latest, step) => Math.max(latest, step.at), at);
    if (after.host !== host) leavesAt = Math.min(leavesAt, at);
    if (!after.host) break;
    host = after.host;
  }
  return { steps: steps.filter(({ at }) => at < until), leavesAt };
}

function incidentsOf({ random, tier }: Scene, seat: Attempt, until: Time): { at: Time; what: Incident }[] {
  const length = Math.min(until, YEAR.endsAt) - seat.at;
  const within = () => seat.at + Math.ceil(random.uniform() * length);
  const drawn = (Object.keys(PER_YEAR) as (keyof typeof PER_YEAR)[]).flatMap((what) => {
    // The waits of a Poisson process; a second one of the same kind is rare enough to leave out.
    const wait = random.exponential((365 * DAY) / PER_YEAR[what]);
    return wait < length ? [{ at: seat.at + Math.ceil(wait), what }] : [];
  });
  const sharing = random.chance(SHARERS[tier]) ? [{ at: within(), what: "sharing" as const }] : [];
  const isPlayed = random.chance(SHARE_REFRESHED);
  const refreshes = Array.from(
    { length: isPlayed ? Math.min(10, Math.floor(length / (25 * DAY))) : 0 },
    (_, n) => ({
      at: atWork(random, seat.at + (n + 1) * 25 * DAY),
      what: "refresh" as const,
    }),
  );
  return [...drawn, ...sharing, ...refreshes].toSorted((a, b) => a.at - b.at);
}

const aftermaths: Record<Incident, (holder: Holder, at: Time, random: Random) => Aftermath> = {
  refresh: ({ scene, seat, host }, at) => ({ steps: [seatStep(scene, seat, "refresh", at, { host })], host }),
  failure: rehosted,
  // A new network card or mainboard: the same computer under another fingerprint.
  repair({ scene, seat, host }, at, random) {
    const repaired = { ...host, id: random.hex(32) };
    return { steps: [seatStep(scene, seat, "repair", at, { host: repaired })], host: repaired };
  },
  projectEnd: givenBack,
  // The vendor made a license with the wrong product in it, and bridges the days until it is mended.
  mistake: ({ scene, seat, host }, at) => ({
    steps: [seatStep(scene, seat, "temporary", atWork(scene.random, at), { host, reason: "vendor_mistake" })],
    host,
  }),
  sharing: passedOn,
};

/** How long a customer of each tier takes to move after a failure. */
const MOVES_AFTER: Record<Tier, number> = {
  "high-touch": 2 * HOUR,
  standard: 2 * DAY,
  "high-volume": 4 * DAY,
};
/** Who asks for a temporary license first, and moves when the new computer is there. */
const BRIDGES: Record<Tier, number> = { "high-touch": 0.4, standard: 0.1, "high-volume": 0.04 };

function rehosted({ scene, seat, host, taken }: Holder, at: Time, random: Random): Aftermath {
  const { tier } = scene;
  const isBridged = random.chance(BRIDGES[tier]);
  const bridgedAt = at + Math.min(delay(random, HOUR), 12 * HOUR);
  const movedAt = isBridged
    ? atWork(random, bridgedAt + random.integer(1, 6) * DAY)
    : atWork(random, at + delay(random, MOVES_AFTER[tier]));
  const to = replacement(scene, movedAt, taken);
  const spare = isBridged ? [replacement(scene, bridgedAt, taken)] : [];
  const returnsAt = atWork(random, movedAt + random.integer(2, 30) * DAY);
  return {
    steps: [
      ...spare.map((other) =>
        seatStep(scene, seat, "temporary", bridgedAt, { host: other, reason: "failure" }),
      ),
      seatStep(scene, seat, "rehost", movedAt, { host: to }),
      ...(random.chance(SHARE_OF_RETURNING_HOSTS)
        ? [seatStep(scene, seat, "refresh", returnsAt, { host, shows: "left behind" })]
        : []),
    ],
    host: to,
  };
}

/** The end of a project: the seat goes back, and most who give one back need it elsewhere soon. */
function givenBack({ scene, seat, taken }: Holder, at: Time, random: Random): Aftermath {
  const returnedAt = atWork(random, at);
  const againAt = atWork(random, returnedAt + delay(random, 4 * DAY));
  const isNeeded = random.chance(0.7);
  return {
    steps: [
      seatStep(scene, seat, "return", returnedAt),
      ...(isNeeded
        ? [activation(scene, { ...seat, at: againAt, host: replacement(scene, againAt, taken) })]
        : []),
    ],
    host: null,
  };
}

/** Now and then the refused turn out to be honest, and staff allow them one move more. */
const SHARE_FORGIVEN = 0.15;

/** One license for a circle of friends. The first moves pass; then the policy says no, again and again. */
function passedOn({ scene, seat, taken }: Holder, at: Time, random: Random): Aftermath {
  const days = random.integer(2, 9);
  const count = random.integer(3, 7);
  const move = (index: number) => {
    const movedAt = at + index * (days * DAY + HOUR);
    return seatStep(scene, seat, "rehost", movedAt, { host: replacement(scene, movedAt, taken) });
  };
  const moves = Array.from({ length: count }, (_, index) => move(index));
  if (!random.chance(SHARE_FORGIVEN)) return { steps: moves, host: null };
  const allowed = {
    policy: { rehosts: { count: 6, per: "P1Y" } },
    reason: "goodwill: three computers failed",
  };
  const forgivenAt = atWork(random, at + (count - 1) * (days * DAY + HOUR) + HOUR);
  const lastAt = forgivenAt + DAY;
  return {
    steps: [
      ...moves,
      changeStep(scene, "policy", forgivenAt, allowed),
      seatStep(scene, seat, "rehost", lastAt, { host: replacement(scene, lastAt, taken) }),
    ],
    host: null,
  };
}

function replacement({ customer, line }: Scene, at: Time, taken: Set<Host>): Host {
  const host = chooseHost(customer.fleet, line.offer.sku, at, taken);
  taken.add(host);
  return host;
}
