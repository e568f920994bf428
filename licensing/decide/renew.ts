// Pure. A new term follows the last one.

import type { LicenseModel } from "../catalog.ts";
import { type Entitlement, keysOf } from "../entitlement.ts";
import type { EntitlementEvent, PaidDecree } from "../events.ts";
import { addDuration, type Duration, formatInstant, type Instant } from "../instant.ts";
import { type Decision, refuse } from "../refusal.ts";
import { changeable, firstRefusal, notBeforeOrder } from "./checks.ts";

/** As late as any time that may be sent ({@link parseInstant}); with the longest of graces it is still exact. */
const LATEST_END: Instant = Date.UTC(2200, 0, 1) * 1000;

/**
 * Decides a renewal. The new term begins where the last one ends, also where the renewal comes late: what was used in
 * between is paid for.
 * @param model the license model as the catalog has it now, for its maintenance; undefined where it has left the catalog
 * @param duration of the new term; undefined for that of the last one
 */
export function decideRenew(
  entitlement: Entitlement,
  model: LicenseModel | undefined,
  duration: Duration | undefined,
  decree: PaidDecree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal(changeable, entitlement, now);
  if (refusal) return { ok: false, refusal };
  const { endsAt } = entitlement;
  const length = duration ?? entitlement.model.duration;
  if (endsAt === null || length === null) return nothingToRenew;
  const newEnd = addDuration(endsAt, length);
  if (newEnd > LATEST_END) return tooLong("duration");
  const maintenanceEndsAt =
    entitlement.maintenanceEndsAt === null || model?.maintenance === undefined
      ? entitlement.maintenanceEndsAt
      : addDuration(endsAt, model.maintenance);
  return {
    ok: true,
    events: [
      {
        type: "entitlement.renewed",
        ...keysOf(entitlement, now),
        data: {
          ...decree,
          starts_at: formatInstant(endsAt),
          ends_at: formatInstant(newEnd),
          maintenance_ends_at: maintenanceEndsAt === null ? null : formatInstant(maintenanceEndsAt),
        },
      },
    ],
  };
}

/** A time that was paid for, as its seller counts it. */
export interface PaidTime {
  startsAt: Instant;
  endsAt: Instant;
}

/**
 * Decides a renewal for a stated time, which may be told late and out of order. What reaches no further than the right does,
 * or is of one that was cancelled, changes nothing that was decided since: it is recorded for its price, at its own time.
 * @returns no event where there is neither a later end nor a price
 */
export function decideRenewFor(
  entitlement: Entitlement,
  model: LicenseModel | undefined,
  { startsAt, endsAt }: PaidTime,
  decree: PaidDecree,
  now: Instant,
): Decision<EntitlementEvent> {
  if (entitlement.endsAt === null) return nothingToRenew;
  const changesNothing = endsAt <= entitlement.endsAt || entitlement.cancelledAt !== null;
  const refusal = firstRefusal(changesNothing ? [notBeforeOrder] : changeable, entitlement, now);
  if (refusal) return { ok: false, refusal };
  if (endsAt > LATEST_END) return tooLong("endsAt");
  if (changesNothing && decree.price === undefined) return { ok: true, events: [] };
  const { maintenanceEndsAt } = entitlement;
  const isMaintained = maintenanceEndsAt !== null && model?.maintenance !== undefined && !changesNothing;
  const maintainedUntil = isMaintained
    ? Math.max(maintenanceEndsAt, addDuration(startsAt, model.maintenance ?? ""))
    : maintenanceEndsAt;
  return {
    ok: true,
    events: [
      {
        type: "entitlement.renewed",
        ...keysOf(entitlement, now),
        data: {
          ...decree,
          starts_at: formatInstant(startsAt),
          ends_at: formatInstant(endsAt),
          maintenance_ends_at: maintainedUntil === null ? null : formatInstant(maintainedUntil),
        },
      },
    ],
  };
}

const nothingToRenew = {
  ok: false,
  refusal: refuse(
    "nothing_to_renew",
    "This license has no term, or none that has begun: there is nothing to renew.",
  ),
} as const;

const tooLong = (field: string) =>
  ({
    ok: false,
    refusal: refuse(
      "term_too_long",
      `The term would end after ${formatInstant(LATEST_END)}: sell a perpetual license instead.`,
      { field },
    ),
  }) as const;
