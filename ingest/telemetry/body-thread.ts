// The thread that reads bodies of telemetry: see `body-reader.ts`.

import { hashUnder } from "../keys-ring.ts";
import { answerWith } from "../thread-answer.ts";
import type { BodyAnswer, BodyRequest } from "./body-reader.ts";
import { readBatch } from "./read-body.ts";

let known: { hostKey: string; hashId: (id: string) => string } | undefined;

/** The keyed hash: a new one only where the key is another, for it remembers what it hashed. */
function hashOf(hostKey: string): (id: string) => string {
  if (known?.hostKey !== hostKey) known = { hostKey, hashId: hashUnder(Uint8Array.fromHex(hostKey)) };
  return known.hashId;
}

answerWith(
  ({ body, told, hostKey }: BodyRequest): BodyAnswer => readBatch(body, { ...told, hashId: hashOf(hostKey) }),
  (answer) => {
    if (answer === "too_many_lines") return [];
    const { sent, begins, ends, numbers, facts, factEnds, names, shards } = answer;
    return [sent, begins, ends, numbers, facts, factEnds, names, shards].map(({ buffer }) => buffer);
  },
);
