// Pure. A host asks for its next license. Here a copy that was left behind shows itself.

import { type Entitlement, type EntitlementState, keysOf, type Seat } from "../entitlement.ts";
import type { ActivationCloned } from "../events.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { SeatDecision } from "./activate.ts";
import { changeable, firstRefusal, inForce } from "./checks.ts";
import { isLicenseRunning, issue } from "./license.ts";

/** What a host shows: the generation of the license that it holds, and who it is. */
export interface Proof {
  /** Of the license that was presented; null where an activation code was presented instead. */
  generation: number | null;
  /** Keyed hash of the host that asks; null where it does not say. */
  hostHash: string | null;
}

/**
 * The refusal of whoever is not the holder of a seat; null for its holder. Where the right has ended with all its seats,
 * that is what its holder is told, and not to activate anew.
 */
export function checkHolder(
  entitlement: Entitlement,
  seat: Seat,
  proof: Proof,
  now: Instant,
): Refusal | null {
  const refusal = checkGeneration(seat, proof) ?? firstRefusal(changeable, entitlement, now);
  if (refusal) return refusal;
  if (seat.endedAt !== null)
    return refuse(
      "seat_ended",
      `The seat was given up at ${formatInstant(seat.endedAt)}: activate this computer anew.`,
    );
  // A named user's seat is the user's, at any computer.
  const { hostHash } = proof;
  const isUsers = entitlement.model.metric === "named-user";
  if (!isUsers && hostHash !== null && seat.hostHash !== null && hostHash !== seat.hostHash)
    return refuse("wrong_host", "The seat belongs to another host: move it, or activate this computer anew.");
  return null;
}

/** A lower generation is a license from before the seat moved: a copy on a host that was said to be gone. */
export function checkGeneration(
  seat: Pick<Seat, "generation">,
  { generation }: Pick<Proof, "generation">,
): Refusal | null {
  return generation !== null && generation < seat.generation
    ? refuse(
        "license_superseded",
        "The seat has moved to another host since this license was made: activate this computer anew.",
      )
    : null;
}

/**
 * Decides a refresh.
 * @param seat the seat that is asked for, in any state
 * @returns `license.issued`; no event where the clock went back behind the present license
 */
export function decideRefresh(
  { entitlement }: EntitlementState,
  seat: Seat,
  proof: Proof,
  now: Instant,
  licenseId: string,
): SeatDecision {
  const refusal = checkHolder(entitlement, seat, proof, now) ?? firstRefusal(inForce, entitlement, now);
  if (refusal) return { ok: false, refusal };
  const { activationId } = seat;
  if (seat.license && now <= seat.license.issuedAt && isLicenseRunning(seat, now))
    return { ok: true, activationId, events: [] };
  return { ok: true, activationId, events: [issue(entitlement, seat, "refreshed", now, licenseId)] };
}

/** The fact that a copy showed itself. */
export function activationCloned(
  { entitlement }: EntitlementState,
  seat: Seat,
  proof: Proof,
  now: Instant,
): ActivationCloned {
  return {
    type: "activation.cloned",
    ...keysOf(entitlement, now),
    activation_id: seat.activationId,
    data: {
      presented_generation: proof.generation ?? seat.generation,
      generation: seat.generation,
      host_hash: proof.hostHash,
    },
  };
}
