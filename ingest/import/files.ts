// Files on a disk, as importers are given them; and what tells one import from another.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Source } from "../importers/importer.ts";

/** Large enough that a piece costs nothing, small enough that some of them are no memory. */
const PIECE_BYTES = 256 * 1024;

/**
 * A file as a source.
 * @throws Error where there is no such file
 */
export async function openSource(path: string, encoding: string | undefined): Promise<Source> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === "ENOENT" ? `There is no file ${path}.` : `${path}: ${error.message}`);
  });
  if (!found.isFile()) throw new Error(`${path} is no file.`);
  return {
    name: basename(path),
    size: found.size,
    encoding,
    bytes: () => createReadStream(path, { highWaterMark: PIECE_BYTES }),
  };
}

/** Tells whether it is the same import: of the files' names and contents, and of all that says how they are read. */
export async function fingerprintOfImport(sources: readonly Source[], how: unknown): Promise<string> {
  const all = createHash("sha256").update(JSON.stringify(how));
  for (const source of sources) {
    const one = createHash("sha256");
    for await (const piece of source.bytes()) one.update(piece);
    all.update(JSON.stringify([source.name, one.digest("hex")]));
  }
  return all.digest("hex").slice(0, 32);
}
