// What stands around the routes: who asks from where, how much may be asked, and what is told to the operator.

import type { Context } from "hono";
import { type Log, consoleLog } from "./log.ts";
import { Load } from "./load.ts";
import type { Metrics } from "./metrics.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { SharedLimit } from "./shared-limit.ts";

/** What a runtime gives the app to be operated by. */
export interface Operation {
  /** The caller's address, or its network; null where it is not known. */
  addressOf: (c: Context) => string | null;
  /** How many header fields came, where the runtime does not bound them itself. */
  headerCountOf: (c: Context) => number;
  /** Reads a body of a stated length, where the runtime has a shorter way to it than the request has. */
  bytesOf?: (c: Context, length: number) => Promise<Uint8Array<ArrayBuffer>> | undefined;
  /** Lets work go on that the answer does not wait for. */
  afterwards: (c: Context, work: Promise<void>) => void;
  /** Null for none: behind a gateway that has its own. */
  limits: RateLimits | null;
  /** A count of those without a key that others keep as well; asked only where `limits` lets them pass. Null for none. */
  sharedLimit: SharedLimit | null;
  load: Load;
  log: Log;
  /** Null where they are not kept. */
  metrics: Metrics | null;
  /** What keeps the service from taking work, beside ledger and keys: that it stops, or that its disk is full. */
  obstacle: () => Promise<string | null>;
}

/** An app that nobody operates, as rules are tried out in: without limits, log or metrics. */
export const unoperated = (): Operation => ({
  addressOf: () => null,
  headerCountOf: () => 0,
  afterwards: () => undefined,
  limits: null,
  sharedLimit: null,
  load: new Load(),
  log: consoleLog("silent"),
  metrics: null,
  obstacle: () => Promise.resolve(null),
});
