// Pure. A new term follows the last one.

import type { LicenseModel } from "../catalog.ts";
import { type Entitlement, keysOf } from "../entitlement.ts";
import type { EntitlementEvent, PaidDecree } from "../events.ts";
import { addDuration, type Duration, formatInstant, type Instant } from "../instant.ts";
import { type Decision, refuse } from "../refusal.ts";
import { changeable, firstRefusal } from "./checks.ts";

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
  if (endsAt === null || length === null)
    return {
      ok: false,
      refusal: refuse(
        "nothing_to_renew",
        "This license has no term, or none that has begun: there is nothing to renew.",
      ),
    };
  const newEnd = addDuration(endsAt, length);
  if (newEnd > LATEST_END)
    return {
      ok: false,
      refusal: refuse(
        "term_too_long",
        `The term would end after ${formatInstant(LATEST_END)}: sell a perpetual license instead.`,
        { field: "duration" },
      ),
    };
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
