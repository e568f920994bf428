// Pure. A right rests, and is in force again.

import { type Entitlement, keysOf } from "../entitlement.ts";
import type { Decree, EntitlementEvent } from "../events.ts";
import type { Instant } from "../instant.ts";
import type { Decision } from "../refusal.ts";
import { changeable, firstRefusal } from "./checks.ts";

/** Decides a suspension: seats stay bound, but no license is made or refreshed. Again is no news. */
export function decideSuspend(
  entitlement: Entitlement,
  decree: Decree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal(changeable, entitlement, now);
  if (refusal) return { ok: false, refusal };
  if (entitlement.suspendedAt !== null) return { ok: true, events: [] };
  return { ok: true, events: [{ type: "entitlement.suspended", ...keysOf(entitlement, now), data: decree }] };
}

/** Decides the end of a suspension. Again is no news. */
export function decideReinstate(
  entitlement: Entitlement,
  decree: Decree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal(changeable, entitlement, now);
  if (refusal) return { ok: false, refusal };
  if (entitlement.suspendedAt === null) return { ok: true, events: [] };
  return {
    ok: true,
    events: [{ type: "entitlement.reinstated", ...keysOf(entitlement, now), data: decree }],
  };
}
