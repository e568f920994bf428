// Pure. What a policy allows so many times in a period, and what is left of it.

import type { Entitlement } from "./entitlement.ts";
import type { Allowance } from "./words.ts";
import { addDuration, formatInstant, type Instant } from "./instant.ts";
import { type Refusal, refuse, type RefusalCode } from "./refusal.ts";

const words: Record<Allowance, { code: RefusalCode; one: string; many: string }> = {
  rehosts: { code: "rehosts_used_up", one: "move to another host", many: "moves to another host" },
  returns: { code: "returns_used_up", one: "return", many: "returns" },
  repairs: { code: "repairs_used_up", one: "repair", many: "repairs" },
  temporary: { code: "temporary_used_up", one: "temporary license", many: "temporary licenses" },
};

/**
 * Whether an allowance may be used once more: so many times in any period of the policy's length, which slides.
 * @param until when the request passes no more in any case, as at the term's end; null for never
 * @returns null where it may; else the refusal, with the time at which the oldest use leaves the period
 */
export function checkAllowance(
  entitlement: Entitlement,
  allowance: Allowance,
  now: Instant,
  until: Instant | null = null,
): Refusal | null {
  const limit = entitlement.policy[allowance];
  const { code, one, many } = words[allowance];
  if (limit === undefined || limit.count === 0)
    return refuse(code, `This license allows no ${many}: ask the vendor.`);
  const uses = entitlement.uses[allowance];
  const decisive = uses.at(-limit.count);
  if (uses.length < limit.count || decisive === undefined) return null;
  const passesAt = addDuration(decisive, limit.per);
  if (passesAt <= now) return null;
  const inTime = until === null || passesAt < until;
  const counted = limit.count === 1 ? `The one ${one}` : `All ${limit.count} ${many}`;
  const usedUp = `${counted} of ${limit.per} ${limit.count === 1 ? "is" : "are"} used up`;
  return inTime
    ? refuse(code, `${usedUp}; the next is possible at ${formatInstant(passesAt)}.`, { passesAt })
    : refuse(code, `${usedUp}, until after the term's end: ask the vendor.`);
}
