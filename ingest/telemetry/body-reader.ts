// Bodies of telemetry read beside the thread that decides: Node only. A body goes to the other thread and comes back with
// what was read of it, and nothing of that is copied.

import { Worker } from "node:worker_threads";
import { Thread } from "../thread.ts";
import type { ReadBody, TelemetryBatch } from "./batch.ts";
import { readBatch } from "./read-body.ts";
import type { Told } from "./reading.ts";

export interface BodyRequest {
  body: Uint8Array<ArrayBuffer>;
  told: Told;
  /** What hosts' and users' IDs are hashed under, in hexadecimal. */
  hostKey: string;
}
export type BodyAnswer = TelemetryBatch | "too_many_lines";

/** One for the process, whatever keys come and go. */
const thread = new Thread<BodyRequest, BodyAnswer>(
  () => new Worker(new URL("body-thread.ts", import.meta.url)),
);

// To ask and to be answered takes this thread some 25 microseconds, as long as reading 20 lines here, and takes 60 more to
// come back. Some 50 lines.
const WORTH_A_THREAD = 16 * 1024;

/**
 * Reads bodies under a key.
 * @param hostKey in hexadecimal
 * @param hashId hashes under it, for bodies that are read here
 */
export const bodyReader =
  (hostKey: string, hashId: (id: string) => string): ReadBody =>
  async (body, { now, mayTellHistory }) => {
    if (body.length < WORTH_A_THREAD) return readBatch(body, { now, mayTellHistory, hashId });
    // A part of a larger buffer would take that along, and all that others have in it.
    const whole = body.length === body.buffer.byteLength ? body : new Uint8Array(body);
    return thread.ask({ body: whole, told: { now, mayTellHistory }, hostKey }, [whole.buffer]);
  };
