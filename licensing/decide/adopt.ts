// Pure. A seat that another scheme gave: it is taken here as well, and the license that its host has stays that scheme's.

import { type EntitlementState, seatLimit } from "../entitlement.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { isSeatOf, type SeatDecision } from "./activate.ts";
import { changeable, firstRefusal } from "./checks.ts";
import { bind, type HostStatement } from "./license.ts";

/**
 * Decides that a host has had a seat since a time at which nobody asked us.
 * @param before the entitlement with the host's own seat, where it has one
 * @returns no event where the host has its seat already; else `activation.bound`, and no license of ours. A term that is over by
 *   now, or had not begun then, refuses nothing: the other scheme decided that. What there are no seats for is refused
 */
export function decideAdopt(
  before: EntitlementState,
  host: HostStatement,
  boundAt: Instant,
  activationId: string,
): SeatDecision {
  const { entitlement } = before;
  const own = Array.from(before.seats.values()).find((seat) => isSeatOf(seat, entitlement, host));
  if (own) return { ok: true, activationId: own.activationId, events: [] };
  const refusal = firstRefusal(changeable, entitlement, boundAt) ?? hasRoom(before, boundAt);
  if (refusal) return { ok: false, refusal };
  const seat = { activationId, generation: 1 };
  return { ok: true, activationId, events: [bind(entitlement, seat, "activated", host, boundAt)] };
}

function hasRoom({ entitlement }: EntitlementState, boundAt: Instant): Refusal | null {
  const limit = seatLimit(entitlement);
  if (limit === null) return null;
  const { seatsFreedAt, seatsBound } = entitlement;
  if (seatsFreedAt !== null && boundAt < seatsFreedAt)
    return refuse(
      "history_out_of_order",
      `A seat was freed later, at ${formatInstant(seatsFreedAt)}: it is not known any more whether this one was free.`,
    );
  return seatsBound < limit
    ? null
    : refuse("no_seats_left", `All ${limit} seats are taken: more hosts have one than were bought.`);
}
