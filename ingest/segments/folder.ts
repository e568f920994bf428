// Segments in a folder.

import { link, mkdir, open, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SegmentStore } from "./store.ts";

/** Keeps segments below a folder, which is made when the first one comes. */
export function folderStore(root: string): SegmentStore {
  return {
    async create(name, bytes) {
      const path = join(root, name);
      const folder = dirname(path);
      await mkdir(folder, { recursive: true });
      // Hidden, so that nobody takes what is unfinished for a segment.
      const temporary = join(folder, `.${crypto.randomUUID()}.tmp`);
      const file = await open(temporary, "w");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      try {
        // A link appears whole or not at all, and never over another file.
        await link(temporary, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw error;
      } finally {
        await unlink(temporary);
      }
      await syncFolder(folder);
      return true;
    },
  };
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
