// Framework bundles each package that a page imports, d3 and Arrow among them: five seconds, and always the same result.

import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Where Framework keeps its bundles, within a workshop. */
const bundlesIn = (workshop: string) => join(workshop, "src", ".observablehq", "cache", "_node");

/**
 * Where bundles are kept between builds: with the packages themselves, so that they go when these do. Named by what is
 * installed, for a bundle holds one version of each package.
 */
async function keptBundles(modules: string): Promise<string> {
  const installed = await readFile(join(modules, ".package-lock.json")).catch(() =>
    Buffer.from(process.version),
  );
  const name = createHash("sha256").update(installed).digest("hex").slice(0, 16);
  return join(modules, ".cache", "keyhouse-reports", name);
}

/** Brings the bundles of an earlier build into a workshop, where there are any. */
export async function takeBundles(modules: string, workshop: string): Promise<void> {
  await cp(await keptBundles(modules), bundlesIn(workshop), { recursive: true }).catch(() => undefined);
}

/**
 * Keeps the bundles of a build that went well. They appear under their name at once and whole, so that builds side by
 * side cannot disturb each other. Where packages are read-only nothing is kept, and the next build bundles again.
 */
export async function keepBundles(modules: string, workshop: string): Promise<void> {
  const kept = await keptBundles(modules);
  try {
    await mkdir(dirname(kept), { recursive: true });
    const copy = await mkdtemp(`${kept}.`);
    await cp(bundlesIn(workshop), copy, { recursive: true });
    // Fails where there is one already: that is as good.
    await rename(copy, kept).catch(() => rm(copy, { recursive: true, force: true }));
  } catch {
    return;
  }
}
