// Pure. What an entitlement is at an instant: a fold over its events, and nothing else.

import type { Policy } from "./catalog.ts";
import type { EntitlementEvent, EntitlementKeys, Metric, TermKind } from "./events.ts";
import { formatInstant, type Instant, readInstant } from "./instant.ts";

/** The right which one order line grants. */
export interface Entitlement {
  entitlementId: string;
  orderId: string;
  customerId: string;
  lineNumber: number;
  product: { sku: string; name: string; brand: string; version?: string; features: string[] };
  model: { id: string; name: string; term: TermKind; metric: Metric };
  policy: Policy;
  /** Seats bought. */
  quantity: number;
  priceBand: string | null;
  isTest: boolean;
  orderedAt: Instant;
  startsAt: Instant;
  /** When the term ends; null where it never does. */
  endsAt: Instant | null;
  cancelledAt: Instant | null;
  /** Seats taken now, over all hosts and users. */
  seatsBound: number;
  /** The latest end of a seat; null where none has ended. Earlier, more seats were taken than are now. */
  seatsFreedAt: Instant | null;
  /** The latest time at which a seat was taken; null where none was. */
  lastBoundAt: Instant | null;
}

/** One seat, and the license that was last made for it. */
export interface Seat {
  activationId: string;
  hostHash: string | null;
  userHash: string | null;
  generation: number;
  boundAt: Instant;
  endedAt: Instant | null;
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

/**
 * The state after one more event. The events of one entitlement are folded in the order of their `seq`.
 * @param state what was before; undefined before the first event, which is always `entitlement.granted`
 * @throws TypeError where the event does not fit the state: the caller folded the wrong events
 */
export function evolve(state: EntitlementState | undefined, event: EntitlementEvent): EntitlementState {
  if (event.type === "entitlement.granted") {
    if (state) throw new TypeError(`${event.entitlement_id} was granted before`);
    return { entitlement: granted(event), seats: new Map() };
  }
  if (!state)
    throw new TypeError(`the first event of an entitlement is entitlement.granted, not ${event.type}`);
  const { entitlement } = state;
  if (event.entitlement_id !== entitlement.entitlementId)
    throw new TypeError(`an event of ${event.entitlement_id} is none of ${entitlement.entitlementId}`);
  switch (event.type) {
    case "activation.bound": {
      if (state.seats.has(event.activation_id))
        throw new TypeError(`the seat ${event.activation_id} was bound before`);
      const seat: Seat = {
        activationId: event.activation_id,
        hostHash: event.data.host_hash,
        userHash: event.data.user_hash,
        generation: event.data.generation,
        boundAt: instant(event.occurred_at),
        endedAt: null,
        license: null,
      };
      return {
        entitlement: {
          ...entitlement,
          seatsBound: entitlement.seatsBound + 1,
          lastBoundAt: Math.max(entitlement.lastBoundAt ?? seat.boundAt, seat.boundAt),
        },
        seats: withSeat(state, seat),
      };
    }
    case "license.issued": {
      const license = {
        licenseId: event.license_id,
        issuedAt: instant(event.occurred_at),
        notBefore: instant(event.data.not_before),
        expiresAt: event.data.expires_at === null ? null : instant(event.data.expires_at),
      };
      return { entitlement, seats: withSeat(state, { ...seatOf(state, event.activation_id), license }) };
    }
    case "activation.ended": {
      const seat = seatOf(state, event.activation_id);
      if (seat.endedAt !== null) throw new TypeError(`the seat ${seat.activationId} ended before`);
      const endedAt = instant(event.occurred_at);
      const { seatsBound, seatsFreedAt } = entitlement;
      return {
        entitlement: {
          ...entitlement,
          seatsBound: seatsBound - 1,
          seatsFreedAt: Math.max(seatsFreedAt ?? endedAt, endedAt),
        },
        seats: withSeat(state, { ...seat, endedAt }),
      };
    }
    case "entitlement.cancelled": {
      const endedAt = instant(event.occurred_at);
      const seats = new Map(
        Array.from(state.seats, ([id, seat]) => [id, { ...seat, endedAt: seat.endedAt ?? endedAt }]),
      );
      return { entitlement: { ...entitlement, cancelledAt: endedAt, seatsBound: 0 }, seats };
    }
    case "activation.refused":
      return state;
  }
}

function granted(event: Extract<EntitlementEvent, { type: "entitlement.granted" }>): Entitlement {
  const { data } = event;
  return {
    entitlementId: event.entitlement_id,
    orderId: event.order_id,
    customerId: event.customer_id,
    lineNumber: data.line_number,
    product: data.product,
    model: { id: data.model.id, name: data.model.name, term: data.model.term, metric: data.model.metric },
    policy: data.policy,
    quantity: data.quantity,
    priceBand: data.price_band,
    isTest: data.is_test,
    orderedAt: instant(data.ordered_at),
    startsAt: instant(data.starts_at),
    endsAt: data.ends_at === null ? null : instant(data.ends_at),
    cancelledAt: null,
    seatsBound: 0,
    seatsFreedAt: null,
    lastBoundAt: null,
  };
}

function withSeat(state: EntitlementState, seat: Seat): ReadonlyMap<string, Seat> {
  return new Map(state.seats).set(seat.activationId, seat);
}

function seatOf(state: EntitlementState, activationId: string): Seat {
  const seat = state.seats.get(activationId);
  if (!seat)
    throw new TypeError(`no seat ${activationId} in the state of ${state.entitlement.entitlementId}`);
  return seat;
}

function instant(text: string): Instant {
  const parsed = readInstant(text);
  if (parsed === undefined) throw new TypeError(`not a timestamp: ${text}`);
  return parsed;
}

/** Where an entitlement stands at an instant. */
export function statusAt(
  entitlement: Entitlement,
  now: Instant,
): "cancelled" | "expired" | "not_started" | "active" {
  if (entitlement.cancelledAt !== null && entitlement.cancelledAt <= now) return "cancelled";
  if (entitlement.endsAt !== null && entitlement.endsAt <= now) return "expired";
  return now < entitlement.startsAt ? "not_started" : "active";
}

/** How many seats may be bound at once: quantity and overdraft; null where the metric counts none (site, metered). */
export function seatLimit(entitlement: Entitlement): number | null {
  const { metric } = entitlement.model;
  if (metric === "site" || metric === "metered") return null;
  const { overdraft = 0 } = entitlement.policy;
  return (
    entitlement.quantity +
    (typeof overdraft === "number"
      ? overdraft
      : Math.floor((entitlement.quantity * Number.parseInt(overdraft, 10)) / 100))
  );
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
