// A lake without DuckDB, for a simulation of thousands of loads: the course of a load, its plan and its commit are those
// of the warehouse; only the rows are carried by hand, as text in place of Parquet, and there are no marts.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Stream, streams } from "../../../ingest/event.ts";
import { type CourseOptions, type LoadResult, publishNext } from "../../../warehouse/course.ts";
import { prune } from "../../../warehouse/prune.ts";
import { DEFAULT_RETENTION } from "../../../warehouse/retention.ts";
import { type LakeFile, type Manifest, newFileName, sealFile } from "../../../warehouse/snapshot.ts";
import type { Take } from "../../../warehouse/take.ts";

/** Brings a lake of lines up to the segments. */
export async function lightLoad(options: CourseOptions): Promise<LoadResult> {
  const { segments, lake, asOf, onStep = () => undefined } = options;
  const result = await publishNext(options, "light", async (base, plan, takes) => {
    const snapshot = plan.base + 1;
    const tables: Manifest["tables"] = {};
    for (const stream of streams) {
      await onStep(`take ${stream}`);
      const before = base?.tables[stream]?.files ?? [];
      const lines = await takenLines(segments, stream, takes);
      const files = lines.length === 0 ? before : [...before, await write(lake, stream, snapshot, lines)];
      tables[stream] = { rows: files.reduce((sum, { rows }) => sum + rows, 0), files };
    }
    const { watermarks } = plan;
    const manifest = { format: 1, snapshot, as_of: asOf, created_at: asOf, models: "light" } as const;
    return { manifest: { ...manifest, watermarks, tables, warnings: [] }, eventsAdded: 0 };
  });
  await onStep("prune");
  await prune(lake, DEFAULT_RETENTION, new Date(asOf));
  return result;
}

/** All lines of a stream in a snapshot, as its files have them. */
export async function linesOf(lake: string, { tables }: Manifest, stream: Stream): Promise<string[]> {
  const files = tables[stream]?.files ?? [];
  const texts = await Promise.all(files.map(({ path }) => readFile(join(lake, path), "utf8")));
  return texts.flatMap((text) => text.trimEnd().split("\n"));
}

/** As the plan says: of each segment what comes after `after`. */
async function takenLines(folder: string, stream: Stream, takes: readonly Take[]): Promise<string[]> {
  const segments = takes.filter((take) => take.stream === stream).flatMap((take) => take.segments);
  const texts = segments.map(async ({ path, first, after }) => {
    const lines = gunzipSync(await readFile(join(folder, path)))
      .toString()
      .trimEnd()
      .split("\n");
    return lines.slice(after - first + 1);
  });
  return (await Promise.all(texts)).flat();
}

async function write(lake: string, stream: Stream, snapshot: number, lines: string[]): Promise<LakeFile> {
  const path = `${stream}/${newFileName(snapshot)}`;
  await mkdir(join(lake, stream), { recursive: true });
  await writeFile(join(lake, path), `${lines.join("\n")}\n`);
  return sealFile(lake, path, lines.length);
}
