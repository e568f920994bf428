// Pure. Consumption of a metered right: so many units in a period, which begins anew with each period of the term.

import { type Entitlement, keysOf, overdraftOf, type Seat } from "../entitlement.ts";
import type { UsageRecorded } from "../events.ts";
import { addDuration, type Duration, formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { firstRefusal, inForce } from "./checks.ts";
import { checkHolder, type Proof } from "./refresh.ts";

/** Where a metered entitlement stands in a period. */
export interface Consumption {
  periodStartsAt: Instant;
  /** When the count begins anew; null where it never does. */
  periodEndsAt: Instant | null;
  used: number;
}

/** The period that an instant lies in, counted from the start of the term, and what was used in it. */
export function consumptionAt(entitlement: Entitlement, now: Instant): Consumption {
  const { startsAt, consumption, model } = entitlement;
  const { start, end } = periodOf(startsAt, model.consumptionPer, now);
  const used = consumption !== null && consumption.periodStartsAt === start ? consumption.used : 0;
  return { periodStartsAt: start, periodEndsAt: end, used };
}

// A period of a day, over the longest of terms; the catalog allows none shorter.
const MAX_PERIODS = 50 * 366;

function periodOf(
  startsAt: Instant,
  per: Duration | null,
  now: Instant,
): { start: Instant; end: Instant | null } {
  if (per === null) return { start: startsAt, end: null };
  let start = startsAt;
  for (let n = 0; n < MAX_PERIODS; n++) {
    const end = addDuration(start, per);
    if (now < end) return { start, end };
    start = end;
  }
  throw new RangeError(`no period of ${per} is at ${formatInstant(now)}`);
}

/**
 * Decides a consumption.
 * @returns `usage.recorded`, with what of it is beyond the quantity and inside the overdraft; or the refusal of the whole
 */
export function decideConsume(
  entitlement: Entitlement,
  seat: Seat,
  units: number,
  proof: Proof,
  now: Instant,
): { ok: true; event: UsageRecorded } | { ok: false; refusal: Refusal } {
  const refusal =
    checkHolder(entitlement, seat, proof, now) ??
    firstRefusal(inForce, entitlement, now) ??
    (entitlement.model.metric === "metered"
      ? null
      : refuse("not_metered", "Only a metered license is consumed: this one is not."));
  if (refusal) return { ok: false, refusal };
  const { consumption, quantity } = entitlement;
  const { periodStartsAt, periodEndsAt, used } = consumptionAt(entitlement, now);
  if (consumption !== null && periodStartsAt < consumption.periodStartsAt)
    return {
      ok: false,
      refusal: refuse(
        "history_out_of_order",
        `A later period is on record: it began at ${formatInstant(consumption.periodStartsAt)}.`,
      ),
    };
  const after = used + units;
  const limit = quantity + overdraftOf(entitlement);
  // A period that the term cuts short leaves none in which the count begins anew.
  const begins =
    periodEndsAt !== null && periodEndsAt < (entitlement.endsAt ?? Infinity) ? periodEndsAt : null;
  if (after > limit)
    return {
      ok: false,
      refusal: refuse(
        "consumption_used_up",
        `${used} of ${limit} units are used in this period, and ${units} are asked for.`,
        units > limit || begins === null ? {} : { passesAt: begins },
      ),
    };
  return {
    ok: true,
    event: {
      type: "usage.recorded",
      ...keysOf(entitlement, now),
      activation_id: seat.activationId,
      data: {
        units,
        used: after,
        overage: Math.max(0, after - Math.max(quantity, used)),
        period_starts_at: formatInstant(periodStartsAt),
        period_ends_at: periodEndsAt === null ? null : formatInstant(periodEndsAt),
      },
    },
  };
}
