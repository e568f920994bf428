// Where a demo lives: a folder of its own, marked, so that it never mixes with what somebody works with.

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a finished demo leaves in its folder. */
export interface Marker {
  seed: number;
  orders: number;
  /** {@link DEMO_VERSION} of the program that played it. */
  version: number;
}

/** Rises when the same seed plays another year: an older demo is then not taken for this one. */
export const DEMO_VERSION = 1;

const MARKER = "demo.json";

/** The folder holds something that a demo must not touch. */
export class HomeTaken extends Error {
  override readonly name = "HomeTaken";
}

/**
 * Looks whether a demo may be played into a folder, which need not exist.
 * @returns whether this very demo has been played there before
 * @throws HomeTaken where it holds anything else
 */
export async function isPlayed(folder: string, wanted: Marker): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const held = await readdir(folder);
  if (held.length === 0) return false;
  const advice = `Delete ${folder}, or set KEYHOUSE_HOME to a new folder.`;
  if (!held.includes(MARKER))
    throw new HomeTaken(`${folder} holds other data, or a demo that did not end. ${advice}`);
  const { seed, orders, version } = JSON.parse(await readFile(join(folder, MARKER), "utf8")) as Marker;
  if (seed === wanted.seed && orders === wanted.orders && version === wanted.version) return true;
  throw new HomeTaken(
    `${folder} holds another demo: seed ${seed}, ${orders} orders, version ${version}. ${advice}`,
  );
}

/** Marks a demo as finished. */
export async function markPlayed(folder: string, marker: Marker): Promise<void> {
  await writeFile(join(folder, MARKER), `${JSON.stringify(marker)}\n`);
}
