// Pure. A new term follows the last one.

import type { LicenseModel } from "../catalog.ts";
import { type Entitlement, keysOf } from "../entitlement.ts";
import type { Decree, EntitlementEvent } from "../events.ts";
import { addDuration, type Duration, formatInstant, type Instant } from "../instant.ts";
import { type Decision, refuse } from "../refusal.ts";
import { changeable, firstRefusal } from "./checks.ts";

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
  decree: Decree,
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
          ends_at: formatInstant(addDuration(endsAt, length)),
          maintenance_ends_at: maintenanceEndsAt === null ? null : formatInstant(maintenanceEndsAt),
        },
      },
    ],
  };
}
