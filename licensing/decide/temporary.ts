// Pure. A short license beside the seats, so that a customer works on through a failure, a late renewal, or a mistake of
// the vendor's.

import { checkAllowance } from "../allowance.ts";
import { type Entitlement, keysOf, type Seat } from "../entitlement.ts";
import type { LicenseLent } from "../events.ts";
import type { TemporaryKind } from "../words.ts";
import { addDuration, formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { changeable, type Check, firstRefusal, hasStarted, inForce, notSuspended } from "./checks.ts";
import { checkGeneration, checkHolder, type Proof } from "./refresh.ts";

/** What a temporary license lasts where the vendor makes it and no policy says. */
const VENDORS_DURATION = "P7D";

const notRenewable: Check = (entitlement, now) =>
  entitlement.endsAt !== null && entitlement.endsAt <= now
    ? null
    : refuse("nothing_to_renew", "The term has not ended: there is no renewal to bridge.");

/** What each kind needs, in the order of precedence. */
const checks: Record<TemporaryKind, readonly Check[]> = {
  failure: inForce,
  renewal_pending: [...changeable, notSuspended, hasStarted, notRenewable],
  // The vendor has to answer for it: nothing but an end of all stands in the way, and it is not counted.
  vendor_mistake: changeable,
};

/**
 * Decides a temporary license for a host, which may be another than the seat's.
 * @param proof what was shown for it: a license from before the seat moved opens nothing here either
 * @returns `license.lent`, which does not outlast the term, but for one that bridges its end
 */
export function decideTemporary(
  entitlement: Entitlement,
  seat: Seat,
  kind: TemporaryKind,
  hostHash: string,
  now: Instant,
  licenseId: string,
  { generation }: Pick<Proof, "generation"> = { generation: null },
): { ok: true; event: LicenseLent } | { ok: false; refusal: Refusal } {
  const isCounted = kind !== "vendor_mistake";
  const until = kind === "failure" ? entitlement.endsAt : null;
  const refusal =
    (isCounted
      ? checkHolder(entitlement, seat, { generation, hostHash: null }, now)
      : checkGeneration(seat, { generation })) ??
    firstRefusal(checks[kind], entitlement, now) ??
    (isCounted ? checkAllowance(entitlement, "temporary", now, until) : null);
  if (refusal) return { ok: false, refusal };
  const full = addDuration(now, entitlement.policy.temporary?.duration ?? VENDORS_DURATION);
  const expiresAt = kind === "failure" ? Math.min(full, entitlement.endsAt ?? full) : full;
  return {
    ok: true,
    event: {
      type: "license.lent",
      ...keysOf(entitlement, now),
      activation_id: seat.activationId,
      license_id: licenseId,
      data: {
        kind,
        host_hash: hostHash,
        // All that was made for a seat is withdrawn with its end; what the vendor knowingly makes after it is not.
        generation: seat.generation + (seat.endedAt === null ? 0 : 1),
        not_before: formatInstant(now),
        expires_at: formatInstant(expiresAt),
      },
    },
  };
}
