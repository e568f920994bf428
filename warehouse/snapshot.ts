// Snapshots: what the lake holds, committed in one step.
//
// A snapshot is a manifest, `snapshots/<number>.json`, that names every file of every table. Its files are written and
// synced first, under names that no one else has; then the manifest appears, whole, under the next number. `link` fails
// where the name is taken, so of two loaders one wins and the other learns of it; a rename would let the second silently
// undo the first. Readers take the highest number and the files it names, and never look into folders. What is published
// stays as it is, but for a person who is erased: then other files are named in place of those that name them (erase.ts).

import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const watermarks = z.record(z.string(), z.int().nonnegative());
const fileSchema = z.strictObject({
  /** Below the lake's root. */
  path: z.string(),
  rows: z.int().nonnegative(),
  size_bytes: z.int().nonnegative(),
  sha256: z.string(),
  /** Of a file of events: the first and the last `seq` in it, per shard. Manifests of earlier versions do not say. */
  seq_ranges: z.record(z.string(), z.strictObject({ first: z.int(), last: z.int() })).optional(),
});
export type LakeFile = z.infer<typeof fileSchema>;

const manifestSchema = z.object({
  format: z.literal(1),
  snapshot: z.int().positive(),
  /** RFC 3339, UTC. What happened later than `as_of` is not in the marts; `created_at` is when the load ran. */
  as_of: z.string(),
  created_at: z.string(),
  /** Digest of the models that made the tables. */
  models: z.string(),
  /** Digest of the rates that amounts were told by in the reporting currency; absent where none were given. */
  rates: z.string().optional(),
  /** The last `seq` in the lake, per stream and shard. */
  watermarks: z.object({ events: watermarks, profiles: watermarks }),
  tables: z.record(z.string(), z.object({ rows: z.int().nonnegative(), files: z.array(fileSchema) })),
  /** Data tests of severity warn that failed, and faults of the segments. */
  warnings: z.array(z.string()),
  /** How often a data test of severity warn fails that a load counts by what it computes anew, by model and name. */
  warned: z.record(z.string(), z.int()).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

const folderOf = (lake: string) => join(lake, "snapshots");
const nameOf = (snapshot: number) => `${String(snapshot).padStart(20, "0")}.json`;

/** Where the manifest of a snapshot is. */
export const manifestPath = (lake: string, snapshot: number) => join(folderOf(lake), nameOf(snapshot));

/** The numbers of all snapshots, newest first. */
export async function listSnapshots(lake: string): Promise<number[]> {
  const names = await readdir(folderOf(lake)).catch(nothingThere<string[]>([]));
  return names
    .filter((name) => /^\d{20}\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .toSorted((a, b) => b - a);
}

/** The newest snapshot, or null where nothing was ever loaded. */
export async function newestSnapshot(lake: string): Promise<Manifest | null> {
  const [newest] = await listSnapshots(lake);
  return newest === undefined ? null : readSnapshot(lake, newest);
}

/** @throws Error where the manifest is not one of this version's */
export async function readSnapshot(lake: string, snapshot: number): Promise<Manifest> {
  const path = manifestPath(lake, snapshot);
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (!parsed.success)
    throw new Error(`${path} is not a snapshot that this version understands: ${parsed.error.message}`);
  return parsed.data;
}

/**
 * Publishes a snapshot. Its files must be synced already.
 * @returns false where another loader has published this number: nothing was changed, and the plan is out of date
 */
export async function publishSnapshot(lake: string, manifest: Manifest): Promise<boolean> {
  return placeManifest(lake, manifest, link);
}

/** Puts a manifest in place of the one of its number: readers have the old one or the new one. Its files must be synced. */
export async function replaceSnapshot(lake: string, manifest: Manifest): Promise<void> {
  await placeManifest(lake, manifest, rename);
}

async function placeManifest(
  lake: string,
  manifest: Manifest,
  place: (from: string, to: string) => Promise<void>,
): Promise<boolean> {
  const folder = folderOf(lake);
  await mkdir(folder, { recursive: true });
  await mkdir(join(lake, TEMPORARY), { recursive: true });
  const temporary = join(lake, TEMPORARY, `${randomUUID()}.json`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(`${JSON.stringify(manifest, null, 1)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary, manifestPath(lake, manifest.snapshot));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
  await syncFolder(lake);
  return true;
}

/** The folder below the lake for what is not published: spilled sorts, manifests in the making. */
export const TEMPORARY = "tmp";

/** A name for a new file of a table, which no other load, past or at this moment, uses. */
export function newFileName(snapshot: number): string {
  return `${String(snapshot).padStart(20, "0")}-${randomUUID()}.parquet`;
}

/** Makes a written file and its place durable, and describes it for the manifest. */
export async function sealFile(lake: string, path: string, rows: number): Promise<LakeFile> {
  const file = await syncFile(lake, path, rows);
  await syncPlaces(lake, [path]);
  return file;
}

/** Makes a written file durable, and describes it for the manifest. Its place is not yet: {@link syncPlaces} sees to that. */
export async function syncFile(lake: string, path: string, rows: number): Promise<LakeFile> {
  const full = join(lake, path);
  const file = await open(full, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return { path, rows, size_bytes: (await stat(full)).size, sha256: await hashOf(full) };
}

/** Makes it durable that files are where they are: their folders, up to the lake's root, each once. */
export async function syncPlaces(lake: string, paths: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      folders.add(folder);
      if (folder === ".") break;
    }
  for (const folder of folders) await syncFolder(join(lake, folder));
}

/** SHA-256 of a file, as hexadecimal digits. */
export async function hashOf(path: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  return digest.digest("hex");
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function nothingThere<T>(otherwise: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  };
}
