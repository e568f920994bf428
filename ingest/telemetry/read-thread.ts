// The thread that reads telemetry: see `read-batch.ts`.

import { hashUnder } from "../keys-ring.ts";
import type { Problem } from "../problem.ts";
import { answerWith } from "../thread-answer.ts";
import type { ReadAnswer, ReadRequest } from "./read-batch.ts";
import { readLine } from "./read.ts";

let known: { hostKey: string; hashId: (id: string) => string } | undefined;

/** The keyed hash: a new one only where the key is another, for it remembers what it hashed. */
function hashOf(hostKey: string): (id: string) => string {
  if (known?.hostKey !== hostKey) known = { hostKey, hashId: hashUnder(Uint8Array.fromHex(hostKey)) };
  return known.hashId;
}

answerWith(({ lines, told: when, hostKey }: ReadRequest): ReadAnswer => {
  const reading = { ...when, hashId: hashOf(hostKey) };
  const facts: string[] = [];
  const abouts: string[] = [];
  let entries = "";
  const problems = new Map<number, Problem>();
  for (const [i, line] of lines.split("\n").entries()) {
    const told = readLine(line, reading);
    if (told.ok) {
      facts.push(told.value.fact);
      abouts.push(told.value.about);
      entries += told.value.entry;
    } else problems.set(i, told.problem);
  }
  return { facts: facts.join("\n"), abouts: abouts.join("\n"), entries, problems };
});
