import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startWorker, wranglerConfig } from "../support/workerd.ts";
import { catalog } from "./support.ts";

let worker: Awaited<ReturnType<typeof startWorker>>;

beforeAll(async () => {
  worker = await startWorker({
    configPath: "wrangler.toml",
    vars: { LOG_LEVEL: "error", KEYHOUSE_RATE_LIMITS: "public=3/PT1H" },
    // None, whatever this machine has set: those of development.
    secrets: { KEYHOUSE_SIGNING_KEY: "", KEYHOUSE_HOST_KEY: "", KEYHOUSE_ADMIN_KEY: "" },
  });
});
afterAll(() => worker.harness.close());

test("in workerd, callers without a key are limited by their address, and told when to come again; a key is not", async () => {
  const ask = () => fetch(new URL("/readyz", worker.url), { headers: { "x-request-id": "mine" } });
  const answers = [await ask(), await ask(), await ask(), await ask()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  const [first, , , refused] = answers;
  expect(first?.headers.get("ratelimit-policy")).toBe('"public";q=3;w=3600');
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(1000);
  expect(await refused?.json()).toMatchObject({
    code: "rate_limited",
    instance: "urn:keyhouse:request:mine",
  });
  const published = await fetch(new URL("/v1/catalog", worker.url), {
    method: "PUT",
    headers: { authorization: "Bearer kh_admin_for-development-on-this-machine-only" },
    body: JSON.stringify(catalog),
  });
  expect(published.status).toBe(201);
  expect(published.headers.get("ratelimit")).toMatch(/^"keyed";r=5999;t=\d+$/);
});

test("in workerd, there are no metrics, and who asks is told so", async () => {
  const answer = await fetch(new URL("/metrics", worker.url), {
    headers: { authorization: "Bearer kh_admin_for-development-on-this-machine-only" },
  });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: "not_found" });
});

test("in workerd, isolates of one place count together who has no key, beside what each allows by itself", async () => {
  const { url, harness } = await startWorker({
    config: {
      ...wranglerConfig(),
      ratelimits: [{ name: "PUBLIC_RATE", namespace_id: "1", simple: { limit: 3, period: 60 } }],
      vars: { KEYHOUSE_SHARDS: "1", LOG_LEVEL: "error" },
    },
  });
  onTestFinished(() => harness.close());
  const ask = (headers = {}) => fetch(new URL("/readyz", url), { headers });
  // Its minutes begin with those of the clock: of seven requests, three may be of one and three of the next.
  const answers: Response[] = [];
  while (answers.length < 7 && answers.at(-1)?.status !== 429) answers.push(await ask());
  const refused = answers.at(-1);
  expect([answers.length > 3, refused?.status, refused?.headers.get("retry-after")]).toEqual([
    true,
    429,
    "60",
  ]);
  expect(refused?.headers.get("ratelimit-policy")).toBe('"public";q=600;w=60');
  expect(refused?.headers.get("ratelimit")).toBe('"public";r=0;t=60');
  expect(await refused?.json()).toMatchObject({ code: "rate_limited" });
  // A key is counted by itself.
  const keyed = { authorization: "Bearer kh_admin_for-development-on-this-machine-only" };
  for (let n = 0; n < 4; n += 1) expect((await ask(keyed)).status).toBe(200);
});
