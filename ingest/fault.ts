// What went wrong here, as the caller is told it, and as the operator is.

import type { Deps } from "./deps.ts";
import { OverloadedError } from "./ledger/group.ts";
import { UnreachableError } from "./ledger/port.ts";
import { type Problem, problem } from "./problem.ts";

/** What went wrong here is told to the operator; the caller learns whether to try again. */
export function faultOf(error: unknown, deps: Pick<Deps, "report">): Problem {
  if (error instanceof OverloadedError)
    return problem("overloaded", "Nothing was recorded: try again in a moment.");
  deps.report(error);
  if (error instanceof UnreachableError)
    return problem("storage_unavailable", "This may be on record or not: send the same again to find out.");
  // https://sqlite.org/rescode.html: what the disk is to blame for. Nothing was recorded; the same may pass later.
  const { errcode } = error as { errcode?: number };
  if (errcode !== undefined && (errcode & 0xff) === TOO_BIG)
    return problem(
      "body_too_large",
      "Nothing was recorded: this is more than one row can hold. Send it in parts.",
    );
  if (errcode !== undefined && STORAGE_FAULTS.has(errcode & 0xff))
    return problem(
      "storage_unavailable",
      "Nothing was recorded: the disk may be full or read-only. Try again later.",
    );
  return problem("internal_error", "The operator's log says more.");
}

// A row of a Durable Object has 2 MB at most: https://developers.cloudflare.com/durable-objects/platform/limits/
const TOO_BIG = 18;
// BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
const STORAGE_FAULTS = new Set([5, 6, 8, 10, 13, 14]);
