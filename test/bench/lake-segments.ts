// Segments for a lake of so many events, and of a little more that comes later.

import { join } from "node:path";
import { runChild } from "./child.ts";
import type { MakePlan, MakeResult } from "./lake-make.ts";

const SHARDS = 2;
const EVENTS_AN_ENTITLEMENT = 10;

/** The events that come later, as a share. */
export const SHARE_ADDED = 0.01;

/**
 * Makes segments in `<home>/segments`, and those that come later in `<home>/added`.
 * @returns the as-of times: when the events of `segments` end, and those of `added`
 */
export async function makeSegments(home: string, events: number): Promise<[string, string]> {
  const made = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) =>
      runChild<MakeResult>("lake-make.ts", {
        shard,
        entitlements: Math.round(events / EVENTS_AN_ENTITLEMENT / SHARDS),
        folders: [
          { path: join(home, "segments"), events: Math.round(events / SHARDS) },
          { path: join(home, "added"), events: Math.round((events * SHARE_ADDED) / SHARDS) },
        ],
      } satisfies MakePlan),
    ),
  );
  const latest = (folder: number) =>
    made
      .map((ends) => ends[folder] ?? "")
      .toSorted()
      .at(-1) ?? "";
  return [latest(0), latest(1)];
}
