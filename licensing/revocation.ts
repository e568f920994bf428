// Pure. Which licenses must not run any more, though they would: what a refresh cannot reach is listed.

import type { Entitlement, EntitlementState, Seat } from "./entitlement.ts";
import type { EntitlementEvent } from "./events.ts";
import { addDuration, type Instant, readInstant } from "./instant.ts";

/** A change of the list of revocations. */
export interface RevocationChange {
  kind: "license" | "entitlement";
  id: string;
  isRevoked: boolean;
  /** When it may leave the list, for then it runs no more by itself; null for never. */
  until: Instant | null;
}

/**
 * What an event changes in the list.
 * @param before the state that the event is about to change
 */
export function revocationOf(before: EntitlementState, event: EntitlementEvent): RevocationChange | null {
  const { entitlement, seats } = before;
  const ofEntitlement = (isRevoked: boolean): RevocationChange => ({
    kind: "entitlement",
    id: entitlement.entitlementId,
    isRevoked,
    until: null,
  });
  switch (event.type) {
    case "entitlement.cancelled":
    case "entitlement.suspended":
      return ofEntitlement(true);
    case "entitlement.reinstated":
      return ofEntitlement(false);
    case "activation.bound":
    case "activation.ended": {
      // A new seat has no license yet; one that moves or ends leaves its last one behind.
      const license = seats.get(event.activation_id)?.license;
      return license ? leftBehind(entitlement, license, event) : null;
    }
    case "license.issued": {
      // A seat that moved left its last license with its old host, and that is listed since. One that stays is to run by
      // its new license: where that ends earlier, the longer one is withdrawn.
      const license = seats.get(event.activation_id)?.license;
      const isMove = event.data.reason === "rehosted" || event.data.reason === "repaired";
      const end =
        event.data.expires_at === null ? Infinity : (readInstant(event.data.expires_at) ?? Infinity);
      return license && !isMove && (license.expiresAt ?? Infinity) > end
        ? leftBehind(entitlement, license, event)
        : null;
    }
    case "entitlement.granted":
    case "entitlement.started":
    case "entitlement.renewed":
    case "entitlement.upgraded":
    case "entitlement.extended":
    case "entitlement.split":
    case "entitlement.transferred":
    case "entitlement.policy_overridden":
    case "license.lent":
    case "usage.recorded":
    case "activation.refused":
    case "activation.cloned":
      return null;
  }
}

/** A license that is not to run any more is listed for as long as it would: verifiers add the grace to its end. */
function leftBehind(
  { longestGrace }: Entitlement,
  { licenseId, expiresAt }: NonNullable<Seat["license"]>,
  { occurred_at: at }: EntitlementEvent,
): RevocationChange | null {
  const until =
    expiresAt === null || longestGrace === null ? expiresAt : addDuration(expiresAt, longestGrace);
  const isOver = until !== null && until <= (readInstant(at) ?? 0);
  return isOver ? null : { kind: "license", id: licenseId, isRevoked: true, until };
}
