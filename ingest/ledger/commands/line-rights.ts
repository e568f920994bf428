// The rights of an order's line, changed one after the other: the one that was sold, and the parts that were split off.

import type {
  Decision,
  Entitlement,
  EntitlementEvent,
  Instant,
  Refusal,
  Seat,
} from "../../../licensing/index.ts";
import { entitlementsOfOrder } from "../queries.ts";
import type { Store } from "../store.ts";

/** The rights of an order, by the numbers of its lines; of each line the whole comes first. */
export function rightsByLine(store: Store, orderId: string): Map<number, Entitlement[]> {
  const byLine = new Map<number, Entitlement[]>();
  for (const { entitlement } of entitlementsOfOrder(store.sql, orderId)) {
    const line = byLine.get(entitlement.lineNumber) ?? [];
    byLine.set(entitlement.lineNumber, [...line, entitlement]);
  }
  return byLine;
}

/**
 * When a change takes place that its storefront tells: then, or as soon after it as the history of the right allows, for no
 * message may be lost because another one was quicker.
 */
export function changeTime(right: Entitlement, at: Instant, now: Instant): Instant {
  const { orderedAt, changedAt, lastBoundAt } = right;
  return Math.min(now, Math.max(at, orderedAt, changedAt ?? 0, lastBoundAt ?? 0));
}

/**
 * Records what is decided of each of some rights.
 * @returns the rights after it, and the first refusal: what others allow is done all the same
 */
export function changeRights(
  store: Store,
  rights: readonly Entitlement[],
  source: string,
  decide: (right: Entitlement) => Decision<EntitlementEvent>,
): { rights: Entitlement[]; refusal: Refusal | null } {
  let refusal: Refusal | null = null;
  const changed = rights.map((right) => {
    const decision = decide(right);
    if (!decision.ok) {
      refusal ??= decision.refusal;
      return right;
    }
    const state = { entitlement: right, seats: new Map<string, Seat>() };
    return store.record(state, decision.events, source).entitlement;
  });
  return { rights: changed, refusal };
}
