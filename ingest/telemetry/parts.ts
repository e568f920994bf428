// A batch of telemetry by where it belongs, and the lines of it that are kept apart.

import type { Facts } from "../ledger/telemetry/recognize.ts";
import { packedFacts, unpackedFacts } from "../ledger/pack.ts";
import type { TelemetryBatch } from "./batch.ts";
import { isTooLong, textOf } from "./split.ts";

/** What a batch tells one place: facts, and the index of the line that each came from. */
export interface TelemetryPart {
  facts: Facts;
  lines: Uint32Array;
}

/**
 * The facts of a batch by place, in order.
 * @param placeOf which place a shard is; where it is one for all, nothing is copied
 */
export function partsByPlace<Place>(
  batch: TelemetryBatch,
  placeOf: (shard: number) => Place,
): Map<Place, TelemetryPart> {
  const { facts, isPacked, size_bytes, factEnds, names } = batch;
  const lines = linesOfFacts(batch);
  const places = new Map(Array.from(new Set(batch.shards), (shard) => [shard, placeOf(shard)]));
  const [only, ...others] = new Set(places.values());
  if (only !== undefined && others.length === 0)
    return new Map([[only, { facts: { facts, isPacked, size_bytes, factEnds, names }, lines }]]);
  const byPlace = Map.groupBy(batch.shards.keys(), (i) => places.get(batch.shards[i] ?? 0) as Place);
  const unpacked = unpackedFacts(batch);
  return new Map(
    Array.from(byPlace, ([place, which]) => [
      place,
      { facts: chosen(batch, unpacked, which), lines: Uint32Array.from(which, (i) => lines[i] ?? 0) },
    ]),
  );
}

/** The index of each fact's line: of all that have no problem, in order. */
function linesOfFacts({ begins, names, problems }: TelemetryBatch): Uint32Array {
  const lines = new Uint32Array(names.length);
  for (let line = 0, fact = 0; line < begins.length; line++) if (!problems.has(line)) lines[fact++] = line;
  return lines;
}

function chosen({ factEnds, names }: Facts, facts: Uint8Array, which: readonly number[]): Facts {
  const parts = which.map((i) =>
    facts.subarray(i === 0 ? 0 : (factEnds[i - 1] ?? 0) + 1, (factEnds[i] ?? 0) + 1),
  );
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  const ends = parts.map((part) => {
    bytes.set(part, end);
    end += part.length;
    return end - 1;
  });
  return {
    ...packedFacts(bytes),
    factEnds: Uint32Array.from(ends),
    names: Float64Array.from(which, (i) => names[i] ?? 0),
  };
}

// Of a line that is too long, so much is kept in quarantine.
const HEAD_CHARACTERS = 1024;

/** A line as it is kept in quarantine. */
export function lineOf({ sent, begins, ends }: TelemetryBatch, index: number): string {
  const [begin, end] = [begins[index] ?? 0, ends[index] ?? 0];
  const text = textOf(sent, begin, end);
  return isTooLong(sent, begin, end) ? text.slice(0, HEAD_CHARACTERS) : text;
}
