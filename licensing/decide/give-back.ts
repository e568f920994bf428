// Pure. A host gives its seat up: for good, or back to the pool that it was lent from.

import { checkAllowance } from "../allowance.ts";
import { type Entitlement, type EntitlementState, keysOf, type Seat, seatLimit } from "../entitlement.ts";
import type { ActivationEnded } from "../events.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { SeatDecision } from "./activate.ts";
import { firstRefusal, notBeforeCancellation, notBeforeChange, notBeforeOrder } from "./checks.ts";
import { isLicenseRunning } from "./license.ts";
import { checkHolder, type Proof } from "./refresh.ts";

/** Decides a return: the customer gives a seat back from a working host, so many times in a period. */
export function decideReturn(state: EntitlementState, seat: Seat, proof: Proof, now: Instant): SeatDecision {
  const { entitlement } = state;
  if (entitlement.model.metric === "floating") return decideRelease(state, seat, proof, now);
  const refusal = refusalOf(entitlement, seat, proof, now) ?? checkAllowance(entitlement, "returns", now);
  return refusal ? { ok: false, refusal } : ended(entitlement, seat, "returned", now);
}

/**
 * Decides a release: a floating seat goes back to the pool at once, and its license runs on to its lease's end. Whoever
 * took seats in turn without end would have as many copies: so no more licenses are left behind at a time than there are
 * seats, and a seat that would leave one more falls back by itself, when its lease ends.
 */
export function decideRelease(
  { entitlement }: EntitlementState,
  seat: Seat,
  proof: Proof,
  now: Instant,
): SeatDecision {
  if (entitlement.model.metric !== "floating")
    return {
      ok: false,
      refusal: refuse("not_floating", "Only a floating seat is released: return this one."),
    };
  const refusal = refusalOf(entitlement, seat, proof, now) ?? isLoose(entitlement, seat, now);
  return refusal ? { ok: false, refusal } : ended(entitlement, seat, "released", now);
}

// The ends of so many licenses are kept in the state, some 17 bytes each.
const MAX_LOOSE = 1000;

function isLoose(entitlement: Entitlement, seat: Seat, now: Instant): Refusal | null {
  if (!isLicenseRunning(seat, now)) return null;
  const ends = entitlement.looseEnds.filter((end) => end > now);
  const most = Math.min(seatLimit(entitlement) ?? MAX_LOOSE, MAX_LOOSE);
  return ends.length < most
    ? null
    : refuse(
        "releases_used_up",
        `${most} released seats have licenses that still run: this seat falls back by itself when its lease ends.`,
        { passesAt: Math.min(...ends) },
      );
}

/** Decides the end of a seat by the vendor, whose license is not to run any more. Again is no news. */
export function decideRevoke({ entitlement }: EntitlementState, seat: Seat, now: Instant): SeatDecision {
  if (seat.endedAt !== null) return { ok: true, activationId: seat.activationId, events: [] };
  const refusal =
    firstRefusal([notBeforeOrder, notBeforeCancellation, notBeforeChange], entitlement, now) ??
    inOrder(seat, now);
  return refusal ? { ok: false, refusal } : ended(entitlement, seat, "revoked", now);
}

function refusalOf(entitlement: Entitlement, seat: Seat, proof: Proof, now: Instant) {
  return checkHolder(entitlement, seat, proof, now) ?? inOrder(seat, now);
}

function inOrder({ boundAt, license }: Seat, now: Instant) {
  const latest = Math.max(boundAt, license?.issuedAt ?? boundAt);
  return now < latest
    ? refuse("history_out_of_order", `The seat was still in use later, at ${formatInstant(latest)}.`)
    : null;
}

function ended(
  entitlement: Entitlement,
  { activationId }: Seat,
  reason: ActivationEnded["data"]["reason"],
  now: Instant,
): SeatDecision {
  return {
    ok: true,
    activationId,
    events: [
      {
        type: "activation.ended",
        ...keysOf(entitlement, now),
        activation_id: activationId,
        data: { reason },
      },
    ],
  };
}
