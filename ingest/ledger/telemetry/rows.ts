// Pure. The new facts of a call, together as the outbox takes them.

import { type Facts, NEW } from "./recognize.ts";

// A row of a Durable Object has 2 MB at most; a fact alone is far smaller.
const MAX_ROW_BYTES = 1024 * 1024;

/** What stands in one row. */
interface FactRow {
  facts: Uint8Array;
  events: number;
}

/** The facts that are new, in order, as many together as a row may have. */
export function rowsOf({ facts, factEnds }: Facts, novelties: Uint8Array): FactRow[] {
  const rows: FactRow[] = [];
  let parts: Uint8Array[] = [];
  let [bytes, events] = [0, 0];
  const close = (): void => {
    if (events > 0) rows.push({ facts: joined(parts, bytes), events });
    parts = [];
    [bytes, events] = [0, 0];
  };
  for (let i = 0, begin = 0; i < novelties.length;) {
    const first = i;
    let end = begin;
    // A run of new ones is copied at once; most calls are one run.
    while (i < novelties.length && novelties[i] === NEW && factEnds[i]! + 1 - begin + bytes <= MAX_ROW_BYTES)
      end = factEnds[i++]! + 1;
    if (i > first) parts.push(facts.subarray(begin, end));
    bytes += end - begin;
    events += i - first;
    begin = end;
    if (i === novelties.length) break;
    if (novelties[i] === NEW) close();
    else begin = factEnds[i++]! + 1;
  }
  close();
  return rows;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
