// Builds the report site from the newest snapshot of the lake: `npm run report`.

import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openLake } from "../warehouse/read.ts";
import { writeCustomerFiles } from "./customerFiles.ts";
import { lakeOf } from "./lake.ts";
import { polish } from "./polish.ts";
import { type SiteStamp, publish, publishTo, stamp, workshopPrefix } from "./publish.ts";
import { minute } from "./src/components/format.ts";
import { layOut, runFramework } from "./workshop.ts";

const help = `npm run report [-- --out DIR]

Builds the report site from the newest snapshot of the lake, with no network.

  --out DIR   as a plain folder, for any static host
              (else below KEYHOUSE_HOME/site, where "current" leads to the newest)
  --help      prints this

KEYHOUSE_HOME is the folder of all data, ./data by default.`;

/** There is no snapshot to build from. */
export class NoSnapshotError extends Error {}

/** What to build, and where. */
export interface BuildOptions {
  /** The folder of all data; its lake is read, and sites are kept below its `site`. */
  home: string;
  /** A folder of its own for the site instead. */
  out?: string;
}

/** A site that has been built. */
export interface Site extends SiteStamp {
  folder: string;
}

/**
 * Builds the site from the newest snapshot and publishes it. Builds of several homes, or of one, may run at once.
 * @throws NoSnapshotError where nothing has been loaded
 */
export async function buildSite({ home: homeGiven, out }: BuildOptions): Promise<Site> {
  const home = resolve(homeGiven);
  const of = await newestSnapshot(home);
  const sites = join(home, "site");
  await mkdir(out === undefined ? sites : dirname(resolve(out)), { recursive: true });
  const workshop = await mkdtemp(out === undefined ? workshopPrefix(sites) : `${resolve(out)}.building-`);
  try {
    await layOut(workshop);
    const built = await runFramework(workshop, {
      KEYHOUSE_HOME: home,
      KEYHOUSE_REPORT_SNAPSHOT: String(of.snapshot),
      KEYHOUSE_REPORT_FOOT: `Snapshot ${of.snapshot}, as of ${minute(Date.parse(of.asOf))} UTC. Test orders are left out.`,
    });
    await writeCustomerFiles(home, of.snapshot, built);
    await polishPages(built);
    await stamp(built, of);
    const folder = out === undefined ? await publish(built, sites, of) : await publishTo(built, out);
    return { folder, ...of };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function newestSnapshot(home: string): Promise<SiteStamp> {
  const lake = await openLake(lakeOf(home)).catch((error: unknown) => {
    throw new NoSnapshotError(`no snapshot in ${lakeOf(home)}: run npm run load`, { cause: error });
  });
  lake.close();
  return { snapshot: Number(lake.snapshot.id), asOf: lake.snapshot.asOf };
}

async function polishPages(site: string): Promise<void> {
  for await (const page of glob("**/*.html", { cwd: site })) {
    const path = join(site, page);
    await writeFile(path, polish(await readFile(path, "utf8")));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: "string" }, help: { type: "boolean" } } });
  if (values.help) return console.log(help);
  const { KEYHOUSE_HOME: home = "data" } = process.env;
  const started = performance.now();
  const { folder, snapshot } = await buildSite({ home, ...(values.out === undefined ? {} : { out: values.out }) });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`Built the reports of snapshot ${snapshot} in ${seconds} s: ${folder}`);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
