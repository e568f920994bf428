// Pure. What ends when an order is taken back.

import { type EntitlementState, keysOf } from "../entitlement.ts";
import type { EntitlementEvent } from "../events.ts";
import type { Instant } from "../instant.ts";
import type { Decision } from "../refusal.ts";

/**
 * Decides the end of one entitlement of a cancelled order. All its seats and licenses end with it: that follows from
 * this one fact, however many they are.
 * @returns no event where it has been cancelled before
 */
export function decideCancel(
  { entitlement }: EntitlementState,
  reason: string,
  now: Instant,
): Decision<EntitlementEvent> {
  if (entitlement.cancelledAt !== null) return { ok: true, events: [] };
  return {
    ok: true,
    events: [
      {
        type: "entitlement.cancelled",
        ...keysOf(entitlement, now),
        data: { reason, seats_ended: entitlement.seatsBound },
      },
    ],
  };
}
