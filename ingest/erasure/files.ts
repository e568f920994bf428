// Searches files for texts, byte by byte, whatever they are; what gzip packed is unpacked first. It runs in a process of its
// own (search-files.ts): to close a file of SQLite's lets go of all locks that the process has on it, the ledger's own ones
// among them (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).

import { createReadStream } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { spellings } from "./needles.ts";

/** The files of a folder, by their paths below it. */
export interface FileFinds {
  searched: string[];
  /** Those that hold one of the texts. */
  holding: string[];
}

/**
 * Searches all files below a folder but the lake's own, whose texts are packed (warehouse/search.ts). Links are not followed.
 * @param within what their paths begin with
 */
export async function searchFolder(
  folder: string,
  within: string,
  values: readonly string[],
): Promise<FileFinds> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessGone([]));
  const finds: FileFinds = { searched: [], holding: [] };
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (!entry.isFile() || !name.startsWith(within) || /^lake\/.*\.parquet$/.test(name)) continue;
    // Others may remove it meanwhile, as they do with what is temporary.
    const holds = await fileHolds(path, values).catch(unlessGone(false));
    finds.searched.push(name);
    if (holds) finds.holding.push(name);
  }
  return finds;
}

/** Whether a file holds one of the texts. */
async function fileHolds(path: string, values: readonly string[]): Promise<boolean> {
  const needles = values.flatMap(spellings).map((text) => Buffer.from(text));
  if (needles.length === 0) return false;
  const raw = createReadStream(path, { highWaterMark: 1024 * 1024 });
  if (!(await isGzip(path))) return streamHolds(raw, needles);
  // What is cut off in the middle, as by a writer that died, is searched up to there.
  const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  raw.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  return streamHolds(unpacked, needles).catch((error: NodeJS.ErrnoException) => {
    if (error.code?.startsWith("Z_") === true) return false;
    throw error;
  });
}

async function streamHolds(stream: Readable, needles: readonly Buffer[]): Promise<boolean> {
  const overlap = Math.max(...needles.map(({ length }) => length)) - 1;
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    if (needles.some((needle) => bytes.includes(needle))) return true;
    rest = bytes.subarray(Math.max(0, bytes.length - overlap));
  }
  return false;
}

// RFC 1952 section 2.3.1
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function unlessGone<T>(otherwise: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return otherwise;
    throw error;
  };
}
