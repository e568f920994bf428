// The new facts of a call, together as the outbox takes them.

import type { FactRow } from "../outbox.ts";
import { MIN_PACKED_BYTES, packed } from "../pack.ts";
import { type Facts, NEW } from "./recognize.ts";

// A row of a Durable Object has 2 MB at most; a fact alone is far smaller.
const MAX_ROW_BYTES = 1024 * 1024;

/** The facts that are new, in order, as many together as a row may have. */
export function rowsOf(told: Facts, novelties: Uint8Array): FactRow[] {
  const all = wholeRow(told, novelties);
  return all ? [all] : runsOf(told, novelties).map(({ facts, events }) => rowOf(facts, events));
}

/** All of a call as its reader packed it: nearly every call. */
function wholeRow({ facts, names, packed: bytes }: Facts, novelties: Uint8Array): FactRow | undefined {
  if (!bytes || bytes.length > MAX_ROW_BYTES || novelties.some((novelty) => novelty !== NEW))
    return undefined;
  return { facts: bytes, events: names.length, isPacked: true, size_bytes: facts.length };
}

function rowOf(facts: Uint8Array, events: number): FactRow {
  const isPacked = facts.length >= MIN_PACKED_BYTES;
  return { facts: isPacked ? packed(facts) : facts, events, isPacked, size_bytes: facts.length };
}

/** New facts side by side, cut where a row is full. */
function runsOf({ facts, factEnds }: Facts, novelties: Uint8Array): { facts: Uint8Array; events: number }[] {
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
