// Pure. When did it happen? The past is for those who bring a history in.

import type { Instant } from "../licensing/index.ts";
import { problem } from "./problem.ts";
import type { Parsed } from "./request.ts";
import { type ApiKey, missingScope } from "./scope.ts";

/** How far a client's clock may be off before what it says is taken for a statement about the past or the future. */
const CLOCK_SKEW = 5 * 60 * 1_000_000;

/**
 * Reads `occurredAt` of a request.
 * @returns null where it is now (the ledger's clock decides, not the client's), the instant where a caller with the scope
 *   history:write brings the past in, or the problem
 */
export function occurredAt(
  given: Instant | undefined,
  key: ApiKey | null,
  now: Instant,
): Parsed<Instant | null> {
  if (given === undefined) return { ok: true, value: null };
  const happened = happenedAt("occurredAt", given, now);
  if (!happened.ok) return happened;
  const denied = missingScope(key, "history:write");
  if (!denied) return happened;
  return given >= now - CLOCK_SKEW ? { ok: true, value: null } : { ok: false, problem: denied };
}

/**
 * When something happened, by its sender's clock: one that is a little fast says now, and what lies further ahead has not
 * happened.
 * @param field where the time was said, for the problem
 */
export function happenedAt(field: string, given: Instant, now: Instant): Parsed<Instant> {
  if (given <= now + CLOCK_SKEW) return { ok: true, value: Math.min(given, now) };
  const message = "lies in the future: check the sender's clock and time zone";
  return {
    ok: false,
    problem: problem("invalid_request", `These fields do not fit: ${field}.`, [{ field, message }]),
  };
}
