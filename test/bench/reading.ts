// Reading telemetry from bytes against parsing the same lines and nothing else.

import { hashUnder } from "../../ingest/keys-ring.ts";
import { readBatch } from "../../ingest/telemetry/read-body.ts";
import { say } from "./say.ts";
import { telemetryLines } from "./telemetry-lines.ts";

const LINES_A_BODY = 1000;
const BODIES = 40;
const WARM_UP_ROUNDS = 5;
const ROUNDS = 15;
const LINES = BODIES * LINES_A_BODY;

/** Lines a second of bodies that are read, checked, hashed and written as facts, in turn with `JSON.parse` of each line. */
export async function reading(): Promise<void> {
  const bodies = Array.from({ length: BODIES }, (_, i) => {
    const lines = telemetryLines(i * LINES_A_BODY, LINES_A_BODY);
    return { lines, body: new TextEncoder().encode(`${lines.join("\n")}\n`) };
  });
  const told = {
    now: Date.now() * 1000,
    mayTellHistory: false,
    hashId: hashUnder(new Uint8Array(32).fill(1)),
  };
  const read = () => {
    for (const { body } of bodies) {
      const batch = readBatch(body, told);
      if (batch === "too_many_lines" || batch.factEnds.length !== LINES_A_BODY)
        throw new Error("not every line was read");
    }
  };
  const parse = () => {
    for (const { lines } of bodies) for (const line of lines) JSON.parse(line);
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) for (const work of [read, parse]) work();
  const rounds = Array.from({ length: ROUNDS }, () => ({ read: secondsOf(read), parse: secondsOf(parse) }));
  const [readSeconds, parseSeconds] = [
    median(rounds.map((it) => it.read)),
    median(rounds.map((it) => it.parse)),
  ];
  say(
    "lines of telemetry read, checked and written as facts / JSON.parse of the same lines",
    parseSeconds / readSeconds,
    [
      `${Math.round(LINES / readSeconds)} / ${Math.round(LINES / parseSeconds)} a second on one thread, the median of ${ROUNDS} rounds in turn: ${micros(readSeconds)} / ${micros(parseSeconds)} microseconds a line`,
    ],
  );
}

function secondsOf(work: () => void): number {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const micros = (seconds: number): string => ((seconds / LINES) * 1e6).toFixed(2);
