// Pure. May this host (or user) take a seat, and what happens when it does?

import type { Policy } from "../catalog.ts";
import {
  type Entitlement,
  type EntitlementState,
  keysOf,
  type Seat,
  seatLimit,
  statusAt,
} from "../entitlement.ts";
import type { ActivationRefused, EntitlementEvent } from "../events.ts";
import { addDuration, formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";

/** Who asks for a seat. The hashes are keyed, made by the caller: the rules never see the computer's own ID. */
export interface ActivateCommand {
  hostHash: string;
  userHash: string | null;
  platform: {
    osType: string;
    osTypeRaw: string | null;
    osVersion: string | null;
    arch: string;
    archRaw: string | null;
    appVersion: string | null;
  };
}

/** Identifiers that the decision may need, made by the caller, used where it says yes. */
export interface ActivateIds {
  activationId: string;
  licenseId: string;
}

/** What happens, and the seat that the host has after it; or why not. */
export type ActivateDecision =
  { ok: true; activationId: string; events: EntitlementEvent[] } | { ok: false; refusal: Refusal };

/**
 * Decides an activation.
 * @param state the entitlement with the seats that {@link isSeatOf} finds for this command, those whose lease is over,
 *   and the one whose lease ends next
 * @returns no event where the host has its seat and a license that still runs; `license.issued` where that ran out; else
 *   the seat that it takes, after the seats that fell free
 */
export function decideActivate(
  state: EntitlementState,
  command: ActivateCommand,
  now: Instant,
  ids: ActivateIds,
): ActivateDecision {
  const { entitlement } = state;
  const refusal = checks.reduce<Refusal | null>(
    (found, check) => found ?? check(entitlement, command, now),
    null,
  );
  if (refusal) return { ok: false, refusal };

  const own = Array.from(state.seats.values()).find((seat) => isSeatOf(seat, entitlement, command));
  if (own) {
    const { activationId } = own;
    if (isLicenseRunning(own, now)) return { ok: true, activationId, events: [] };
    return { ok: true, activationId, events: [issue(entitlement, own, "reissued", now, ids.licenseId)] };
  }

  const limit = seatLimit(entitlement);
  // Before the latest end of a seat more were taken than are counted now.
  const { seatsFreedAt } = entitlement;
  if (limit !== null && seatsFreedAt !== null && now < seatsFreedAt)
    return {
      ok: false,
      refusal: refuse(
        "history_out_of_order",
        `A seat was freed later, at ${formatInstant(seatsFreedAt)}: bring the history of an order in the order in which it happened.`,
      ),
    };
  const lapsed = Array.from(state.seats.values()).filter((seat) => isLapsed(seat, entitlement, now));
  if (limit !== null && entitlement.seatsBound - lapsed.length >= limit)
    return { ok: false, refusal: noSeatsLeft(state, limit, now) };
  return {
    ok: true,
    activationId: ids.activationId,
    events: [
      ...lapsed.map((seat) => end(entitlement, seat)),
      bind(entitlement, command, now, ids.activationId),
      issue(entitlement, { activationId: ids.activationId, generation: 1 }, "activated", now, ids.licenseId),
    ],
  };
}

type Check = (entitlement: Entitlement, command: ActivateCommand, now: Instant) => Refusal | null;

/** In the order of precedence: the first that refuses is the answer. Seats come last, for they cost a look at others. */
const checks: Check[] = [
  ({ orderedAt }, _command, now) =>
    now < orderedAt
      ? refuse(
          "history_out_of_order",
          `The order was placed later, at ${formatInstant(orderedAt)}: nothing of it could be activated before.`,
        )
      : null,
  ({ cancelledAt }, _command, now) =>
    cancelledAt !== null && now < cancelledAt
      ? refuse(
          "history_out_of_order",
          `The order was cancelled later, at ${formatInstant(cancelledAt)}: bring the history of an order in the order in which it happened.`,
        )
      : null,
  (entitlement, _command, now) =>
    statusAt(entitlement, now) === "cancelled"
      ? refuse(
          "entitlement_cancelled",
          `The order ${entitlement.orderId} was cancelled, and its licenses ended with it.`,
        )
      : null,
  (entitlement, _command, now) =>
    statusAt(entitlement, now) === "not_started"
      ? refuse("entitlement_not_started", `The license starts at ${formatInstant(entitlement.startsAt)}.`, {
          passesAt: entitlement.startsAt,
        })
      : null,
  (entitlement, _command, now) =>
    statusAt(entitlement, now) === "expired"
      ? refuse(
          "entitlement_expired",
          `The license ended at ${formatInstant(entitlement.endsAt ?? now)}: renew it to activate again.`,
        )
      : null,
  (entitlement, command) =>
    entitlement.model.metric === "named-user" && command.userHash === null
      ? refuse("user_required", "Seats of this license belong to named users: say which user activates.", {
          field: "user",
        })
      : null,
];

function noSeatsLeft({ entitlement, seats }: EntitlementState, limit: number, now: Instant): Refusal {
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
export function isSeatOf(seat: Seat, { model }: Entitlement, command: ActivateCommand): boolean {
  if (seat.endedAt !== null) return false;
  return model.metric === "named-user"
    ? seat.userHash === command.userHash
    : seat.hostHash === command.hostHash;
}

/** A floating seat is only lent: with its lease it falls back to the pool. */
function isLapsed(seat: Seat, { model }: Entitlement, now: Instant): boolean {
  return model.metric === "floating" && seat.endedAt === null && !isLicenseRunning(seat, now);
}

function isLicenseRunning({ license }: Seat, now: Instant): boolean {
  return license !== null && (license.expiresAt === null || license.expiresAt > now);
}

/** When a license that is made now ends: with its lease or with the term, whichever is first; null for never. */
export function licenseEnd(policy: Policy, endsAt: Instant | null, now: Instant): Instant | null {
  const leaseEnd = policy.lease === undefined ? null : addDuration(now, policy.lease);
  if (leaseEnd === null || endsAt === null) return leaseEnd ?? endsAt;
  return Math.min(leaseEnd, endsAt);
}

function bind(
  entitlement: Entitlement,
  command: ActivateCommand,
  now: Instant,
  activationId: string,
): EntitlementEvent {
  const { platform } = command;
  return {
    type: "activation.bound",
    ...keysOf(entitlement, now),
    activation_id: activationId,
    data: {
      generation: 1,
      host_hash: command.hostHash,
      user_hash: entitlement.model.metric === "named-user" ? command.userHash : null,
      os_type: platform.osType,
      os_version: platform.osVersion,
      arch: platform.arch,
      os_type_raw: platform.osTypeRaw,
      arch_raw: platform.archRaw,
      app_version: platform.appVersion,
    },
  };
}

function end(entitlement: Entitlement, seat: Seat): EntitlementEvent {
  const endedAt = seat.license?.expiresAt ?? seat.boundAt;
  return {
    type: "activation.ended",
    ...keysOf(entitlement, endedAt),
    activation_id: seat.activationId,
    data: { reason: "lease_ended" },
  };
}

function issue(
  entitlement: Entitlement,
  seat: Pick<Seat, "activationId" | "generation">,
  reason: "activated" | "reissued",
  now: Instant,
  licenseId: string,
): EntitlementEvent {
  const expiresAt = licenseEnd(entitlement.policy, entitlement.endsAt, now);
  return {
    type: "license.issued",
    ...keysOf(entitlement, now),
    activation_id: seat.activationId,
    license_id: licenseId,
    data: {
      generation: seat.generation,
      not_before: formatInstant(now),
      expires_at: expiresAt === null ? null : formatInstant(expiresAt),
      reason,
    },
  };
}

/** The fact that a host was turned away. */
export function activationRefused(
  entitlement: Entitlement,
  command: ActivateCommand,
  refusal: Refusal,
  now: Instant,
): ActivationRefused {
  return {
    type: "activation.refused",
    ...keysOf(entitlement, now),
    data: {
      code: refusal.code,
      rule: refusal.rule,
      passes_at: refusal.passesAt === undefined ? null : formatInstant(refusal.passesAt),
      host_hash: command.hostHash,
      os_type: command.platform.osType,
      os_version: command.platform.osVersion,
      arch: command.platform.arch,
      app_version: command.platform.appVersion,
    },
  };
}
