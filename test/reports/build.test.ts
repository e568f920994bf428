// How a site comes to be, and how it takes the place of the one before.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { publish, publishTo } from "../../reports/publish.ts";
import { temporaryFolder } from "../support/folder.ts";
import { removeHome, vendorHome } from "./support.ts";

const run = promisify(execFile);
const build = join(import.meta.dirname, "../../reports/build.ts");
const report = (home: string, ...args: string[]) =>
  run(process.execPath, ["--no-warnings", build, ...args], { env: { ...process.env, KEYHOUSE_HOME: home } });

/** A folder that stands for a built site. */
async function builtSite(snapshot: number): Promise<string> {
  const folder = await temporaryFolder();
  const site = await mkdtemp(join(folder, "built-"));
  await writeFile(join(site, "site.json"), JSON.stringify({ snapshot, asOf: "2026-01-01T00:00:00.000Z" }));
  return site;
}

const at = (snapshot: number) => ({ snapshot, asOf: "2026-01-01T00:00:00.000Z" });

test("without a snapshot it says what to do", async () => {
  const home = await temporaryFolder();
  await expect(report(home)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no snapshot in .*: run npm run load\n$/) as string,
  });
});

test("--help says what it does", async () => {
  const { stdout } = await report("nowhere", "--help");
  expect(stdout).toMatch(/^npm run report/);
});

test("a new site takes the place of the old one, which is kept for readers who are at it; older ones go", async () => {
  const sites = await temporaryFolder();
  const placed = [];
  for (const snapshot of [...Array.from({ length: 11 }, () => 1), 2])
    placed.push(await publish(await builtSite(snapshot), sites, at(snapshot)));
  expect(await readlink(join(sites, "current"))).toBe("000000000002-1");
  expect((await readdir(sites)).toSorted()).toEqual([
    ".lock",
    "000000000001-11",
    "000000000002-1",
    "current",
  ]);
  expect(placed.at(-1)).toBe(join(sites, "000000000002-1"));
});

test("a build of an older snapshot that ends late does not take the place of a newer one", async () => {
  const sites = await temporaryFolder();
  await publish(await builtSite(7), sites, at(7));
  await publish(await builtSite(6), sites, at(6));
  expect(await readlink(join(sites, "current"))).toBe("000000000007-1");
});

test("builds that end together all find a place", async () => {
  const sites = await temporaryFolder();
  // Over and over: what goes wrong between two of them does so once in a while.
  for (let round = 0; round < 20; round++) {
    const built = await Promise.all([builtSite(3), builtSite(3), builtSite(3)]);
    await Promise.all(built.map((site) => publish(site, sites, at(3))));
    const stamp = await readFile(join(sites, "current", "site.json"), "utf8");
    expect(JSON.parse(stamp)).toMatchObject({ snapshot: 3 });
  }
});

test("--out replaces a site, and nothing else", async () => {
  const folder = await temporaryFolder();
  const out = join(folder, "public");
  await publishTo(await builtSite(1), out);
  await publishTo(await builtSite(2), out);
  expect(JSON.parse(await readFile(join(out, "site.json"), "utf8"))).toMatchObject({ snapshot: 2 });

  const precious = join(folder, "precious");
  await mkdir(precious);
  await writeFile(join(precious, "thesis.txt"), "years of work");
  await expect(publishTo(await builtSite(2), precious)).rejects.toThrow(/is not a report site/);
  expect(await readdir(precious)).toEqual(["thesis.txt"]);
});

test("sites of two homes are built at once, each of its own data; also of a vendor who has none", async () => {
  const homes = await Promise.all([vendorHome(), vendorHome([])]);
  try {
    await Promise.all(homes.map((home) => report(home)));
    const [some, none] = await Promise.all(
      homes.map(async (home) => {
        const index = await readFile(join(home, "site/current/histories/1/index.json"), "utf8");
        return (JSON.parse(index) as { customers: number }).customers;
      }),
    );
    expect([some, none]).toEqual([12, 0]);
  } finally {
    await Promise.all(homes.map(removeHome));
  }
});
