// The environment → how the service is operated on Workers.

import type { RateLimit } from "@cloudflare/workers-types";
import { Load } from "./load.ts";
import { consoleLog, readLogLevel } from "./log.ts";
import { networkOf } from "./network.ts";
import type { Operation } from "./operation.ts";
import { RateLimits, readRates } from "./rate-limits.ts";
import { sharedLimit } from "./shared-limit.ts";

export interface OperationEnvironment {
  /** How often may be asked (`rate-limits.ts`), counted by each isolate, or `off`. */
  KEYHOUSE_RATE_LIMITS?: string;
  /** How often an address may ask without an API key, counted by all isolates of one place; with `off`, not asked. */
  PUBLIC_RATE?: RateLimit;
  LOG_LEVEL?: string;
}

/**
 * Reads how the service is operated. Cloudflare itself bounds headers, addresses and slow requests; metrics are its own
 * as well, since there are many isolates, and each lives for a while.
 * @throws Error where a setting cannot be read
 */
export function workerOperation(env: OperationEnvironment): Operation {
  const rates = readRates(env.KEYHOUSE_RATE_LIMITS || undefined);
  const log = consoleLog(readLogLevel(env.LOG_LEVEL));
  const report = (error: unknown): void => log.error({ error }, "the rate limiting binding failed");
  return {
    // Cloudflare sets it and takes it from nobody.
    // https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip
    addressOf: (c) => networkOf(c.req.header("CF-Connecting-IP") ?? "") || null,
    headerCountOf: () => 0,
    // Without this, what still runs ends with the answer.
    afterwards: (c, work) => c.executionCtx.waitUntil(work),
    limits: rates && new RateLimits(rates),
    sharedLimit: env.PUBLIC_RATE ? sharedLimit(env.PUBLIC_RATE, report) : null,
    // An isolate has 128 MB for everything.
    load: new Load({ requests: 2000, bytes: 64 * 1024 * 1024 }),
    log,
    metrics: null,
    obstacle: () => Promise.resolve(null),
  };
}
