// Pure. A new term follows the last one.

import type { LicenseModel } from "../catalog.ts";
import { type Entitlement, keysOf } from "../entitlement.ts";
import type { EntitlementEvent, PaidDecree } from "../events.ts";
import { addDuration, type Duration, formatInstant, type Instant } from "../instant.ts";
import { type Decision, refuse } from "../refusal.ts";
import { changeable, type Check, firstRefusal, notBeforeOrder } from "./checks.ts";

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
  const { endsAt, maintenanceEndsAt } = entitlement;
  const length = duration ?? entitlement.model.duration;
  if (endsAt === null || length === null)
    return { ok: false, refusal: firstRefusal(changeable, entitlement, now) ?? nothingToRenew };
  const maintainedUntil =
    maintenanceEndsAt === null || model?.maintenance === undefined
      ? maintenanceEndsAt
      : addDuration(endsAt, model.maintenance);
  const time = { startsAt: endsAt, endsAt: addDuration(endsAt, length), maintainedUntil };
  return renewed(entitlement, { ...time, checks: changeable, field: "duration" }, decree, now);
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
  if (entitlement.endsAt === null) return { ok: false, refusal: nothingToRenew };
  const changesNothing = endsAt <= entitlement.endsAt || entitlement.cancelledAt !== null;
  const { maintenanceEndsAt } = entitlement;
  const isMaintained = maintenanceEndsAt !== null && model?.maintenance !== undefined && !changesNothing;
  const maintainedUntil = isMaintained
    ? Math.max(maintenanceEndsAt, addDuration(startsAt, model.maintenance ?? ""))
    : maintenanceEndsAt;
  const checks = changesNothing ? [notBeforeOrder] : changeable;
  const time = { startsAt, endsAt, maintainedUntil };
  const decision = renewed(entitlement, { ...time, checks, field: "endsAt" }, decree, now);
  const isIdle = changesNothing && decree.price === undefined;
  return decision.ok && isIdle ? { ok: true, events: [] } : decision;
}

/** What a renewal comes to. */
interface Renewal extends PaidTime {
  maintainedUntil: Instant | null;
  /** What the right has to hold. */
  checks: readonly Check[];
  /** What says when it ends. */
  field: string;
}

function renewed(
  entitlement: Entitlement,
  { startsAt, endsAt, maintainedUntil, checks, field }: Renewal,
  decree: PaidDecree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal(checks, entitlement, now) ?? (endsAt > LATEST_END ? tooLong(field) : null);
  if (refusal) return { ok: false, refusal };
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

const nothingToRenew = refuse(
  "nothing_to_renew",
  "This license has no term, or none that has begun: there is nothing to renew.",
);

const tooLong = (field: string) =>
  refuse(
    "term_too_long",
    `The term would end after ${formatInstant(LATEST_END)}: sell a perpetual license instead.`,
    { field },
  );
