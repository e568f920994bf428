// The page to try the interface on, as it is served; what a browser makes of it is in `test/browser/docs.test.ts`.

import { expect, test } from "vitest";
import { createApp } from "../../ingest/app.ts";
import { serveDocs } from "../../ingest/docs.ts";
import { docsScript } from "../../ingest/docs-script.ts";
import { from, limitsOf, operated } from "./operated.ts";
import { testApp } from "./support.ts";

const SCRIPT = "/docs/scalar.js";

async function served(rates: string) {
  const { deps } = await testApp();
  const { operation, lines } = operated({ limits: limitsOf(rates) });
  const app = createApp({ ...deps, keys: async () => deps, operation });
  serveDocs(app, { clock: deps.clock, operation, script: docsScript() });
  return {
    lines,
    get: async (path: string, address: string) => app.request(path, { headers: from(address) }),
  };
}

test("the page loads its script from here, and may ask nobody else", async () => {
  const { get } = await served("public=100/PT1M");
  const page = await get("/docs", "192.0.2.1");
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'self';/);
  expect(page.headers.get("x-request-id")).not.toBeNull();
  expect(await page.text()).toContain(`src="${SCRIPT}"`);
  const script = await get(SCRIPT, "192.0.2.1");
  expect([script.status, script.headers.get("content-type")]).toEqual([
    200,
    "text/javascript; charset=utf-8",
  ]);
});

test("page and script count with what is asked without a key, and are logged by their place", async () => {
  const { get, lines } = await served("public=3/PT1M");
  for (const path of ["/docs", SCRIPT, "/openapi.json"])
    expect((await get(path, "192.0.2.1")).headers.get("ratelimit-policy")).toBe('"public";q=3;w=60');
  for (const path of ["/docs", SCRIPT, "/openapi.json"]) {
    const refused = await get(path, "192.0.2.1");
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: "rate_limited" }]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect((await get("/docs", "192.0.2.2")).status).toBe(200);
  const logged = lines.map((line) => (JSON.parse(line) as { route: string }).route);
  const places = ["/docs", SCRIPT, "/openapi.json"];
  expect(logged).toEqual([...places, ...places, "/docs"]);
});
