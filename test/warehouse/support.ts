// For tests of the warehouse and of what reads it: facts → segments → a loaded lake, in a folder of their own.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { type Draft, type Profile, segmentName, type Stream } from "../../ingest/event.ts";
import type { LoadResult } from "../../warehouse/course.ts";
import { load, type LoadOptions } from "../../warehouse/load.ts";
import { type Lake, openLake } from "../../warehouse/read.ts";
import type { Manifest } from "../../warehouse/snapshot.ts";
import { temporaryFolder } from "../support/folder.ts";

/** An event as the exporter writes it, with room for types and fields that no schema knows. */
export type Line = Record<string, unknown> & { shard: number; seq: number };

let serial = 0;

/** A UUIDv7 in form; rising, so that it stays the same from run to run. */
export function uuid(): string {
  serial += 1;
  return `01990000-0000-7000-8000-${serial.toString(16).padStart(12, "0")}`;
}

/** Gives drafts their place: shard, dense seq from `first`, an ID, and the record time (when it happened, unless given). */
export function place(drafts: readonly Draft[], first = 1, shard = 0, recordedAt?: string): Line[] {
  return drafts.map((draft, index) => ({
    id: uuid(),
    schema: 1,
    ...draft,
    recorded_at: recordedAt ?? draft.occurred_at,
    shard,
    seq: first + index,
  }));
}

/** Writes one segment of lines that follow one another, named by them. */
export async function writeSegment(
  home: string,
  lines: readonly Line[],
  stream: Stream = "events",
): Promise<string> {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last) throw new TypeError("a segment has at least one line");
  const path = join(home, "segments", segmentName(stream, first.shard, first.seq, last.seq));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
  return path;
}

/** Writes events, and profiles beside them, as segments of `size` lines. */
export async function writeSegments(
  home: string,
  drafts: readonly Draft[],
  {
    profiles = [],
    size = 500,
    shard = 0,
  }: { profiles?: Omit<Profile, "shard" | "seq">[]; size?: number; shard?: number } = {},
): Promise<void> {
  const lines = place(drafts, 1, shard);
  for (let at = 0; at < lines.length; at += size) await writeSegment(home, lines.slice(at, at + size));
  const people = profiles.map((profile, index) => ({ ...profile, shard, seq: index + 1 }));
  for (let at = 0; at < people.length; at += size)
    await writeSegment(home, people.slice(at, at + size), "profiles");
}

/** Loads what is in the folder. */
export async function loadHome(
  home: string,
  asOf: string,
  options: Partial<LoadOptions> = {},
): Promise<LoadResult> {
  return load({
    segments: join(home, "segments"),
    lake: join(home, "lake"),
    asOf,
    now: () => new Date("2027-01-01T00:00:00Z"),
    ...options,
  });
}

/** Opens the newest snapshot for the length of a test. */
export async function openHome(home: string): Promise<Lake> {
  const lake = await openLake(join(home, "lake"));
  if (!lake) throw new Error("nothing was loaded");
  onTestFinished(() => lake.close());
  return lake;
}

/** Events → an open lake. */
export async function lakeOf(
  drafts: readonly Draft[],
  asOf: string,
  profiles: Omit<Profile, "shard" | "seq">[] = [],
): Promise<Lake> {
  const home = await temporaryFolder();
  await writeSegments(home, drafts, { profiles });
  await loadHome(home, asOf);
  return openHome(home);
}

/** The tables of a snapshot that readers have: what only a later load builds on is not theirs. */
export function tablesFor({ tables }: Manifest): string[] {
  return Object.keys(tables).filter((table) => !table.startsWith("int_"));
}
