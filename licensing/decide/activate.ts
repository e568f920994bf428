// Pure. May this host (or user) take a seat, and what happens when it does?

import { type Entitlement, type EntitlementState, keysOf, type Seat, seatLimit } from "../entitlement.ts";
import type { ActivationEnded, EntitlementEvent, EntitlementStarted } from "../events.ts";
import { addDuration, type Duration, formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { type Check, firstRefusal, inForce } from "./checks.ts";
import { bind, type HostStatement, isLicenseRunning, issue, type NewIds } from "./license.ts";

/** Who asks for a seat. */
export interface ActivateCommand extends HostStatement {
  /** For a host that never calls: the license runs as long as the policy allows for such, without a lease. */
  isOffline?: boolean;
  /** To take a floating seat along for so long. */
  borrowFor?: Duration;
}

/** What happens, and the seat that the host has after it; or why not. */
export type SeatDecision =
  { ok: true; activationId: string; events: EntitlementEvent[] } | { ok: false; refusal: Refusal };

/**
 * Decides an activation.
 * @param state the entitlement with the seats that {@link isSeatOf} finds for this command, those whose lease is over,
 *   and the one whose lease ends next
 * @returns no event where the host has its seat and a license that still runs; `license.issued` where that ran out, or one
 *   of another length is asked for; else the seat that it takes, after the seats that fell free
 */
export function decideActivate(
  before: EntitlementState,
  command: ActivateCommand,
  now: Instant,
  ids: NewIds,
): SeatDecision {
  const refusal = firstRefusal(
    [...inForce, isForUser(command), mayRun(command, now)],
    before.entitlement,
    now,
  );
  if (refusal) return { ok: false, refusal };
  const runs = lengthOf(before.entitlement, command);

  const own = Array.from(before.seats.values()).find((seat) => isSeatOf(seat, before.entitlement, command));
  if (own) {
    const { activationId } = own;
    const isSpecial = command.isOffline === true || command.borrowFor !== undefined;
    if (!isSpecial && isLicenseRunning(own, now)) return { ok: true, activationId, events: [] };
    return {
      ok: true,
      activationId,
      events: [issue(before.entitlement, own, "reissued", now, ids.licenseId, runs)],
    };
  }

  const lapsed = Array.from(before.seats.values()).filter((seat) => isLapsed(seat, before.entitlement, now));
  const noSeat = hasSeat(before, lapsed.length, now);
  if (noSeat) return { ok: false, refusal: noSeat };
  const started = start(before.entitlement, now);
  const entitlement = started
    ? { ...before.entitlement, endsAt: termEnd(before.entitlement, now) }
    : before.entitlement;
  const seat = { activationId: ids.activationId, generation: 1 };
  return {
    ok: true,
    activationId: ids.activationId,
    events: [
      ...(started ? [started] : []),
      ...lapsed.map((one) => end(entitlement, one)),
      bind(entitlement, seat, "activated", command, now),
      issue(entitlement, seat, "activated", now, ids.licenseId, runs),
    ],
  };
}

const isForUser =
  ({ userHash }: ActivateCommand): Check =>
  ({ model }) =>
    model.metric === "named-user" && userHash === null
      ? refuse("user_required", "Seats of this license belong to named users: say which user activates.", {
          field: "user",
        })
      : null;

/** Whether the license may be of the length that is asked for. */
const mayRun =
  ({ isOffline, borrowFor }: ActivateCommand, now: Instant): Check =>
  ({ policy, model }) => {
    if (isOffline && policy.offline === undefined)
      return refuse("offline_not_allowed", "This license allows no activation without a connection.");
    if (borrowFor === undefined) return null;
    const { borrow } = policy;
    if (model.metric !== "floating" || borrow === undefined)
      return refuse("borrow_not_allowed", "Seats of this license cannot be taken along.", {
        field: "borrowFor",
      });
    return addDuration(now, borrowFor) > addDuration(now, borrow)
      ? refuse("borrow_not_allowed", `A seat can be taken along for ${borrow} at the longest.`, {
          field: "borrowFor",
        })
      : null;
  };

function lengthOf({ policy }: Entitlement, command: ActivateCommand): Duration | undefined {
  if (command.isOffline) return policy.offline;
  return command.borrowFor ?? policy.lease;
}

/** The refusal of a host for which there is no seat; null where there is one. */
function hasSeat({ entitlement, seats }: EntitlementState, lapsed: number, now: Instant): Refusal | null {
  const limit = seatLimit(entitlement);
  if (limit === null) return null;
  // Before the latest end of a seat more were taken than are counted now.
  const { seatsFreedAt } = entitlement;
  if (seatsFreedAt !== null && now < seatsFreedAt)
    return refuse(
      "history_out_of_order",
      `A seat was freed later, at ${formatInstant(seatsFreedAt)}: bring the history of an order in the order in which it happened.`,
    );
  if (entitlement.seatsBound - lapsed < limit) return null;
  const nextEnd = Array.from(seats.values())
    .filter((seat) => entitlement.model.metric === "floating" && seat.endedAt === null)
    .map((seat) => seat.license?.expiresAt ?? Infinity)
    .filter((expiresAt) => expiresAt > now)
    .reduce((a, b) => Math.min(a, b), Infinity);
  // A lease that the term cuts short leaves no time in which another could have the seat.
  return nextEnd < (entitlement.endsAt ?? Infinity)
    ? refuse(
        "no_seats_left",
        `All ${limit} seats are in use; the next lease ends at ${formatInstant(nextEnd)} unless its host renews it.`,
        { passesAt: nextEnd },
      )
    : refuse("no_seats_left", `All ${limit} seats are in use: free one, or buy more.`);
}

/** Whether a seat is the one that this command asks for again: by user where the metric binds users, else by host. */
export function isSeatOf(seat: Seat, { model }: Entitlement, command: HostStatement): boolean {
  if (seat.endedAt !== null) return false;
  return model.metric === "named-user"
    ? seat.userHash === command.userHash
    : seat.hostHash === command.hostHash;
}

/** A floating seat is only lent: with its lease it falls back to the pool. */
function isLapsed(seat: Seat, { model }: Entitlement, now: Instant): boolean {
  return model.metric === "floating" && seat.endedAt === null && !isLicenseRunning(seat, now);
}

/** The end of a term that begins now. */
function termEnd({ model, endsAt }: Entitlement, now: Instant): Instant | null {
  return model.duration === null ? endsAt : addDuration(now, model.duration);
}

/** A term that is counted from the first activation begins with it. */
function start(entitlement: Entitlement, now: Instant): EntitlementStarted | null {
  const { model, endsAt, lastBoundAt } = entitlement;
  if (model.expiresFrom !== "first-activation" || endsAt !== null || lastBoundAt !== null) return null;
  const begun = termEnd(entitlement, now);
  if (begun === null) return null;
  return {
    type: "entitlement.started",
    ...keysOf(entitlement, now),
    data: { starts_at: formatInstant(now), ends_at: formatInstant(begun) },
  };
}

function end(entitlement: Entitlement, seat: Seat): ActivationEnded {
  const endedAt = seat.license?.expiresAt ?? seat.boundAt;
  return {
    type: "activation.ended",
    ...keysOf(entitlement, endedAt),
    activation_id: seat.activationId,
    data: { reason: "lease_ended" },
  };
}
