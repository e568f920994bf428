// Segments from where they are kept elsewhere into the folder that a load reads: what is new, checked, each whole or not at
// all. Dying at any point loses nothing; the next pull goes on.

import { Readable } from "node:stream";
import { segmentName, type Stream } from "../ingest/event.ts";
import { folderStore } from "../ingest/segments/folder.ts";
import { SegmentFault, type SegmentStore } from "../ingest/segments/store.ts";
import { LoadError } from "./error.ts";
import { parseSegmentName, type Watermarks } from "./plan.ts";
import { listSegments, verifySegment } from "./segments.ts";

/** Segments fetched at once: the exporter's have a few megabytes at the most, and a bucket is some 50 ms away. */
const PULLED_AT_ONCE = 4;

/**
 * Brings the folder up to a store.
 * @param loaded what the lake has already: it is not fetched again where the folder was emptied
 * @returns how many segments came
 * @throws LoadError where the store cannot be read, or a segment is damaged
 */
export async function pullSegments(
  source: SegmentStore,
  folder: string,
  loaded: Watermarks,
): Promise<number> {
  const local = await listSegments(folder);
  const through = sequenceEnds(local, loaded);
  const own = new Set(local);
  let count = 0;
  let after = "";
  try {
    for (let page = await source.list(after); page.length > 0; page = await source.list(after)) {
      const { wanted, next } = stepThrough(page, own, through);
      await pullAll(source, folder, wanted);
      count += wanted.length;
      after = next;
    }
  } catch (error) {
    throw error instanceof SegmentFault ? new LoadError(error.message) : error;
  }
  return count;
}

/** Larger than any place in a ledger. */
const LAST_SEQ = Number.MAX_SAFE_INTEGER;

/**
 * Which names of a page are wanted, and after which name to go on. At the first name that is in the lake or the folder
 * already it leaps over all that are: a year of them is not listed at every load.
 */
function stepThrough(page: readonly string[], own: ReadonlySet<string>, through: SequenceEnds) {
  const wanted: string[] = [];
  for (const name of page) {
    const place = parseSegmentName(name);
    if (!place) continue;
    const { stream, shard, last } = place;
    const end = through(stream, shard);
    if (last <= end) return { wanted, next: segmentName(stream, shard, end, LAST_SEQ) };
    if (!own.has(name)) wanted.push(name);
  }
  return { wanted, next: page.at(-1) ?? "" };
}

type SequenceEnds = (stream: Stream, shard: number) => number;

/** Up to where the lake and the folder together have a shard's sequence, without a gap. */
function sequenceEnds(local: readonly string[], loaded: Watermarks): SequenceEnds {
  const ends = new Map<string, number>();
  const endOf: SequenceEnds = (stream, shard) => ends.get(`${stream}/${shard}`) ?? loaded[stream][shard] ?? 0;
  // The names of a shard come in the order of its sequence.
  for (const { stream, shard, first, last } of local.flatMap((path) => parseSegmentName(path) ?? []))
    if (first <= endOf(stream, shard) + 1)
      ends.set(`${stream}/${shard}`, Math.max(last, endOf(stream, shard)));
  return endOf;
}

async function pullAll(source: SegmentStore, folder: string, names: readonly string[]): Promise<void> {
  const target = folderStore(folder);
  const waiting = names.values();
  const worker = async () => {
    for (const name of waiting) {
      const place = parseSegmentName(name);
      const bytes = place && (await source.read(name));
      // Removed since it was listed: what it leaves is a gap, and the plan says so.
      if (!bytes) continue;
      await verifySegment({ path: name, ...place }, Readable.from([bytes]));
      await target.create(name, bytes);
    }
  };
  await Promise.all(Array.from({ length: PULLED_AT_ONCE }, worker));
}
