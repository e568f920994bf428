// Pure. What a load has to do: the segments that are there against what the newest snapshot holds, as data.

import { segmentName, type Stream, streams } from "../ingest/event.ts";

/** The last `seq` that a snapshot holds, per stream and shard. Shards are named by their number as text. */
export type Watermarks = Record<Stream, Record<string, number>>;

/** What a plan has to know of the newest snapshot. */
export interface Base {
  snapshot: number;
  watermarks: Watermarks;
  asOf: string;
  /** Digest of the models, and of the rates, that made its tables. */
  models: string;
}

/** One segment to read. Rows up to `after` are in the lake, or in the segment before it: they are compared, not loaded. */
export interface Segment {
  /** Path below the folder of segments. */
  path: string;
  first: number;
  last: number;
  after: number;
}

export type Step =
  | { kind: "take"; stream: Stream; shard: number; segments: Segment[] }
  | {
      kind: "build";
      because:
        "no snapshot yet" | "new segments" | "another as-of time" | "changed models" | "asked for in full";
    };

/** What is wrong with the segments. None of these stops a load: it takes what is sound, and says what is not. */
export type Fault =
  | { kind: "gap"; stream: Stream; shard: number; from: number; to: number; waiting: number }
  | { kind: "overlap"; stream: Stream; shard: number; path: string; from: number; to: number }
  | { kind: "deferred"; segments: number }
  | { kind: "unrecognized"; path: string };

export interface Plan {
  /** The snapshot that the plan continues; 0 where there is none. */
  base: number;
  /** Nothing to do where empty. */
  steps: Step[];
  /** The watermarks after the plan is carried out. */
  watermarks: Watermarks;
  faults: Fault[];
}

/**
 * Segments that one load takes at most. More than the exporter of one shard writes in a day, and few enough for one
 * statement; a longer backlog takes several loads, each committed.
 */
const MAX_SEGMENTS = 5_000;

/**
 * Plans a load.
 * @param paths what is below the folder of segments, in any order
 * @param base the newest snapshot, or null
 * @param asOf the as-of time, RFC 3339 UTC with microseconds
 * @param models digest of the models as they are now
 * @param isFull whether everything is to be computed anew, though nothing may be new
 */
export function planLoad(
  paths: readonly string[],
  base: Base | null,
  asOf: string,
  models: string,
  { maxSegments = MAX_SEGMENTS, isFull = false }: { maxSegments?: number; isFull?: boolean } = {},
): Plan {
  const faults: Fault[] = [];
  const watermarks: Watermarks = {
    events: { ...base?.watermarks.events },
    profiles: { ...base?.watermarks.profiles },
  };
  const takes: Extract<Step, { kind: "take" }>[] = [];
  let room = maxSegments;
  let deferred = 0;
  for (const { stream, shard, segments } of byShard(paths, faults)) {
    const start = watermarks[stream][shard] ?? 0;
    const { taken, rest } = follow(stream, shard, segments, start, faults);
    const within = taken.slice(0, room);
    room -= within.length;
    deferred += taken.length - within.length;
    // A gap behind segments that are deferred is not this load's to speak of.
    if (rest !== null && within.length === taken.length) faults.push(rest);
    const end = within.at(-1);
    if (!end) continue;
    watermarks[stream][shard] = end.last;
    takes.push({ kind: "take", stream, shard, segments: within });
  }
  if (deferred > 0) faults.push({ kind: "deferred", segments: deferred });
  const because = reason(base, takes.length > 0, asOf, models, isFull);
  return {
    base: base?.snapshot ?? 0,
    steps: because === null ? [] : [...takes, { kind: "build", because }],
    watermarks,
    faults,
  };
}

function reason(base: Base | null, hasNew: boolean, asOf: string, models: string, isFull: boolean) {
  if (base === null) return "no snapshot yet";
  if (isFull) return "asked for in full";
  if (hasNew) return "new segments";
  if (base.models !== models) return "changed models";
  return base.asOf === asOf ? null : "another as-of time";
}

/** Follows one shard's sequence as far as it goes without a gap. */
function follow(
  stream: Stream,
  shard: number,
  segments: readonly Omit<Segment, "after">[],
  start: number,
  faults: Fault[],
): { taken: Segment[]; rest: Fault | null } {
  const taken: Segment[] = [];
  let after = start;
  for (const [index, segment] of segments.entries()) {
    // What ends at or before the start was loaded earlier; what repeats a segment of this load wholly adds nothing.
    if (segment.last <= after) {
      if (segment.last > start)
        faults.push({
          kind: "overlap",
          stream,
          shard,
          path: segment.path,
          from: segment.first,
          to: segment.last,
        });
      continue;
    }
    if (segment.first > after + 1) {
      const waiting = segments.length - index;
      return { taken, rest: { kind: "gap", stream, shard, from: after + 1, to: segment.first - 1, waiting } };
    }
    if (segment.first <= after)
      faults.push({ kind: "overlap", stream, shard, path: segment.path, from: segment.first, to: after });
    taken.push({ ...segment, after });
    after = segment.last;
  }
  return { taken, rest: null };
}

interface ShardSegments {
  stream: Stream;
  shard: number;
  segments: Omit<Segment, "after">[];
}

function byShard(paths: readonly string[], faults: Fault[]): ShardSegments[] {
  const shards = new Map<string, ShardSegments>();
  for (const path of paths) {
    const name = parseSegmentName(path);
    if (!name) {
      faults.push({ kind: "unrecognized", path });
      continue;
    }
    const { stream, shard, first, last } = name;
    const key = `${stream}/${shard}`;
    const entry = shards.get(key) ?? { stream, shard, segments: [] };
    entry.segments.push({ path, first, last });
    shards.set(key, entry);
  }
  const order = (a: ShardSegments, b: ShardSegments) =>
    streams.indexOf(a.stream) - streams.indexOf(b.stream) || a.shard - b.shard;
  for (const { segments } of shards.values()) segments.sort((a, b) => a.first - b.first || a.last - b.last);
  return Array.from(shards.values()).toSorted(order);
}

const SEGMENT = /^(events|profiles)\/shard=(\d{3,9})\/(\d{20})-(\d{20})\.ndjson\.gz$/;

/** The parts of a segment's name, or undefined where it is not what `segmentName` makes. */
export function parseSegmentName(path: string) {
  const match = SEGMENT.exec(path);
  if (!match) return undefined;
  const stream = match[1] as Stream;
  const [shard, first, last] = [Number(match[2]), Number(match[3]), Number(match[4])];
  const isSound = first >= 1 && last >= first && segmentName(stream, shard, first, last) === path;
  return isSound ? { stream, shard, first, last } : undefined;
}

/** A fault in words: what is wrong, what the load did, and what to do. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case "gap":
      return (
        `${fault.stream}, shard ${fault.shard}: seq ${fault.from} to ${fault.to} are missing. Loaded up to ` +
        `${fault.from - 1}; ${fault.waiting} later segment(s) wait. Export again, or restore the missing segment.`
      );
    case "overlap":
      return (
        `${fault.stream}, shard ${fault.shard}: ${fault.path} repeats seq ${fault.from} to ${fault.to}. ` +
        `Each was loaded once. An exporter that starts over with other boundaries does this.`
      );
    case "deferred":
      return `${fault.segments} more segment(s) than one load takes. Run the load again for the rest.`;
    case "unrecognized":
      return `${fault.path} is not named as a segment, and was left alone.`;
  }
}
