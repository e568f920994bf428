// Segments in a folder.

import { link, mkdir, open, readdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type SegmentStore, storeLimits, tooLarge } from "./store.ts";

/** Keeps segments below a folder, which is made when the first one comes. */
export function folderStore(root: string, limits = storeLimits): SegmentStore {
  return {
    async create(name, bytes) {
      const path = join(root, name);
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
        // A link appears whole or not at all, and never over another file.
        await link(temporary, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw error;
      } finally {
        // Also what a full disk cut short: every attempt would leave another one.
        await unlink(temporary);
      }
      await syncFolder(folder);
      return true;
    },

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
