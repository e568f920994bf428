// Counts that the isolates of one place share: Cloudflare's rate limiting binding, beside our own count.

import type { RateLimit } from "@cloudflare/workers-types";
import { problem } from "../problem.ts";
import type { RateAnswer } from "./rate-limits.ts";

/** Counts a request of an address. @returns what it is answered with where it is one too many */
export type SharedLimit = (address: string | null) => Promise<RateAnswer | null>;

// The binding does not say when its window ends; the longest that it may have is a minute.
// https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
const WAIT_SECONDS = 60;

/** A limit by a binding. Where that fails, it lets everybody pass: what an isolate counts by itself still holds. */
export function sharedLimit(binding: RateLimit, report: (error: unknown) => void): SharedLimit {
  return async (address) => {
    try {
      const { success } = await binding.limit({ key: address ?? "" });
      return success ? null : TOO_MANY;
    } catch (error) {
      report(error);
      return null;
    }
  };
}

const TOO_MANY: RateAnswer = {
  headers: { ratelimit: `"public";r=0;t=${WAIT_SECONDS}`, "retry-after": String(WAIT_SECONDS) },
  problem: problem(
    "rate_limited",
    `There were too many requests from this address without an API key: wait ${WAIT_SECONDS} seconds.`,
  ),
  limit: "public",
};
