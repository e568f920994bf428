// Pure. What ends when an order is taken back.

import { type EntitlementState, keysOf } from "../entitlement.ts";
import type { EntitlementEvent } from "../events.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Decision, refuse } from "../refusal.ts";

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
  const { cancelledAt, orderedAt, lastBoundAt, changedAt } = entitlement;
  if (cancelledAt !== null) return { ok: true, events: [] };
  const latest = Math.max(orderedAt, lastBoundAt ?? orderedAt, changedAt ?? orderedAt);
  if (now < latest)
    return {
      ok: false,
      refusal: refuse(
        "history_out_of_order",
        `The order was still in use later, at ${formatInstant(latest)}: a cancellation comes after what it ends.`,
      ),
    };
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
