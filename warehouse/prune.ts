// Removes what no reader needs: old snapshots with their files, and what crashed loads left.

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { KEPT_SNAPSHOTS, listSnapshots, readSnapshot, TEMPORARY } from "./snapshot.ts";

/**
 * Removes from the lake all snapshots but the newest {@link KEPT_SNAPSHOTS}, and files that none of those names.
 *
 * A file that no snapshot names may be one that another load is just writing. It is removed only where it is older than
 * the newest manifest: a load that wrote it began before that manifest was there, so it has lost its number to it, and
 * will start over with new files. Only names that a load makes are touched.
 * @returns paths below the lake's root that were removed
 */
export async function prune(lake: string): Promise<string[]> {
  const numbers = await listSnapshots(lake);
  const [newest] = numbers;
  if (newest === undefined) return [];
  const removed: string[] = [];
  const remove = async (path: string) => {
    await rm(join(lake, path), { force: true, recursive: true });
    removed.push(path);
  };
  const manifest = (number: number) => `snapshots/${String(number).padStart(20, "0")}.json`;

  // The manifest goes first: a snapshot that is there has its files.
  for (const number of numbers.slice(KEPT_SNAPSHOTS)) await remove(manifest(number));
  const kept = await Promise.all(
    numbers.slice(0, KEPT_SNAPSHOTS).map((number) => readSnapshot(lake, number)),
  );
  const named = new Set(
    kept.flatMap(({ tables }) => Object.values(tables).flatMap(({ files }) => files.map(({ path }) => path))),
  );
  const publishedAt = (await stat(join(lake, manifest(newest)))).mtimeMs;
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
