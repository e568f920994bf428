// Pure. The fold that makes an entitlement of its events.

import type { Entitlement, EntitlementState, Seat } from "./entitlement.ts";
import type { ActivationBound, EntitlementEvent, EntitlementGranted } from "./events.ts";
import type { Allowance } from "./words.ts";
import { addDuration, type Duration, type Instant, readInstant } from "./instant.ts";

/** Uses of an allowance that are remembered at least: a policy that later counts more finds those before it. */
const MIN_USES = 32;

/** Later than every instant. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

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
  const at = instant(event.occurred_at);
  const change = (changes: Partial<Entitlement>, seats = state.seats): EntitlementState => ({
    entitlement: { ...entitlement, ...changes },
    seats,
  });
  // What is brought in later and was earlier would have to be decided by a right that is known no more.
  const changeRight = (changes: Partial<Entitlement>): EntitlementState =>
    change({ ...changes, changedAt: Math.max(entitlement.changedAt ?? at, at) });
  switch (event.type) {
    case "activation.bound":
      return bound(state, event, at);
    case "license.issued": {
      const license = {
        licenseId: event.license_id,
        issuedAt: at,
        notBefore: instant(event.data.not_before),
        expiresAt: optional(event.data.expires_at),
      };
      const seat = seatOf(state, event.activation_id);
      return { entitlement, seats: withSeat(state, { ...running(seat, license.expiresAt), license }) };
    }
    case "license.lent": {
      const seat = running(seatOf(state, event.activation_id), instant(event.data.expires_at));
      const isCounted = event.data.kind !== "vendor_mistake";
      return change(isCounted ? used(entitlement, "temporary", at) : {}, withSeat(state, seat));
    }
    case "activation.ended": {
      const seat = seatOf(state, event.activation_id);
      if (seat.endedAt !== null) throw new TypeError(`the seat ${seat.activationId} ended before`);
      const freed = {
        seatsBound: entitlement.seatsBound - 1,
        seatsFreedAt: Math.max(entitlement.seatsFreedAt ?? at, at),
        ...(event.data.reason === "returned" ? used(entitlement, "returns", at) : {}),
        ...(event.data.reason === "released" ? loose(entitlement, seat, at) : {}),
      };
      return change(freed, withSeat(state, { ...seat, endedAt: at }));
    }
    case "entitlement.cancelled": {
      const seats = new Map(
        Array.from(state.seats, ([id, seat]) => [id, { ...seat, endedAt: seat.endedAt ?? at }]),
      );
      return change({ cancelledAt: at, seatsBound: 0 }, seats);
    }
    case "activation.cloned":
      return change({ clonesSeen: entitlement.clonesSeen + 1 });
    case "usage.recorded":
      return change({
        consumption: { periodStartsAt: instant(event.data.period_starts_at), used: event.data.used },
      });
    case "entitlement.suspended":
      return changeRight({ suspendedAt: at });
    case "entitlement.reinstated":
      return changeRight({ suspendedAt: null });
    case "entitlement.started":
      return change({ startsAt: instant(event.data.starts_at), endsAt: instant(event.data.ends_at) });
    case "entitlement.renewed":
      // One for a time that is over may be told after one that reaches further.
      return changeRight({
        endsAt: Math.max(entitlement.endsAt ?? 0, instant(event.data.ends_at)),
        maintenanceEndsAt: optional(event.data.maintenance_ends_at),
      });
    case "entitlement.upgraded":
      return changeRight({
        product: event.data.product,
        model: modelOf(event.data.model),
        // Other periods begin another count: the old one's would be a period of no length that is counted now.
        consumption:
          event.data.model.consumption_per === entitlement.model.consumptionPer
            ? entitlement.consumption
            : null,
        policy: event.data.policy,
        longestGrace: longer(entitlement.longestGrace, event.data.policy.grace),
        endsAt: optional(event.data.ends_at),
        maintenanceEndsAt: optional(event.data.maintenance_ends_at),
      });
    case "entitlement.extended":
    case "entitlement.split":
      return changeRight({ quantity: event.data.quantity });
    case "entitlement.transferred":
      return changeRight({ customerId: event.customer_id });
    case "entitlement.policy_overridden":
      return changeRight({
        overrides: { ...entitlement.overrides, ...event.data.changes },
        policy: event.data.policy,
        longestGrace: longer(entitlement.longestGrace, event.data.policy.grace),
      });
    case "activation.refused":
      return state;
  }
}

function granted(event: EntitlementGranted): Entitlement {
  const { data } = event;
  const { inherited } = data;
  const usesOf = (allowance: Allowance) => (inherited?.uses[allowance] ?? []).map(instant);
  return {
    entitlementId: event.entitlement_id,
    orderId: event.order_id,
    customerId: event.customer_id,
    lineNumber: data.line_number,
    product: data.product,
    model: modelOf(data.model),
    policy: data.policy,
    overrides: inherited?.overrides ?? {},
    longestGrace: data.policy.grace ?? null,
    quantity: data.quantity,
    priceBand: data.price_band,
    sale: { currency: data.currency, channel: data.channel, country: data.country },
    isTest: data.is_test,
    orderedAt: instant(data.ordered_at),
    startsAt: instant(data.starts_at),
    endsAt: optional(data.ends_at),
    maintenanceEndsAt: optional(data.maintenance_ends_at),
    cancelledAt: null,
    suspendedAt: null,
    parentEntitlementId: data.parent_entitlement_id,
    seatsBound: 0,
    seatsFreedAt: null,
    changedAt: null,
    looseEnds: [],
    lastBoundAt: null,
    uses: {
      rehosts: usesOf("rehosts"),
      returns: usesOf("returns"),
      repairs: usesOf("repairs"),
      temporary: usesOf("temporary"),
    },
    consumption: null,
    clonesSeen: 0,
  };
}

function modelOf(model: EntitlementGranted["data"]["model"]): Entitlement["model"] {
  const {
    id,
    name,
    term,
    metric,
    duration,
    expires_from: expiresFrom,
    consumption_per: consumptionPer,
  } = model;
  return { id, name, term, metric, duration, expiresFrom, consumptionPer };
}

/** A new seat, or one that moved: it keeps its name, and has the next generation. */
function bound(state: EntitlementState, event: ActivationBound, at: Instant): EntitlementState {
  const { entitlement } = state;
  const { generation, reason, host_hash: hostHash, user_hash: userHash } = event.data;
  const lastBoundAt = Math.max(entitlement.lastBoundAt ?? at, at);
  if (reason === "activated") {
    if (state.seats.has(event.activation_id))
      throw new TypeError(`the seat ${event.activation_id} was bound before`);
    const seat: Seat = {
      activationId: event.activation_id,
      hostHash,
      userHash,
      generation,
      boundAt: at,
      endedAt: null,
      runsUntil: at,
      license: null,
    };
    const taken = { ...entitlement, lastBoundAt, seatsBound: entitlement.seatsBound + 1 };
    return { entitlement: taken, seats: withSeat(state, seat) };
  }
  const seat = seatOf(state, event.activation_id);
  if (seat.endedAt !== null || generation !== seat.generation + 1)
    throw new TypeError(`the seat ${seat.activationId} cannot move from ${seat.generation} to ${generation}`);
  const moved = { ...seat, hostHash, userHash, generation, boundAt: at };
  return {
    entitlement: {
      ...entitlement,
      ...used(entitlement, reason === "rehosted" ? "rehosts" : "repairs", at),
      lastBoundAt,
    },
    seats: withSeat(state, moved),
  };
}

/** A license more, of whichever kind and generation. */
function running(seat: Seat, end: Instant | null): Seat {
  const runsUntil = seat.runsUntil === null || end === null ? null : Math.max(seat.runsUntil, end);
  return { ...seat, runsUntil };
}

/** A seat went back to its pool, and left a license behind that runs to its lease's end. */
function loose({ looseEnds }: Entitlement, { license }: Seat, at: Instant): Pick<Entitlement, "looseEnds"> {
  const ends = license ? [...looseEnds, license.expiresAt ?? FOR_EVER] : looseEnds;
  return { looseEnds: ends.filter((end) => end > at) };
}

function longer(grace: Duration | null, other: Duration | undefined): Duration | null {
  if (grace === null || other === undefined) return grace ?? other ?? null;
  return addDuration(0, other) > addDuration(0, grace) ? other : grace;
}

/** An allowance made use of once more. Those long before decide nothing, and are forgotten. */
function used(entitlement: Entitlement, allowance: Allowance, at: Instant): Pick<Entitlement, "uses"> {
  const kept = Math.max(entitlement.policy[allowance]?.count ?? 0, MIN_USES);
  const uses = [...entitlement.uses[allowance], at].toSorted((a, b) => a - b).slice(-kept);
  return { uses: { ...entitlement.uses, [allowance]: uses } };
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

const optional = (text: string | null): Instant | null => (text === null ? null : instant(text));

function instant(text: string): Instant {
  const parsed = readInstant(text);
  if (parsed === undefined) throw new TypeError(`not a timestamp: ${text}`);
  return parsed;
}
