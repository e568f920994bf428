// The pages of a Worker, where it differs from Node: what is deployed is public, so reports begin with a key to them.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SECRET, writeSite } from "../contract/http/runtime.ts";
import { deployedAssets, startWorker, wranglerConfig } from "../support/workerd.ts";

const reportsKey = "kh_reports_of-a-test-on-this-machine-only-1";
const reader = { authorization: `Basic ${btoa(`anna:${reportsKey}`)}` };
const deployment = {
  KEYHOUSE_SIGNING_KEY: "c0".repeat(32),
  KEYHOUSE_HOST_KEY: "c1".repeat(32),
  KEYHOUSE_ADMIN_KEY: "kh_admin_of-a-test-on-this-machine-only-1",
};

let assets: string;
let worker: Awaited<ReturnType<typeof startWorker>>;
beforeEach(async () => void (assets = await deployedAssets()));
afterEach(async () => {
  await worker.harness.close();
  await rm(assets, { recursive: true, force: true });
});

async function deploy(vars: Record<string, string>): Promise<void> {
  const config = wranglerConfig({ assets });
  worker = await startWorker({
    config: { ...config, vars: { KEYHOUSE_SHARDS: "1", LOG_LEVEL: "error", ...vars } },
  });
}

const get = (path: string, headers = {}) => fetch(new URL(path, worker.url), { headers });

test("a deployment whose secrets name no key to the reports serves them to nobody, though they lie there", async () => {
  await writeSite(join(assets, "reports"));
  await deploy(deployment);
  const development = `Basic ${btoa("anna:kh_reports_for-development-on-this-machine-only")}`;
  for (const headers of [{}, { authorization: development }, { authorization: `Basic ${btoa("anna:null")}` }])
    for (const path of ["/", "/reports/", "/reports/index.html", "/reports/site.json"]) {
      const answer = await get(path, headers);
      expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([404, null]);
      const said = await answer.text();
      expect(said).toContain("KEYHOUSE_REPORTS_KEY");
      expect(said).not.toContain(SECRET);
    }
  expect((await get("/docs")).status).toBe(200);
});

test("without a site, a reader is told how one gets there, and others are told nothing", async () => {
  await deploy({ ...deployment, KEYHOUSE_REPORTS_KEY: reportsKey });
  const answer = await get("/reports/", reader);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "text/html; charset=UTF-8"]);
  expect(await answer.text()).toContain("npm run report -- --out assets/reports");
  expect((await get("/reports/")).status).toBe(401);
});

test("nobody is asked for the key over a connection that others may read", async () => {
  await deploy({ ...deployment, KEYHOUSE_REPORTS_KEY: reportsKey });
  // Past the proxy of development, which rewrites what it takes for its own address.
  const ask = (url: string) => worker.harness.getWorker().fetch(url, { redirect: "manual" });
  const plain = await ask("http://licenses.example.com/reports/customers.html?a=1#b");
  expect([plain.status, plain.headers.get("location")]).toEqual([
    308,
    "https://licenses.example.com/reports/customers.html?a=1",
  ]);
  expect(plain.headers.get("www-authenticate")).toBeNull();
  expect((await ask("https://licenses.example.com/reports/customers.html")).status).toBe(401);
});

test("what a reader has already is not sent again, and readers are counted by their key", async () => {
  await writeSite(join(assets, "reports"));
  await deploy({ ...deployment, KEYHOUSE_REPORTS_KEY: reportsKey });
  const first = await get("/reports/", reader);
  expect([first.status, await first.text()]).toEqual([200, expect.stringContaining(SECRET)]);
  expect(first.headers.get("ratelimit")).toMatch(/^"keyed";/);
  const known = { "if-none-match": first.headers.get("etag") ?? "" };
  const again = await get("/reports/", { ...reader, ...known });
  expect([again.status, await again.text(), again.headers.get("cache-control")]).toEqual([
    304,
    "",
    "private, no-cache",
  ]);
  expect((await get("/reports/", known)).status).toBe(401);
});

test("who guesses the key to the reports is held up, also from guessing codes; who only asks is not", async () => {
  await deploy({ ...deployment, KEYHOUSE_REPORTS_KEY: reportsKey, KEYHOUSE_RATE_LIMITS: "guesses=2/PT1H" });
  const wrong = { authorization: `Basic ${btoa("anna:kh_reports_of-nobody-at-all-and-nowhere-1")}` };
  for (let n = 0; n < 5; n += 1) expect((await get("/reports/")).status).toBe(401);
  for (const status of [401, 401, 429]) expect((await get("/reports/", wrong)).status).toBe(status);
  expect((await get("/healthz")).status).toBe(429);
  expect((await get("/reports/", reader)).status).toBe(503);
});
