// The rows of the outbox, and the events in them: one as it is, or many of telemetry, which share what they can.

import { formatInstant, type Instant } from "../../licensing/index.ts";
import { type PackedFacts, unpackedFacts } from "./pack.ts";

/** A row of the outbox: one of the two is there. */
export interface OutboxRow {
  /** Of its last event. */
  seq: number;
  line: string | null;
  batch: Uint8Array | null;
}

/** Facts of telemetry that are recorded together, as one row has them. */
export interface FactRow extends PackedFacts {
  events: number;
}

/** What the events of a batch share; each has a fact of its own, and its place by its order. */
interface BatchHead {
  /** The first event's ID; the others' follow it. */
  id: string;
  recorded_at: string;
  events: number;
  packed: boolean;
}

const LINE_BREAK = 0x0a;

/**
 * Facts as the bytes of a row: recorded together, they need a time and an ID but once.
 * @param id a new event's; so many IDs follow it as there are facts
 */
export function batchOf({ facts, events, isPacked }: FactRow, id: string, recordedAt: Instant): Uint8Array {
  const head: BatchHead = {
    id: firstOf(id),
    recorded_at: formatInstant(recordedAt),
    events,
    packed: isPacked,
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const batch = new Uint8Array(bytes.length + facts.length);
  batch.set(bytes);
  batch.set(facts, bytes.length);
  return batch;
}

/** What the events of a batch share. */
function headIn(batch: Uint8Array): { head: BatchHead; end: number } {
  const end = batch.indexOf(LINE_BREAK);
  return { head: JSON.parse(new TextDecoder().decode(batch.subarray(0, end))) as BatchHead, end };
}

/** The facts of a batch, and how many they are. */
export function factsIn(batch: Uint8Array): { events: number; facts: Uint8Array } {
  const { head, end } = headIn(batch);
  return {
    events: head.events,
    facts: unpackedFacts({ facts: batch.subarray(end + 1), isPacked: head.packed }),
  };
}

/** The events of a row as they are told to others, a line each, in the order of their places. */
export function linesOf({ seq, line, batch }: OutboxRow, shard: number): string[] {
  if (line !== null) return [line];
  if (batch === null) throw new TypeError(`row ${seq} of the outbox is empty`);
  const { head } = headIn(batch);
  const lines = new TextDecoder().decode(factsIn(batch).facts).split("\n", head.events);
  const first = seq - head.events + 1;
  return lines.map(
    (fact, i) =>
      `{"id":"${following(head.id, i)}","recorded_at":"${head.recorded_at}","shard":${shard},"seq":${first + i},${fact}}`,
  );
}

/** When the events of a row were recorded, as it is written in them. */
export function recordedAtOf(row: OutboxRow): string {
  if (row.batch !== null) return headIn(row.batch).head.recorded_at;
  return (JSON.parse(row.line ?? "") as { recorded_at: string }).recorded_at;
}

// The last 32 of the 74 random bits of a UUIDv7 count within a batch (RFC 9562 section 6.2, method 2): they begin in their
// lower half, and no batch has 2^31 events.
const COUNTING_DIGITS = 8;

const firstOf = (id: string): string => withCount(id, countOf(id) & 0x7fff_ffff);
const following = (id: string, more: number): string => withCount(id, countOf(id) + more);

const countOf = (id: string): number => Number.parseInt(id.slice(-COUNTING_DIGITS), 16);
const withCount = (id: string, count: number): string =>
  id.slice(0, -COUNTING_DIGITS) + count.toString(16).padStart(COUNTING_DIGITS, "0");
