// Pure. Which licenses must not run any more, though they would: what a refresh cannot reach is listed.

import type { Entitlement, EntitlementState, Seat } from "./entitlement.ts";
import type { EntitlementEvent } from "./events.ts";
import { addDuration, type Instant, readInstant } from "./instant.ts";

/** A change of the list of revocations. */
export type RevocationChange = {
  id: string;
  isRevoked: boolean;
  /** When it may leave the list, for then it runs no more by itself; null for never. */
  until: Instant | null;
} & (
  | { kind: "license" | "entitlement" }
  /** All licenses of a seat, temporary ones too, up to this generation. */
  | { kind: "activation"; generation: number }
);

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
      // A seat that moves or ends leaves behind whatever its host got for it; a new one, nothing.
      const seat = seats.get(event.activation_id);
      return seat ? leftBySeat(entitlement, seat, event) : null;
    }
    case "license.issued": {
      // A seat that moved is listed since, with all of its last host's. One that stays is to run by its new license: where
      // that ends earlier, the longer one is withdrawn.
      const license = seats.get(event.activation_id)?.license;
      const isMove = event.data.reason === "rehosted" || event.data.reason === "repaired";
      const end =
        event.data.expires_at === null ? Infinity : (readInstant(event.data.expires_at) ?? Infinity);
      return license && !isMove && (license.expiresAt ?? Infinity) > end
        ? listed(entitlement, license.expiresAt, event, { kind: "license", id: license.licenseId })
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

/** What a seat leaves behind is withdrawn whole: a host may have kept each of the licenses that it got. */
function leftBySeat(entitlement: Entitlement, seat: Seat, event: EntitlementEvent): RevocationChange | null {
  const { activationId: id, generation, runsUntil } = seat;
  return listed(entitlement, runsUntil, event, { kind: "activation", id, generation });
}

type Named = { kind: "license"; id: string } | { kind: "activation"; id: string; generation: number };

/** What is not to run any more is listed for as long as it would: verifiers add the grace to its end. */
function listed(
  { longestGrace, model }: Entitlement,
  end: Instant | null,
  { occurred_at: at }: EntitlementEvent,
  named: Named,
): RevocationChange | null {
  const hasGrace = longestGrace !== null && model.metric !== "floating";
  const until = end !== null && hasGrace ? addDuration(end, longestGrace) : end;
  if (until !== null && until <= (readInstant(at) ?? 0)) return null;
  // What ends later than an instant can say is as good as for ever.
  return { ...named, isRevoked: true, until: Number.isSafeInteger(until) ? until : null };
}
