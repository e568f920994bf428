// Pure. Terms, and what happens at their end: most are renewed, early, in time or late, and some lapse.

import { addDuration } from "../../licensing/index.ts";
import { atWork, DAY, HOUR, type Time, YEAR } from "./calendar.ts";
import { catalogs } from "./catalog.ts";
import type { Line } from "./orders.ts";
import type { Attempt } from "./seats.ts";
import { changeStep, type OrderStep, type Scene, seatStep } from "./steps.ts";

/** How long a line may be used, with its renewals, and what is sent for them. */
export interface Terms {
  /** Null where it never ends. */
  endsAt: Time | null;
  /** Which share of the term that runs at a time is left: all before it begins and of what never ends, nothing after it. */
  leftAt: (at: Time) => number;
  steps: OrderStep[];
}

const fates = ["early", "in time", "late", "lapses"] as const;
const likelihoods: Record<(typeof fates)[number], number> = {
  early: 24,
  "in time": 34,
  late: 19,
  lapses: 23,
};

/** How long before the end the first customers renew. */
const EARLIEST = 40 * DAY;

/** Plays the ends of a line's terms that lie in the year. `first` is whoever took the first seat. */
export function termsOf(scene: Scene, first: Attempt): Terms {
  const { random, line } = scene;
  const term = termOf(line);
  if (term === null) return { endsAt: null, leftAt: () => 1, steps: [] };
  const begins = term.isFromFirstUse ? first.at : line.startsAt;
  const steps: OrderStep[] = [];
  let endsAt = after(begins, term.duration);
  const bounds = [begins, endsAt];
  while (term.isRenewable && endsAt - EARLIEST < YEAR.endsAt) {
    const fate = random.weighted(fates, (one) => likelihoods[one]);
    if (fate === "lapses") break;
    // A quarter that went well becomes a year.
    const duration = term.duration === "P3M" && random.chance(0.15) ? "P1Y" : undefined;
    steps.push(...renewal(scene, first, fate, endsAt, duration));
    endsAt = after(endsAt, duration ?? term.duration);
    bounds.push(endsAt);
  }
  return { endsAt, leftAt: (at) => shareLeft(bounds, at), steps };
}

function renewal(
  scene: Scene,
  first: Attempt,
  fate: Exclude<(typeof fates)[number], "lapses">,
  endsAt: Time,
  duration: string | undefined,
): OrderStep[] {
  const { random, customer, line } = scene;
  // A renewal costs what the term before did; a year, what four quarters do.
  const amount = line.unitAmount * line.quantity * (duration === undefined ? 1 : 4);
  const body = {
    reason: `renewed ${fate}`,
    price: { amount, currency: customer.currency },
    ...(duration === undefined ? {} : { duration }),
  };
  const earliest = Math.max(first.at + HOUR, endsAt - EARLIEST);
  if (fate !== "late") {
    const latest = fate === "early" ? endsAt - 4 * DAY : endsAt - HOUR;
    const from = fate === "early" ? earliest : Math.max(earliest, endsAt - 3 * DAY);
    return [changeStep(scene, "renew", from + random.uniform() * Math.max(0, latest - from), body)];
  }
  // The purchase order is on its way: a temporary license bridges the days for most, where the policy has one.
  const paidAt = atWork(random, endsAt + random.integer(2, 24) * DAY);
  const bridgedAt = atWork(random, endsAt + random.integer(1, 20) * HOUR);
  const { host } = first;
  return [
    ...(random.chance(0.6) && bridgedAt < paidAt
      ? [seatStep(scene, first, "temporary", bridgedAt, { host, reason: "renewal_pending" })]
      : []),
    changeStep(scene, "renew", paidAt, body),
    seatStep(scene, first, "refresh", paidAt + random.integer(5, 300) * 60_000),
  ];
}

/** Of terms that follow one another, from bound to bound. */
function shareLeft(bounds: readonly Time[], at: Time): number {
  const next = bounds.findIndex((bound) => bound > at);
  if (next === -1) return 0;
  const [from, to] = [bounds[next - 1], bounds[next]];
  return from === undefined || to === undefined ? 1 : (to - at) / (to - from);
}

interface Term {
  duration: string;
  isFromFirstUse: boolean;
  isRenewable: boolean;
}

function termOf({ offer }: Line): Term | null {
  const term = catalogs.after.licenseModels.find(({ id }) => id === offer.model)?.term;
  if (term === undefined || term.kind === "perpetual") return null;
  const { duration, from } = term;
  return { duration, isFromFirstUse: from === "first-activation", isRenewable: term.kind === "subscription" };
}

const after = (time: Time, duration: string): Time => addDuration(time * 1000, duration) / 1000;
