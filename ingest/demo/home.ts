// Where a demo lives: a folder of its own, marked, so that it never mixes with what somebody works with.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a finished demo leaves in its folder. */
export interface Marker {
  seed: number;
  orders: number;
  /** {@link DEMO_VERSION} of the program that played it. */
  version: number;
}

/** Rises when the same seed plays another year: an older demo is then not taken for this one. */
export const DEMO_VERSION = 5;

const MARKER = "demo.json";

/** The folder holds something that a demo must not touch. */
export class HomeTaken extends Error {
  override readonly name = "HomeTaken";

  constructor(folder: string, held: string) {
    super(`${folder} holds ${held}. Delete it, or set KEYHOUSE_HOME to a new folder.`);
  }
}

/**
 * Looks whether this very demo has been played into a folder before. A folder without a mark is not looked into: whether
 * it holds somebody's data, its ledger knows.
 * @throws HomeTaken where another demo has been played there
 */
export async function isPlayed(folder: string, wanted: Marker): Promise<boolean> {
  const text = await readFile(join(folder, MARKER), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return false;
  const { seed, orders, version } = JSON.parse(text) as Marker;
  if (seed === wanted.seed && orders === wanted.orders && version === wanted.version) return true;
  throw new HomeTaken(folder, `another demo: seed ${seed}, ${orders} orders, version ${version}`);
}

/** Marks a demo as finished. */
export async function markPlayed(folder: string, marker: Marker): Promise<void> {
  await writeFile(join(folder, MARKER), `${JSON.stringify(marker)}\n`);
}
