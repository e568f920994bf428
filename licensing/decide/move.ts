// Pure. A seat moves: to another host, since the old one may be dead (rehost), or to the same one whose fingerprint
// changed (repair). The old license cannot be taken away; it is refused from now on, listed, and dies with its lease.

import { checkAllowance } from "../allowance.ts";
import type { EntitlementState, Seat } from "../entitlement.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { isSeatOf, type SeatDecision } from "./activate.ts";
import { firstRefusal, inForce } from "./checks.ts";
import { bind, type HostStatement, issue } from "./license.ts";
import { checkHolder, type Proof } from "./refresh.ts";

/**
 * Decides the move of a seat. The old host is not asked: it may be gone.
 * @param state the entitlement with the seat that moves, and with the one that the new host has, if any
 * @returns the seat under its next generation, and its license; no event where the host has this seat already
 */
export function decideMove(
  { entitlement, seats }: EntitlementState,
  seat: Seat,
  kind: "rehost" | "repair",
  to: HostStatement,
  proof: Pick<Proof, "generation">,
  now: Instant,
  licenseId: string,
): SeatDecision {
  const { activationId } = seat;
  const isThere = seat.endedAt === null && seat.hostHash === to.hostHash;
  // The answer may have been lost: the same request again is not a second move.
  const shown = isThere ? null : proof.generation;
  const refusal =
    checkHolder(entitlement, seat, { generation: shown, hostHash: null }, now) ??
    firstRefusal(inForce, entitlement, now);
  if (refusal) return { ok: false, refusal };
  if (isThere) return { ok: true, activationId, events: [] };

  const stop =
    isFree(seats, entitlement, to) ??
    inOrder(seat, now) ??
    checkAllowance(entitlement, kind === "rehost" ? "rehosts" : "repairs", now, entitlement.endsAt);
  if (stop) return { ok: false, refusal: stop };
  const moved = { activationId, generation: seat.generation + 1 };
  const reason = kind === "rehost" ? "rehosted" : "repaired";
  return {
    ok: true,
    activationId,
    events: [
      bind(entitlement, moved, reason, { ...to, userHash: seat.userHash }, now),
      issue(entitlement, moved, reason, now, licenseId),
    ],
  };
}

function isFree(
  seats: EntitlementState["seats"],
  entitlement: EntitlementState["entitlement"],
  to: HostStatement,
): Refusal | null {
  if (entitlement.model.metric === "named-user") return null;
  return Array.from(seats.values()).some((other) => isSeatOf(other, entitlement, to))
    ? refuse("host_has_seat", "The host has a seat of this license already: it needs no other.")
    : null;
}

function inOrder({ boundAt }: Seat, now: Instant): Refusal | null {
  return now < boundAt
    ? refuse("history_out_of_order", `The seat came to its host later, at ${formatInstant(boundAt)}.`)
    : null;
}
