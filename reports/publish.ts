// A finished site takes the place of the one before, in one step: a reader sees the old one or the new one, never a mix.

import { mkdir, readdir, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { exclusively } from "./lock.ts";

/** What a site says of itself, in `site.json` at its root. It also marks a folder as one that a build may replace. */
export interface SiteStamp {
  snapshot: number;
  asOf: string;
}

const STAMP = "site.json";
const CURRENT = "current";
const WORKSHOP = ".building-";

/** A workshop this old belongs to a build that crashed: none takes a hundredth of it. */
const ABANDONED_MS = 60 * 60 * 1000;

/** The name of a new workshop within the folder of sites. */
export const workshopPrefix = (sites: string): string => join(sites, WORKSHOP);

/** Writes a site's stamp. */
export const stamp = (site: string, of: SiteStamp): Promise<void> =>
  writeFile(join(site, STAMP), `${JSON.stringify(of)}\n`);

/**
 * Publishes a site below the folder of sites, as `<snapshot>-<n>/`, and turns `current` to it: a symbolic link, made
 * beside and renamed over the old one. The site before is kept, for readers whose page is half loaded; older ones go.
 * A site of an older snapshot never takes the place of a newer.
 * @param options `keepBefore`: false where it names somebody who is erased; whose page is half loaded loads it again
 * @returns the folder that `current` leads to
 */
export function publish(
  built: string,
  sites: string,
  of: SiteStamp,
  { keepBefore = true }: { keepBefore?: boolean } = {},
): Promise<string> {
  // What is newest is looked up, acted on and swept as one step: two builds that end together take turns.
  return exclusively(sites, () => publishAlone(built, sites, of, keepBefore));
}

async function publishAlone(
  built: string,
  sites: string,
  of: SiteStamp,
  keepBefore: boolean,
): Promise<string> {
  const site = await place(built, sites, of.snapshot);
  const before = await readlink(join(sites, CURRENT)).catch(() => null);
  if (before !== null && isBefore(basename(site), before)) {
    await rm(site, { recursive: true, force: true });
    return join(sites, before);
  }
  const link = join(sites, `.${basename(site)}.link`);
  await symlink(basename(site), link);
  await rename(link, join(sites, CURRENT));
  await sweep(sites, basename(site), keepBefore ? before : null);
  return site;
}

/**
 * Publishes a site as a plain folder, for any static host. A folder that holds anything but an earlier site is refused.
 * Two renames: for the moment between them there is no site, but never half of one.
 */
export async function publishTo(built: string, folder: string): Promise<string> {
  const target = resolve(folder);
  const held: string[] = await readdir(target).catch(() => []);
  if (held.length > 0 && !held.includes(STAMP))
    throw new Error(`${folder} holds something that is not a report site: name an empty or a new folder`);
  await mkdir(dirname(target), { recursive: true });
  const aside = `${target}.before-${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  await rename(target, aside).catch(ignoreMissing);
  await rename(built, target);
  await rm(aside, { recursive: true, force: true });
  return target;
}

/** A site's place in time: its snapshot, then the count of its builds. Null for what is not a site. */
function orderOf(name: string | null): [snapshot: number, n: number] | null {
  const match = /^(\d{12})-(\d+)$/.exec(name ?? "");
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

function isBefore(name: string, other: string): boolean {
  const [a, b] = [orderOf(name), orderOf(other)];
  return a !== null && b !== null && (a[0] - b[0] || a[1] - b[1]) < 0;
}

/** Moves a site to the next name of its snapshot. */
async function place(built: string, sites: string, snapshot: number): Promise<string> {
  const taken = (await readdir(sites)).map(orderOf).filter((order) => order?.[0] === snapshot);
  const n = 1 + Math.max(0, ...taken.map((order) => order![1]));
  const site = join(sites, `${String(snapshot).padStart(12, "0")}-${n}`);
  await rename(built, site);
  return site;
}

/** Removes what nobody reads any more: sites before the newest, but for the one that it replaced, and dead workshops. */
async function sweep(sites: string, newest: string, replaced: string | null): Promise<void> {
  for (const entry of await readdir(sites)) {
    const isDone = entry !== replaced && isBefore(entry, newest);
    if (isDone || (entry.startsWith(WORKSHOP) && (await isAbandoned(join(sites, entry)))))
      await rm(join(sites, entry), { recursive: true, force: true });
  }
}

async function isAbandoned(workshop: string): Promise<boolean> {
  const found = await stat(workshop).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ABANDONED_MS;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
