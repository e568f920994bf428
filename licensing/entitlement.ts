// Pure. What an entitlement is at an instant: a fold over its events, and nothing else.

import type { Policy } from "./policy.ts";
import type { EntitlementKeys } from "./events.ts";
import type { Allowance, Metric, TermBasis, TermKind } from "./words.ts";
import { type Duration, formatInstant, type Instant } from "./instant.ts";

/** The right which one order line grants. */
export interface Entitlement {
  entitlementId: string;
  orderId: string;
  customerId: string;
  lineNumber: number;
  product: { sku: string; name: string; brand: string; version?: string; features: string[] };
  model: {
    id: string;
    name: string;
    term: TermKind;
    metric: Metric;
    duration: Duration | null;
    expiresFrom: TermBasis;
    /** How long a metered quantity lasts before it begins anew. */
    consumptionPer: Duration | null;
  };
  policy: Policy;
  /** What of the policy staff said for this one entitlement. */
  overrides: Policy;
  /** The longest grace that a license of it may have; null for none. A policy that gives less takes none back. */
  longestGrace: Duration | null;
  /** Seats bought. */
  quantity: number;
  priceBand: string | null;
  /** How it was sold. */
  sale: { currency: string; channel: string; country: string | null };
  isTest: boolean;
  orderedAt: Instant;
  startsAt: Instant;
  /** When the term ends; null where it never does, or has not begun with the first activation. */
  endsAt: Instant | null;
  /** Releases up to this time may be run; null for all of them. */
  maintenanceEndsAt: Instant | null;
  cancelledAt: Instant | null;
  suspendedAt: Instant | null;
  /** The entitlement that this one came of by a split. */
  parentEntitlementId: string | null;
  /** Seats taken now, over all hosts and users. */
  seatsBound: number;
  /** The latest end of a seat; null where none has ended. Earlier, more seats were taken than are now. */
  seatsFreedAt: Instant | null;
  /** When the right was last changed by anything but its seats; null where never. What was before is decided no more. */
  changedAt: Instant | null;
  /** Ends of the licenses that released seats left behind, those that ran at the latest release. */
  looseEnds: Instant[];
  /** The latest time at which a seat was taken; null where none was. */
  lastBoundAt: Instant | null;
  /** When each allowance was last made use of, newest last: as many as the policy counts, and some for a policy that counts more. */
  uses: Record<Allowance, Instant[]>;
  /** What was used of a metered quantity in the latest period; null where nothing was. */
  consumption: { periodStartsAt: Instant; used: number } | null;
  /** Licenses that came back from a host which their seat had left. */
  clonesSeen: number;
}

/** One seat, and the license that was last made for it. */
export interface Seat {
  activationId: string;
  hostHash: string | null;
  userHash: string | null;
  generation: number;
  boundAt: Instant;
  endedAt: Instant | null;
  /** When the last of all licenses that were ever made for it ends, under any generation; null for never. */
  runsUntil: Instant | null;
  license: { licenseId: string; issuedAt: Instant; notBefore: Instant; expiresAt: Instant | null } | null;
}

/**
 * An entitlement with those of its seats that the next command may touch, by activation ID. The ledger loads no more:
 * a customer with ten thousand seats pays for one. Folding all events from the beginning gives all seats.
 */
export interface EntitlementState {
  entitlement: Entitlement;
  seats: ReadonlyMap<string, Seat>;
}

/** Where an entitlement stands at an instant. */
export function statusAt(
  entitlement: Entitlement,
  now: Instant,
): "cancelled" | "suspended" | "expired" | "not_started" | "active" {
  if (entitlement.cancelledAt !== null && entitlement.cancelledAt <= now) return "cancelled";
  if (entitlement.suspendedAt !== null && entitlement.suspendedAt <= now) return "suspended";
  if (entitlement.endsAt !== null && entitlement.endsAt <= now) return "expired";
  return now < entitlement.startsAt ? "not_started" : "active";
}

/** How many seats may be bound at once: quantity and overdraft; null where the metric counts none (site, metered). */
export function seatLimit(entitlement: Entitlement): number | null {
  const { metric } = entitlement.model;
  if (metric === "site" || metric === "metered") return null;
  return entitlement.quantity + overdraftOf(entitlement);
}

/** Seats (or metered units) that are allowed beyond the quantity. */
export function overdraftOf({ quantity, policy }: Pick<Entitlement, "quantity" | "policy">): number {
  const { overdraft = 0 } = policy;
  return typeof overdraft === "number"
    ? overdraft
    : Math.floor((quantity * Number.parseInt(overdraft, 10)) / 100);
}

/** The keys that an event of this entitlement carries. */
export function keysOf(entitlement: Entitlement, occurredAt: Instant): EntitlementKeys {
  return {
    entitlement_id: entitlement.entitlementId,
    order_id: entitlement.orderId,
    customer_id: entitlement.customerId,
    sku: entitlement.product.sku,
    occurred_at: formatInstant(occurredAt),
  };
}
