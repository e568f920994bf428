// What a customer's product embeds, in a real browser: the same answers as on Node, and one package beside our files.

import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  hostDigest,
  makeOfflineRequest,
  readOfflineRequest,
  type RevocationClaims,
  signLicense,
  signOfflineResponse,
  signRevocations,
  verifyLicense,
  webCryptoSigner,
  writeLicenseFile,
} from "../../licensing/index.ts";
import { claims, START } from "../licensing/samples.ts";
import { openBrowser, openPage, type Served, serve } from "./support.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
// In the page, since a test's own `import()` becomes its runner's.
const RUN = `globalThis.run = async (path, calls) => {
  const loaded = await import(path);
  const results = [];
  for (const [name, ...args] of calls) results.push(await loaded[name](...args));
  return results;
};`;
let folder: string;
let browser: Browser;
let site: Served;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keyhouse-test-"));
  await mkdir(join(folder, "licensing"));
  for (const name of (await readdir(join(root, "licensing"))).filter((it) => it.endsWith(".ts"))) {
    const script = stripTypeScriptTypes(await readFile(join(root, "licensing", name), "utf8"));
    const path = join(folder, "licensing", name.replace(/\.ts$/, ".js"));
    await writeFile(path, script.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
  await copyFile(join(root, "node_modules/@noble/ed25519/index.js"), join(folder, "noble.js"));
  const imports = JSON.stringify({ imports: { "@noble/ed25519": "./noble.js" } });
  await writeFile(
    join(folder, "index.html"),
    `<!doctype html><link rel="icon" href="data:,"><script type="importmap">${imports}</script><script>${RUN}</script>`,
  );
  site = await serve(folder);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true });
});

type Calls = (readonly [string, ...unknown[]])[];

interface Runner {
  run: (path: string, calls: Calls) => Promise<unknown[]>;
}

/** Runs functions of a module of ours in the browser, one after another. */
async function inBrowser(module: string, calls: Calls): Promise<unknown[]> {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("index.html"));
  const wanted = [`./licensing/${module}.js`, calls] as const;
  const answers = await page.evaluate((it) => (globalThis as unknown as Runner).run(...it), wanted);
  expect(faults).toEqual([]);
  await page.context().close();
  return answers;
}

const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
const other = await webCryptoSigner(new Uint8Array(32).fill(8));
const license = await signLicense({ ...claims, host: await hostDigest("ws-17") }, signer);
const options = { keys: [signer.publicJwk], now: claims.nbf * 1000, host: "ws-17", product: "CAD-PRO" };

test("a browser verifies as Node does, the good and the bad", async () => {
  const tokens = [
    license,
    license.slice(0, -1),
    `${license}A`,
    await signLicense(claims, other),
    "",
    "a.b.c",
  ];
  const changes = [{}, { host: "ws-18" }, { now: options.now + 1e12 }, { lastSeen: options.now + 1e9 }];
  const cases = tokens.flatMap((token) =>
    changes.map((change) => [token, { ...options, ...change }] as const),
  );
  const here = await Promise.all(cases.map(([token, asked]) => verifyLicense(token, asked)));
  const there = await inBrowser(
    "verify",
    cases.map(([token, asked]) => ["verifyLicense", token, asked]),
  );
  expect(there).toEqual(here);
  expect(here.filter(({ ok }) => ok)).toHaveLength(1);
});

test("a browser reads license files and revocation lists", async () => {
  const file = writeLicenseFile(license);
  expect(await inBrowser("file", [["readLicenseFile", file]])).toEqual([{ ok: true, token: license }]);
  const list: RevocationClaims = {
    iss: claims.iss,
    iat: claims.iat,
    number: 1,
    licenses: ["L-1"],
    activations: [["A-1", 2]],
    entitlements: [],
    keys: [],
  };
  const token = await signRevocations(list, signer);
  const [answer] = await inBrowser("revocations", [["verifyRevocations", token, { keys: options.keys }]]);
  expect(answer).toMatchObject({ ok: true, list: { number: 1, issuedAt: claims.iat * 1000 } });
});

test("a browser asks for a license offline, and takes the answer", async () => {
  const request = {
    nonce: "b3BlbiBzZXNhbWUsIHBsZWFzZQ",
    requestedAt: "2026-01-05T10:00:00Z",
    activationCode: "00K3D-7TQ2M-9XH4V-A6BPR",
    host: { id: "ws-17" },
    platform: { os: { type: "windows" } },
  };
  const [file] = await inBrowser("offline", [["makeOfflineRequest", request]]);
  expect(file).toBe(await makeOfflineRequest(request));
  const read = await readOfflineRequest(String(file));
  if (!read.ok) throw new TypeError(read.detail);
  const response = await signOfflineResponse({ ...read, issuer: claims.iss, now: START, license }, signer);
  const asked = { ...options, nonce: request.nonce, request: file };
  const [good, stale] = await inBrowser("offline", [
    ["verifyOfflineResponse", response, asked],
    ["verifyOfflineResponse", response, { ...asked, nonce: "another-nonce-altogether" }],
  ]);
  expect(good).toMatchObject({ ok: true, license });
  expect(stale).toMatchObject({ ok: false, reason: "other_request" });
});
