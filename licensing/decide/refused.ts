// Pure. The fact that a request for a seat was turned away: what a product manager most wants to see.

import { type Entitlement, keysOf } from "../entitlement.ts";
import type { ActivationRefused } from "../events.ts";
import type { SeatRequest } from "../words.ts";
import { formatInstant, type Instant } from "../instant.ts";
import type { Refusal } from "../refusal.ts";
import type { HostStatement } from "./license.ts";

/**
 * The event of a refusal.
 * @param host what the request stated of its host; null where it stated nothing
 */
export function activationRefused(
  entitlement: Entitlement,
  request: SeatRequest,
  host: HostStatement | null,
  refusal: Refusal,
  now: Instant,
): ActivationRefused {
  return {
    type: "activation.refused",
    ...keysOf(entitlement, now),
    data: {
      request,
      code: refusal.code,
      rule: refusal.rule,
      passes_at: refusal.passesAt === undefined ? null : formatInstant(refusal.passesAt),
      host_hash: host?.hostHash ?? null,
      os_type: host?.platform.osType ?? null,
      os_version: host?.platform.osVersion ?? null,
      arch: host?.platform.arch ?? null,
      app_version: host?.platform.appVersion ?? null,
    },
  };
}
