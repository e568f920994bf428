// Builds the report site from the newest snapshot of the lake: `npm run report`.

import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeCustomerFiles } from "./customerFiles.ts";
import { type Audience, audienceOf } from "./audience.ts";
import { withProgress } from "../warehouse/progress.ts";
import { quote } from "../warehouse/read.ts";
import { openHome } from "./lake.ts";
import { navigation } from "./navigation.ts";
import { polish } from "./polish.ts";
import { type SiteStamp, publish, publishTo, stamp, workshopPrefix } from "./publish.ts";
import { minute } from "./src/components/format.ts";
import { writeTables } from "./tables.ts";
import { writeWaitFiles } from "./waitFiles.ts";
import { addWaits } from "./waits.ts";
import { layOut, runFramework } from "./workshop.ts";

const help = `npm run report [-- --out DIR]

Builds the report site from the newest snapshot of the lake, with no network.

  --out DIR           as a plain folder, for any static host
                      (else below KEYHOUSE_HOME/site, where "current" leads to the newest)
  --audience product  names no customer and tells of no fewer than five: to be given to those who need not know them.
                      It needs --out. The default is "internal": everything
  --alone             removes the site before as well, which is kept for those who are reading it: after an erasure
  --help              prints this

KEYHOUSE_HOME is the folder of all data, ./data by default.`;

/** What to build, and where. */
export interface BuildOptions {
  /** The folder of all data; its lake is read, and sites are kept below its `site`. */
  home: string;
  /** A folder of its own for the site instead. */
  out?: string;
  /** Whom it is for; `internal` where not given. */
  audience?: Audience;
  /** Whether the site before goes at once. */
  isAlone?: boolean;
  /** Told what is done next. */
  onStep?: (step: string) => void;
}

/** A site that has been built. */
export interface Site extends SiteStamp {
  folder: string;
}

/**
 * Builds the site from the newest snapshot and publishes it. Builds of several homes, or of one, may run at once: each
 * works in a folder of its own, and reads one snapshot from beginning to end.
 * @throws Error where nothing has been loaded
 */
export async function buildSite({
  home: homeGiven,
  out,
  audience = "internal",
  isAlone = false,
  onStep = () => undefined,
}: BuildOptions): Promise<Site> {
  // What the service serves is for who has its key; this is for others, and must not take its place.
  if (audience !== "internal" && out === undefined)
    throw new Error(`the site for ${audience} is a folder to be given away: say where with --out DIR`);
  const home = resolve(homeGiven);
  const sites = join(home, "site");
  const lake = await openHome(home, audience);
  const of: SiteStamp = { snapshot: lake.snapshot, asOf: lake.asOf.toISOString() };
  await mkdir(out === undefined ? sites : dirname(resolve(out)), { recursive: true });
  const workshop = await mkdtemp(out === undefined ? workshopPrefix(sites) : `${resolve(out)}.building-`);
  try {
    // Sorts that exceed memory go to disk, and go with the workshop.
    await lake.run(`set temp_directory = ${quote(join(workshop, "spill"))}`);
    await layOut(workshop, navigation(audience));
    onStep("waits of every choice");
    await addWaits(lake);
    onStep("tables of the pages");
    await writeTables(lake, workshop);
    onStep("pages");
    const foot = `Snapshot ${of.snapshot}, as of ${minute(lake.asOf)} UTC. Test orders are left out.`;
    const built = await runFramework(workshop, { foot, audience });
    onStep("histories of customers");
    await writeWaitFiles(lake, built);
    if (audience === "internal") await writeCustomerFiles(lake, built);
    await polishPages(built);
    await stamp(built, of);
    const folder =
      out === undefined
        ? await publish(built, sites, of, { keepBefore: !isAlone })
        : await publishTo(built, out);
    return { folder, ...of };
  } finally {
    lake.close();
    await rm(workshop, { recursive: true, force: true });
  }
}

async function polishPages(site: string): Promise<void> {
  for await (const page of glob("**/*.html", { cwd: site })) {
    const path = join(site, page);
    await writeFile(path, polish(await readFile(path, "utf8")));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      audience: { type: "string", default: "internal" },
      alone: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(help);
  const { KEYHOUSE_HOME: home = "data" } = process.env;
  const started = performance.now();
  const { folder, snapshot } = await withProgress((onStep) =>
    buildSite({
      home,
      audience: audienceOf(values.audience),
      isAlone: values.alone === true,
      onStep,
      ...(values.out === undefined ? {} : { out: values.out }),
    }),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`Built the reports of snapshot ${snapshot} in ${seconds} s: ${folder}`);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
