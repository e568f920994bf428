// Pure. The license that a seat gets: how long it runs, and the fact that it was made.

import { type Entitlement, keysOf, type Seat } from "../entitlement.ts";
import type { ActivationBound, LicenseIssued } from "../events.ts";
import { addDuration, type Duration, formatInstant, type Instant } from "../instant.ts";

/** Where a client says that it is and what it runs on. The hashes are keyed, made by the caller: the rules never see the computer's own ID. */
export interface HostStatement {
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

/** Identifiers that a decision may need, made by the caller, used where it says yes. */
export interface NewIds {
  activationId: string;
  licenseId: string;
}

/**
 * When a license that is made now ends: with the time for which it is made or with the term, whichever is first.
 * @param runs how long it is to run; undefined until the term's end
 * @returns null for never
 */
export function licenseEnd(runs: Duration | undefined, endsAt: Instant | null, now: Instant): Instant | null {
  const end = runs === undefined ? null : addDuration(now, runs);
  if (end === null || endsAt === null) return end ?? endsAt;
  return Math.min(end, endsAt);
}

/** Whether a seat's license still runs. */
export function isLicenseRunning({ license }: Seat, now: Instant): boolean {
  return license !== null && (license.expiresAt === null || license.expiresAt > now);
}

/**
 * The fact that a license was made for a seat.
 * @param seat with its present license, where it keeps its host
 */
export function issue(
  entitlement: Entitlement,
  seat: Pick<Seat, "activationId" | "generation"> & Partial<Pick<Seat, "license">>,
  reason: LicenseIssued["data"]["reason"],
  now: Instant,
  licenseId: string,
  runs: Duration | undefined = entitlement.policy.lease,
): LicenseIssued {
  const expiresAt = notShortened(entitlement, seat.license, licenseEnd(runs, entitlement.endsAt, now));
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

/**
 * A lent seat stays lent as long as the longest license that its host has for it: one that was borrowed, and then refreshed
 * under a short lease, would fall to the next host while the first still runs.
 */
function notShortened(
  { model, endsAt }: Entitlement,
  held: Seat["license"] | undefined,
  end: Instant | null,
): Instant | null {
  if (model.metric !== "floating" || end === null || !held?.expiresAt) return end;
  return Math.max(end, Math.min(held.expiresAt, endsAt ?? Infinity));
}

/** The fact that a host (or a user) has a seat from now on. */
export function bind(
  entitlement: Entitlement,
  seat: Pick<Seat, "activationId" | "generation">,
  reason: ActivationBound["data"]["reason"],
  { hostHash, userHash, platform }: HostStatement,
  now: Instant,
): ActivationBound {
  return {
    type: "activation.bound",
    ...keysOf(entitlement, now),
    activation_id: seat.activationId,
    data: {
      generation: seat.generation,
      reason,
      host_hash: hostHash,
      user_hash: entitlement.model.metric === "named-user" ? userHash : null,
      os_type: platform.osType,
      os_version: platform.osVersion,
      arch: platform.arch,
      os_type_raw: platform.osTypeRaw,
      arch_raw: platform.archRaw,
      app_version: platform.appVersion,
    },
  };
}
