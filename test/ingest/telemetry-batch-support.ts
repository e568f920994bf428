// What a body of telemetry comes to by the long way, line by line.

import { LineReader } from "../../ingest/ndjson.ts";
import { unpackedFacts } from "../../ingest/ledger/pack.ts";
import { shardOfId } from "../../ingest/ledger/placement.ts";
import type { TelemetryBatch } from "../../ingest/telemetry/batch.ts";
import { PADDING } from "../../ingest/telemetry/bytes.ts";
import { PlainLine } from "../../ingest/telemetry/plain.ts";
import { readLine } from "../../ingest/telemetry/read.ts";
import type { Reading } from "../../ingest/telemetry/reading.ts";

const utf8 = new TextEncoder();

/** What became of a line: its place, and its fact and shard or the problem with it. */
export type Told = { number: number } & ({ fact: string; shard: number } | { code: string; detail: string });

/** A body line by line, as the stream's reader splits it and `readLine` reads it. */
export async function byLine(body: Uint8Array<ArrayBuffer>, reading: Reading): Promise<Told[]> {
  const lines = new LineReader(new Blob([body]).stream(), {
    maxCharacters: 8192,
    maxLines: 10_000,
    readAhead: Number.MAX_SAFE_INTEGER,
  });
  const told: Told[] = [];
  for (let some = await lines.take(10_001); some.length > 0; some = await lines.take(10_001))
    for (const line of some) {
      const { number } = line;
      if ("fault" in line) {
        told.push({ number, code: `line_${line.fault}`, detail: "An event may have 8192 characters." });
        continue;
      }
      const read = readLine(line.text, reading);
      if (read.ok) told.push({ number, fact: read.value.fact, shard: shardOfId(read.value.about) ?? 65_535 });
      else told.push({ number, code: read.problem.code, detail: read.problem.detail });
    }
  return told;
}

/** The same of a batch. */
export function ofBatch(batch: TelemetryBatch | "too_many_lines"): Told[] {
  if (batch === "too_many_lines") throw new TypeError("these were too many lines");
  const text = new TextDecoder();
  const facts = unpackedFacts(batch);
  let next = 0;
  return Array.from(batch.numbers, (number, i): Told => {
    const problem = batch.problems.get(i);
    if (problem) return { number, code: problem.code, detail: problem.detail };
    const at = next++;
    const begin = at === 0 ? 0 : (batch.factEnds[at - 1] ?? 0) + 1;
    const fact = text.decode(facts.subarray(begin, batch.factEnds[at]));
    return { number, fact, shard: batch.shards[at] ?? -1 };
  });
}

/** Whether a line goes the short way. */
export function isPlain(line: string, reading: Reading): boolean {
  const encoded = utf8.encode(line);
  const padded = new Uint8Array(encoded.length + PADDING);
  padded.set(encoded);
  return new PlainLine(padded).read(0, encoded.length, reading);
}
