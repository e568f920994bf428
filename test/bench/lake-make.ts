// Makes the segments of one shard for the lake's benchmark, in a process of its own: as an exporter would have, and then
// those that come a little later, in a folder of their own.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { segmentName, type Stream } from "../../ingest/event.ts";
import { linesOf, profilesOf } from "./lake-story.ts";

export interface MakePlan {
  shard: number;
  /** Orders of two years in this shard. */
  entitlements: number;
  /** Folders of segments in the order in which they come, and how many events are in each. */
  folders: { path: string; events: number }[];
}

/** When the last event of each folder happened. */
export type MakeResult = string[];

// The exporter stops at 20,000 lines or 8 MB: these lines have some 500 bytes.
const LINES_A_SEGMENT = 15_000;

const plan = JSON.parse(await text(process.stdin)) as MakePlan;
const told = linesOf(plan.shard, plan.entitlements);
const result: MakeResult = [];
let seq = 0;
for (const [index, { path, events }] of plan.folders.entries()) {
  if (index === 0) write(path, "profiles", 1, profilesOf(plan.shard, plan.entitlements));
  let last = "";
  for (const end = seq + events; seq < end;) {
    const lines = Array.from({ length: Math.min(LINES_A_SEGMENT, end - seq) }, () => {
      const { line, at } = told.next().value;
      last = at;
      return line;
    });
    write(path, "events", seq + 1, lines);
    seq += lines.length;
  }
  result.push(last);
}
process.stdout.write(JSON.stringify(result));

function write(folder: string, stream: Stream, first: number, lines: readonly string[]): void {
  const path = join(folder, segmentName(stream, plan.shard, first, first + lines.length - 1));
  mkdirSync(dirname(path), { recursive: true });
  // The lowest level: a reader unpacks it as fast, and the making is not what is measured.
  writeFileSync(path, gzipSync(`${lines.join("\n")}\n`, { level: 1 }));
}
