// An import prepared beside the thread that records it: Node only.

import { Worker } from "node:worker_threads";
import { Thread } from "../thread.ts";
import type { ReadContext } from "../importers/importer.ts";
import type { Prepares } from "./preparation.ts";

/** What the thread is made with. */
export interface Preparing {
  format: string;
  paths: readonly string[];
  encoding: string | undefined;
  context: ReadContext;
  /** What IDs of hosts and users, and names of customers, are hashed under, in hexadecimal. */
  hostKey: string;
}

/** What the thread is asked: a call of {@link Prepares}. */
export type PrepareCall = {
  [Step in keyof Prepares]: { step: Step; args: Parameters<Prepares[Step]> };
}[keyof Prepares];

/** Orders come and go: with more room for what is young, the garbage collector took a third of what it took. */
const YOUNG_MB = 64;

/** Prepares an import in a thread of its own. */
export function prepareBeside(preparing: Preparing): Prepares {
  let worker: Worker | undefined;
  const thread = new Thread<PrepareCall, unknown>(
    () =>
      (worker = new Worker(new URL("prepare-thread.ts", import.meta.url), {
        workerData: preparing,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      })),
  );
  const call = <Step extends keyof Prepares>(step: Step, ...args: Parameters<Prepares[Step]>) =>
    thread.ask({ step, args } as PrepareCall) as ReturnType<Prepares[Step]>;
  return {
    read: () => call("read"),
    names: (asked) => call("names", asked),
    grantBy: (by) => call("grantBy", by),
    orders: (limit, into) => call("orders", limit, into),
    ungranted: (file) => call("ungranted", file),
    others: (limit) => call("others", limit),
    async close() {
      if (worker) await call("close");
      await worker?.terminate();
    },
  };
}
