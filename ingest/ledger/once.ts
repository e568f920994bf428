// A request that names itself is decided once: the same again is answered the same.

import { type CommandContext, rejected } from "./outcome.ts";

/** How a caller names a request: with the same name, another content is a conflict. */
export interface RequestName {
  /** The caller and its `Idempotency-Key`. */
  request: string;
  fingerprint: string;
}

/**
 * Decides a request, or answers as it was answered before, in the transaction that decided it. Refusals are not kept: what
 * time or a purchase mends may be asked for again under the same name.
 */
export function decideOnce<Result extends { ok: boolean }>(
  { store }: CommandContext,
  { request, fingerprint }: RequestName,
  decide: () => Result,
): Result {
  const before = store.sql.get<{ fingerprint: string; outcome: string }>(
    "select fingerprint, outcome from answered where request = ?",
    request,
  );
  if (before && before.fingerprint !== fingerprint)
    return rejected(
      "idempotency_conflict",
      "This Idempotency-Key came with another request before: give each request a key of its own.",
    ) as unknown as Result;
  if (before) return { ...(JSON.parse(before.outcome) as Result), isNew: false };
  const outcome = decide();
  if (outcome.ok)
    store.sql.run(
      "insert into answered (request, fingerprint, outcome, answered_at) values (?, ?, ?, ?)",
      request,
      fingerprint,
      JSON.stringify(outcome),
      store.now,
    );
  return outcome;
}
