// Pure. Which licenses must not run any more, though they would: what a refresh cannot reach is listed.

import type { EntitlementState } from "./entitlement.ts";
import type { EntitlementEvent } from "./events.ts";
import type { Instant } from "./instant.ts";

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
      if (!license) return null;
      const isOver = license.expiresAt !== null && license.expiresAt <= Date.parse(event.occurred_at) * 1000;
      return isOver
        ? null
        : { kind: "license", id: license.licenseId, isRevoked: true, until: license.expiresAt };
    }
    case "entitlement.granted":
    case "entitlement.started":
    case "entitlement.renewed":
    case "entitlement.upgraded":
    case "entitlement.extended":
    case "entitlement.split":
    case "entitlement.transferred":
    case "entitlement.policy_overridden":
    case "license.issued":
    case "license.lent":
    case "usage.recorded":
    case "activation.refused":
    case "activation.cloned":
      return null;
  }
}
