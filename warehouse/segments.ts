// The folder of segments as the warehouse sees it: what is there, and whether a file is whole.

import type { Readable } from "node:stream";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Segment } from "./plan.ts";
import { LoadError } from "./error.ts";

/**
 * The largest line. A published catalog of 10,000 products is about 3 MB; DuckDB's own limit for one JSON object is
 * set to the same number.
 */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * The largest segment, unpacked. The exporter writes a few thousand events a file; a gzip file that unpacks to more
 * is not one of its own.
 */
const MAX_SEGMENT_BYTES = 1024 * 1024 * 1024;

/**
 * Lists what is below the folder of segments, as paths relative to it. Hidden files are the exporter's unfinished ones.
 * @returns nothing where the folder is not there: no event has been exported yet
 */
export async function listSegments(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll("\\", "/"),
      )
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/**
 * Unpacks a segment, as it is stored, to its end, for its checksum and its number of lines. DuckDB reads gzip without looking at the
 * checksum (tried with 1.5.6: one changed bit passes), so a damaged file has to be found here.
 * @throws LoadError naming the file
 */
export async function verifySegment(
  { path, first, last }: Omit<Segment, "after">,
  stored: Readable,
): Promise<void> {
  let lines = 0;
  let bytes = 0;
  let lastByte = NEWLINE;
  try {
    await pipeline(
      stored,
      createGunzip({ chunkSize: CHUNK_BYTES }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          if (bytes > MAX_SEGMENT_BYTES)
            throw new Error(`it unpacks to more than ${MAX_SEGMENT_BYTES} bytes`);
          for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
          lastByte = chunk.at(-1) ?? lastByte;
        }
      },
    );
  } catch (error) {
    throw damaged(path, (error as Error).message);
  }
  if (lastByte !== NEWLINE) lines += 1;
  const expected = last - first + 1;
  if (lines !== expected) throw damaged(path, `it has ${lines} lines, and its name says ${expected}`);
}

const NEWLINE = 0x0a;

/** What is read, and unpacked, at once: with Node's 64 and 16 KB most of the time goes into handing pieces on, twice as much in all. */
export const CHUNK_BYTES = 256 * 1024;

/** The error for a segment that cannot be loaded. */
export function damaged(path: string, why: string): LoadError {
  return new LoadError(
    `The segment ${path} is damaged: ${why}. Nothing was published. ` +
      `Remove the file and export again; the ledger still has its events.`,
  );
}
