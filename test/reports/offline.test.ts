// The site is built on a machine without network, and asks for nothing from elsewhere when it is read.

import { execFile, execFileSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EMAIL, TEST_CUSTOMER, removeHome, vendorHome } from "./support.ts";

const build = join(import.meta.dirname, "../../reports/build.ts");
const noNetwork = new URL("noNetwork.ts", import.meta.url).href;

/** A namespace without any network device, where the system lets us have one. */
const cut = (() => {
  try {
    execFileSync("unshare", ["-n", "true"], { stdio: "ignore" });
    return ["unshare", "-n"];
  } catch {
    return [];
  }
})();

let home: string;
let log: string;
let texts: { path: string; text: string }[];

beforeAll(async () => {
  home = await vendorHome();
  const [command, ...args] = [...cut, process.execPath, "--no-warnings", build];
  const env = { ...process.env, KEYHOUSE_HOME: home, NODE_OPTIONS: `--no-warnings --import ${noNetwork}` };
  log = (await promisify(execFile)(command, args, { env })).stdout;
  const site = join(home, "site", "current");
  const files = await readdir(site, { recursive: true, withFileTypes: true });
  texts = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .map(async (path) => ({ path: path.slice(site.length), text: await readFile(path, "latin1") })),
  );
});

afterAll(() => removeHome(home));

test("builds with the network cut off", () => {
  expect(log).toMatch(/^Built the reports of snapshot 1 in [\d.]+ s: /);
});

describe("in the built site", () => {
  const matches = (types: string[], pattern: RegExp) =>
    texts.flatMap(({ path, text }) =>
      types.includes(extname(path))
        ? Array.from(text.matchAll(pattern), ([found]) => `${path}: ${found}`)
        : [],
    );

  test("no page loads or links anything from another origin", () => {
    expect(matches([".html"], /(?:src|href|action|srcset)="(?:https?:)?\/\/[^"]*"/g)).toEqual([]);
  });

  test("no style loads anything from another origin", () => {
    expect(matches([".css"], /(?:@import|url\()\s*["']?(?:https?:)?\/\/[^"')]*/g)).toEqual([]);
  });

  test("no script imports by npm: or by address", () => {
    expect(matches([".html", ".js"], /(?:from|import)\s*\(?\s*["'](?:npm:|jsr:|https?:)[^"']*/g)).toEqual([]);
  });

  test("every link is relative, so that it can be served below any path", () => {
    expect(matches([".html"], /(?:src|href)="\/[^"]*"/g)).toEqual([]);
  });

  test("there is no e-mail address, and nothing of a test order", () => {
    for (const secret of [EMAIL, TEST_CUSTOMER, "SO-TEST"])
      expect(texts.filter(({ text }) => text.includes(secret)).map(({ path }) => path)).toEqual([]);
  });

  test("every page says its language, its title, its snapshot and its as-of time", () => {
    const pages = texts.filter(({ path }) => path.endsWith(".html"));
    expect(pages.map(({ path }) => path).toSorted()).toEqual([
      "/activation.html",
      "/compliance.html",
      "/customers.html",
      "/data-quality.html",
      "/dictionary.html",
      "/index.html",
      "/license-models.html",
      "/platforms.html",
      "/policy.html",
      "/revenue.html",
    ]);
    for (const { text } of pages) {
      expect(text).toContain('<html lang="en">');
      expect(text).toMatch(/<title>[^<]+ \| Keyhouse<\/title>/);
      expect(text).toContain("Snapshot 1, as of Oct 28, 2026, 00:00 UTC. Test orders are left out.");
      expect(text).not.toContain("maximum-scale");
    }
  });
});
