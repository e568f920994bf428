// Removes what no reader needs: old snapshots with their files, and what crashed loads left.

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Retention } from "./retention.ts";
import { listSnapshots, type Manifest, manifestPath, readSnapshot, TEMPORARY } from "./snapshot.ts";

const DAY_MS = 86_400_000;

/**
 * Removes from the lake all snapshots that the retention does not keep, and files that none of the kept ones names.
 *
 * A file that no snapshot names may be one that another load is just writing. It is removed only where it is older than
 * the newest manifest: a load that wrote it began before that manifest was there, so it has lost its number to it, and
 * will start over with new files. Only names that a load makes are touched.
 * @returns paths below the lake's root that were removed
 */
export async function prune(lake: string, retention: Retention, now: Date): Promise<string[]> {
  const numbers = await listSnapshots(lake);
  const [newest] = numbers;
  if (newest === undefined) return [];
  const removed: string[] = [];
  const remove = async (path: string) => {
    await rm(join(lake, path), { force: true, recursive: true });
    removed.push(path);
  };

  const kept = await keptOf(lake, numbers, retention, now);
  // The manifest goes first: a snapshot that is there has its files.
  for (const number of numbers.slice(kept.length))
    await remove(manifestPath(lake, number).slice(lake.length + 1));
  const named = new Set(
    kept.flatMap(({ tables }) => Object.values(tables).flatMap(({ files }) => files.map(({ path }) => path))),
  );
  const publishedAt = (await stat(manifestPath(lake, newest))).mtimeMs;
  const isOlder = async (path: string) => {
    const found = await stat(join(lake, path)).catch(() => null);
    return found !== null && found.mtimeMs < publishedAt;
  };

  const entries = await readdir(lake, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(lake.length + 1);
    const isData = entry.isFile() && /^\d{20}-[0-9a-f-]{36}\.parquet$/.test(entry.name) && !named.has(path);
    const isTemporary = entry.parentPath === join(lake, TEMPORARY);
    if ((isData || isTemporary) && (await isOlder(path))) await remove(path);
  }
  return removed;
}

/** The manifests that are kept, newest first: so many, and from there on those that are young enough. */
async function keptOf(
  lake: string,
  numbers: readonly number[],
  { snapshots, days }: Retention,
  now: Date,
): Promise<Manifest[]> {
  const kept: Manifest[] = [];
  for (const number of numbers) {
    if (kept.length >= snapshots && days === 0) break;
    const manifest = await readSnapshot(lake, number);
    const isYoung = now.getTime() - Date.parse(manifest.created_at) < days * DAY_MS;
    if (kept.length >= snapshots && !isYoung) break;
    kept.push(manifest);
  }
  return kept;
}
