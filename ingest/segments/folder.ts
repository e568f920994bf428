// Segments in a folder.

import { link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Stream } from "../event.ts";
import { type SegmentStore, storeLimits, tooLarge } from "./store.ts";

/** Keeps segments below a folder, which is made when the first one comes. */
export function folderStore(root: string, limits = storeLimits): SegmentStore {
  return {
    // A link appears whole or not at all, and never over another file.
    create: (name, bytes) => write(join(root, name), bytes, link),

    // A rename takes the other file's place.
    replace: async (name, bytes) => void (await write(join(root, name), bytes, rename)),

    async list(after) {
      const page: string[] = [];
      for await (const name of namesAfter(root, "", after)) {
        page.push(name);
        if (page.length === limits.page) break;
      }
      return page;
    },

    async read(name) {
      const file = await open(join(root, name), "r").catch(unlessMissing);
      if (file === null) return null;
      try {
        if ((await file.stat()).size > limits.bytes) throw tooLarge(name, limits);
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
  };
}

/** Writes a file under a name of its own, and gives it its place when it is whole. @returns false where that is taken */
async function write(
  path: string,
  bytes: Uint8Array,
  place: (from: string, to: string) => Promise<void>,
): Promise<boolean> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  // Hidden, so that nobody takes what is unfinished for a segment.
  const temporary = join(folder, `.${crypto.randomUUID()}.tmp`);
  const file = await open(temporary, "w");
  try {
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    // Also what a full disk cut short: every attempt would leave another one.
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
  return true;
}

/** Whoever writes a segment is done in a second: what is older is of one that died. */
const UNFINISHED_MS = 60_000;

/** Removes what writers that died have left in a stream's folder: it may hold what an erasure is to remove. */
export async function removeUnfinished(root: string, stream: Stream, nowMs: number): Promise<void> {
  const folder = join(root, stream);
  const entries =
    (await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessMissing)) ?? [];
  for (const entry of entries) {
    if (!entry.isFile() || !/^\.[0-9a-f-]{36}\.tmp$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(unlessMissing);
    if (found !== null && nowMs - found.mtimeMs > UNFINISHED_MS) await rm(path, { force: true });
  }
}

/** What is below a folder of the root, in the order of whole names, folders that lie before `after` left out unread. */
async function* namesAfter(root: string, folder: string, after: string): AsyncGenerator<string> {
  const entries = (await readdir(join(root, folder), { withFileTypes: true }).catch(unlessMissing)) ?? [];
  const names = entries
    // Hidden ones are unfinished.
    .filter((entry) => !entry.name.startsWith(".") && (entry.isFile() || entry.isDirectory()))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`)
    .toSorted(byCodeUnit);
  for (const name of names) {
    if (!name.endsWith("/")) {
      if (name > after) yield name;
    } else if (name > after || after.startsWith(name)) yield* namesAfter(root, name, after);
  }
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : 1);

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

/** The name of a file is durable only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
