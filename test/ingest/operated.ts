// What a test operates an app with.

import { consoleLog } from "../../ingest/operation/log.ts";
import { type Operation, unoperated } from "../../ingest/operation/operation.ts";
import { RateLimits, readRates } from "../../ingest/operation/rate-limits.ts";

/** An operation whose caller is who the header `x-test-address` says. */
export function operated(more: Partial<Operation> = {}): { operation: Operation; lines: string[] } {
  const lines: string[] = [];
  const operation = {
    ...unoperated(),
    addressOf: (c: Parameters<Operation["addressOf"]>[0]) => c.req.header("x-test-address") ?? null,
    log: consoleLog("debug", (line) => lines.push(line)),
    ...more,
  };
  return { operation, lines };
}

/** Limits, as their setting says. */
export const limitsOf = (setting: string) => {
  const rates = readRates(setting);
  return rates && new RateLimits(rates);
};

/** Who asks, for an app that is operated so. */
export const from = (address: string) => ({ "x-test-address": address });
