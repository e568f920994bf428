// The environment → how the service is operated on Workers.

import { Load } from "./load.ts";
import { consoleLog, readLogLevel } from "./log.ts";
import { networkOf } from "./network.ts";
import type { Operation } from "./operation.ts";
import { RateLimits, readRates } from "./rate-limits.ts";

/**
 * Reads how the service is operated. Cloudflare itself bounds headers, addresses and slow requests; metrics are its own
 * as well, since there are many isolates, and each lives for a while.
 * @throws Error where a setting cannot be read
 */
export function workerOperation(env: { KEYHOUSE_RATE_LIMITS?: string; LOG_LEVEL?: string }): Operation {
  const rates = readRates(env.KEYHOUSE_RATE_LIMITS || undefined);
  return {
    // Cloudflare sets it and takes it from nobody.
    // https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip
    addressOf: (c) => networkOf(c.req.header("CF-Connecting-IP") ?? "") || null,
    headerCountOf: () => 0,
    // Without this, what still runs ends with the answer.
    afterwards: (c, work) => c.executionCtx.waitUntil(work),
    limits: rates && new RateLimits(rates),
    // An isolate has 128 MB for everything.
    load: new Load({ requests: 2000, bytes: 64 * 1024 * 1024 }),
    log: consoleLog(readLogLevel(env.LOG_LEVEL)),
    metrics: null,
    obstacle: () => Promise.resolve(null),
  };
}
