import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { docsScriptFile } from "../../ingest/docs-script.ts";
import { temporaryFolder } from "../support/folder.ts";

const run = promisify(execFile);
const build = (assets: string) => run(process.execPath, ["ingest/cli/assets.ts", assets]);

test("builds of the Worker leave the script of /docs whole, also side by side and over an older one, and a site alone", async () => {
  const folder = await temporaryFolder();
  const assets = join(folder, "assets");
  await mkdir(join(assets, "reports"), { recursive: true });
  await mkdir(join(assets, "docs"));
  await writeFile(join(assets, "reports", "index.html"), "a report");
  await writeFile(join(assets, "docs", "scalar.js"), "an older one");
  await Promise.all([build(assets), build(assets), build(assets)]);
  await build(assets);
  expect((await readdir(assets, { recursive: true })).toSorted()).toEqual([
    ".assetsignore",
    "docs",
    join("docs", "scalar.js"),
    "reports",
    join("reports", "index.html"),
  ]);
  expect(await readdir(folder)).toEqual(["assets"]);
  expect(await readFile(join(assets, "docs", "scalar.js"))).toEqual(await readFile(docsScriptFile()));
  expect(await readFile(join(assets, "reports", "index.html"), "utf8")).toBe("a report");
});
