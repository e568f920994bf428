// Lines of telemetry by the thousand, read on another thread: Node only. To parse, check and hash an event takes longer
// than to record it, and needs nothing of the ledger. Texts go there and come back as one string each: to copy an object
// for every event would cost half of what is won.

import { Worker } from "node:worker_threads";
import type { Problem } from "../problem.ts";
import type { Parsed } from "../request.ts";
import { Thread } from "../thread.ts";
import { ENTRY_BYTES } from "./identity.ts";
import type { ReadLines, Told } from "./reading.ts";
import type { TelemetryFact } from "./types.ts";

/** Lines to read: none has a line break. */
export interface ReadRequest {
  lines: string;
  told: Told;
  /** What hosts' and users' IDs are hashed under, in hexadecimal. */
  hostKey: string;
}

/** What was read, in order: facts and what they are about a line each, entries side by side. */
export interface ReadAnswer {
  facts: string;
  abouts: string;
  entries: string;
  /** What could not be read, by its place from 0. */
  problems: Map<number, Problem>;
}

/** One for the process, whatever keys come and go. */
const thread = new Thread<ReadRequest, ReadAnswer>(
  () => new Worker(new URL("read-thread.ts", import.meta.url)),
);

/** Reads lines under a key, in hexadecimal. */
export const linesReader =
  (hostKey: string): ReadLines =>
  async (lines, { now, mayTellHistory }) => {
    const question = { lines: lines.join("\n"), told: { now, mayTellHistory }, hostKey };
    return unpack(await thread.ask(question), lines.length);
  };

const ENTRY_CHARACTERS = 2 * ENTRY_BYTES;

function unpack({ facts, abouts, entries, problems }: ReadAnswer, count: number): Parsed<TelemetryFact>[] {
  const [fact, about] = [facts.split("\n"), abouts.split("\n")];
  let next = 0;
  return Array.from({ length: count }, (_, i) => {
    const problem = problems.get(i);
    if (problem) return { ok: false, problem };
    const at = next++;
    const entry = entries.slice(at * ENTRY_CHARACTERS, (at + 1) * ENTRY_CHARACTERS);
    return { ok: true, value: { fact: fact[at] ?? "", about: about[at] ?? "", entry } };
  });
}
