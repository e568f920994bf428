// The environment → how the service is operated on Node.

import { statfs } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { addDuration, isDuration } from "../../licensing/index.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { clientAddress, readProxies } from "./address.ts";
import { Load } from "./load.ts";
import { readLogLevel } from "./log.ts";
import { prometheusMetrics } from "./metrics.ts";
import { type NodeLog, openLog } from "./node-log.ts";
import type { Operation } from "./operation.ts";
import { RateLimits, readRates } from "./rate-limits.ts";
import { tidyUp } from "./tidy-up.ts";

/** The log of SQLite's writes is 64 MB at its fullest, and a refresh of lake and reports needs some room as well. */
const MIN_FREE_BYTES = 256 * 1024 * 1024;
const TIDY_EVERY_MS = 60_000;

export interface NodeOperation extends Operation {
  log: NodeLog;
  metrics: NonNullable<Operation["metrics"]>;
  /** Looks after the ledger now and then, from now on. */
  lookAfter(ledger: Ledger): void;
  /** Says that no work should come any more, and waits until those who send it have had time to see that. */
  drain(): Promise<void>;
}

/**
 * Reads how the service is operated.
 * @param root the folder whose disk is looked at
 * @throws Error where a setting cannot be read
 */
export function operationOf(env: Record<string, string | undefined>, root: string): NodeOperation {
  const rates = readRates(env["KEYHOUSE_RATE_LIMITS"] || undefined);
  const proxies = readProxies(env["KEYHOUSE_TRUSTED_PROXIES"]);
  const drain_ms = readDrain(env["KEYHOUSE_DRAIN"]);
  const log = openLog(readLogLevel(env["LOG_LEVEL"]));
  const load = new Load();
  let ledger: Ledger | undefined;
  let isStopping = false;
  const stopped = new AbortController();
  return {
    log,
    load,
    limits: rates && new RateLimits(rates),
    sharedLimit: null,
    metrics: prometheusMetrics({ ledger: () => ledger, inFlight: () => load }),
    addressOf: (c) =>
      clientAddress(incoming(c)?.socket.remoteAddress, c.req.header("X-Forwarded-For"), proxies),
    headerCountOf: (c) => (incoming(c)?.rawHeaders.length ?? 0) / 2,
    bytesOf: (c, length) => {
      const message = incoming(c);
      return message && !message.readableDidRead ? bytesOf(message, length) : undefined;
    },
    afterwards: () => undefined,
    async obstacle() {
      if (isStopping) return "The service is stopping: send your work to another, or wait for the next.";
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize < MIN_FREE_BYTES ? "The disk of the ledger is nearly full." : null;
    },
    lookAfter(opened) {
      ledger = opened;
      void tidyNowAndThen(opened, stopped.signal, (error) => log.error({ error }, "tidying failed"));
    },
    async drain() {
      isStopping = true;
      await setTimeout(drain_ms);
      stopped.abort();
    },
  };
}

/** The request as Node has it; absent where the app was called without a server. */
const incoming = (c: Context): HttpBindings["incoming"] | undefined =>
  (c.env as Partial<HttpBindings> | undefined)?.incoming;

/**
 * The body of a message, in one buffer of its length. The request's own way copies it twice more, into buffers that wait to
 * be collected: with telemetry of 340 KB a call that was a tenth of what a call took.
 * @throws where the connection was lost before all of it came
 */
function bytesOf(message: HttpBindings["incoming"], length: number): Promise<Uint8Array<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  const bytes = new Uint8Array(length);
  let at = 0;
  message
    .on("data", (chunk: Buffer) => {
      bytes.set(chunk, at);
      at += chunk.length;
    })
    .on("end", () =>
      at === length ? resolve(bytes) : reject(new Error("the body is not as long as it said")),
    )
    .on("error", reject)
    .on("close", () => reject(new Error("the connection was lost")));
  return promise;
}

async function tidyNowAndThen(
  ledger: Ledger,
  signal: AbortSignal,
  report: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await tidyUp(ledger).catch(report);
    // The stop ends the pause, with an error that says nothing new. It keeps no process alive.
    await setTimeout(TIDY_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function readDrain(text: string | undefined): number {
  const duration = text || "PT0S";
  if (duration === "PT0S") return 0;
  if (isDuration(duration)) return addDuration(0, duration) / 1000;
  throw new Error(`KEYHOUSE_DRAIN is "${text}": give an ISO 8601 duration such as PT10S.`);
}
