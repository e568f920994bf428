// The new facts of a call, together as the outbox takes them.

import type { FactRow } from "../outbox.ts";
import { packedFacts, unpackedFacts } from "../pack.ts";
import { type Facts, NEW } from "./recognize.ts";

// A row of a Durable Object has 2 MB at most; a fact alone is far smaller.
const MAX_ROW_BYTES = 1024 * 1024;

/** The facts that are new, in order, as many together as a row may have. */
export function rowsOf(told: Facts, novelties: Uint8Array): FactRow[] {
  const all = wholeRow(told, novelties);
  if (all) return [all];
  return runsOf(told, novelties).map(({ facts, events }) => ({ ...packedFacts(facts), events }));
}

/** All of a call as its reader packed it: nearly every call. */
function wholeRow({ facts, isPacked, size_bytes, names }: Facts, novelties: Uint8Array): FactRow | undefined {
  const isWhole = facts.length <= MAX_ROW_BYTES && novelties.every((novelty) => novelty === NEW);
  return isWhole && names.length > 0 ? { facts, isPacked, size_bytes, events: names.length } : undefined;
}

/** New facts side by side, cut where a row is full. */
function runsOf(told: Facts, novelties: Uint8Array): { facts: Uint8Array; events: number }[] {
  if (!novelties.includes(NEW)) return [];
  const { factEnds } = told;
  const facts = unpackedFacts(told);
  const runs: { facts: Uint8Array; events: number }[] = [];
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const close = (): void => {
    if (parts.length > 0) runs.push({ facts: joined(parts, bytes), events: parts.length });
    parts = [];
    bytes = 0;
  };
  for (let i = 0, begin = 0; i < novelties.length; begin = factEnds[i++]! + 1) {
    if (novelties[i] !== NEW) continue;
    const part = facts.subarray(begin, factEnds[i]! + 1);
    if (bytes + part.length > MAX_ROW_BYTES) close();
    parts.push(part);
    bytes += part.length;
  }
  close();
  return runs;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
