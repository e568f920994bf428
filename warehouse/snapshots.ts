// The snapshots that are there: found by number, listed, and held against their manifests.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { LoadError } from "./error.ts";
import type { Answer } from "./format.ts";
import {
  hashOf,
  type LakeFile,
  listSnapshots,
  type Manifest,
  newestSnapshot,
  readSnapshot,
} from "./snapshot.ts";

/**
 * Finds a snapshot whose files are there.
 * @param number which; the newest where not given
 * @returns null where nothing was loaded yet
 * @throws LoadError where this one was never made, is not kept any more, or lacks a file
 */
export async function findSnapshot(lake: string, number?: number): Promise<Manifest | null> {
  if (number === undefined) return newestSnapshot(lake);
  const numbers = await listSnapshots(lake);
  const [newest] = numbers;
  if (newest === undefined) return null;
  if (number > newest)
    throw new LoadError(
      `There is no snapshot ${number} yet: the newest is ${newest}. See npm run snapshots.`,
    );
  if (!numbers.includes(number))
    throw new LoadError(
      `Snapshot ${number} is not kept any more: the oldest is ${numbers.at(-1)}, the newest ${newest}. ` +
        `KEYHOUSE_KEEP_SNAPSHOTS and KEYHOUSE_KEEP_SNAPSHOTS_DAYS say how long they are kept.`,
    );
  const manifest = await readSnapshot(lake, number);
  const missing = (await checkFiles(lake, manifest, sizeFault)).filter(({ fault }) => fault === "missing");
  const [first] = missing;
  if (first)
    throw new LoadError(
      `Snapshot ${number} lacks ${missing.length} of its files, ${first.path} among them. Ask another one: npm run snapshots.`,
    );
  return manifest;
}

/** All snapshots as rows, newest first. */
export async function snapshotRows(lake: string): Promise<Answer> {
  const rows: Answer["rows"] = [];
  for (const number of await listSnapshots(lake)) {
    const manifest = await readSnapshot(lake, number);
    const files = filesOf(manifest);
    const faults = await checkFiles(lake, manifest, sizeFault);
    const sum = (values: number[]) => String(values.reduce((total, value) => total + value, 0));
    rows.push([
      String(number),
      manifest.as_of,
      manifest.created_at,
      String(manifest.tables["events"]?.rows ?? 0),
      sum(Object.values(manifest.tables).map((table) => table.rows)),
      sum(files.map(({ size_bytes: size }) => size)),
      String(manifest.warnings.length),
      faults.length === 0 ? "all there" : `${faults.length} of ${files.length} missing or changed`,
    ]);
  }
  return {
    names: ["snapshot", "as_of", "created_at", "events", "rows", "size_bytes", "warnings", "files"],
    types: ["BIGINT", "VARCHAR", "VARCHAR", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "VARCHAR"],
    rows,
  };
}

export interface FileFault {
  path: string;
  fault: "missing" | "of another size" | "of other content";
}

/** Reads every file of a snapshot, and says which are not what its manifest says. */
export async function verifySnapshot(lake: string, manifest: Manifest): Promise<FileFault[]> {
  return checkFiles(lake, manifest, async (path, file) => {
    const fault = await sizeFault(path, file);
    if (fault !== null) return fault;
    return (await hashOf(path)) === file.sha256 ? null : "of other content";
  });
}

/** All files that a snapshot names. */
export function filesOf({ tables }: Manifest): LakeFile[] {
  return Object.values(tables).flatMap(({ files }) => files);
}

type Check = (path: string, file: LakeFile) => Promise<FileFault["fault"] | null>;

const sizeFault: Check = async (path, { size_bytes: size }) => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found === null) return "missing";
  return found.size === size ? null : "of another size";
};

async function checkFiles(lake: string, manifest: Manifest, check: Check): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  for (const file of filesOf(manifest)) {
    const fault = await check(join(lake, file.path), file);
    if (fault !== null) faults.push({ path: file.path, fault });
  }
  return faults;
}
