// What stands around the routes: IDs, bounds, limits, log lines, readiness, metrics.

import { describe, expect, test } from "vitest";
import { routes } from "../../ingest/app.ts";
import { listApiKeys } from "../../ingest/ledger/api-keys.ts";
import { bodyBytes, Load } from "../../ingest/operation/load.ts";
import { consoleLog, readLogLevel } from "../../ingest/operation/log.ts";
import { prometheusMetrics } from "../../ingest/operation/metrics.ts";
import { sharedLimit } from "../../ingest/operation/shared-limit.ts";
import { holdToDocument } from "./held.ts";
import { from, limitsOf, operated } from "./operated.ts";
import { activation, appWithOrder, catalog, testApp } from "./support.ts";

/** A code that is well-formed, and nobody's. */
const strangeCode = async () => (await appWithOrder()).code;

describe("a request", () => {
  test("has the ID that it came with, and one of its own where that is none", async () => {
    const { operation } = operated();
    const app = await testApp({ operation });
    const named = await app.send("GET", "/v1/nothing", undefined, { "x-request-id": "till-7_42" });
    expect(named.headers.get("x-request-id")).toBe("till-7_42");
    expect(named.body.instance).toBe("urn:keyhouse:request:till-7_42");
    for (const bad of ["a b", "x".repeat(65), "a/../b", "<script>"]) {
      const { headers, body } = await app.send("GET", "/v1/nothing", undefined, { "x-request-id": bad });
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(body.instance).toBe(`urn:keyhouse:request:${headers.get("x-request-id")}`);
    }
    const good = await app.send("GET", "/healthz");
    expect(good.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ["whose address is too long", `/v1/orders/${"x".repeat(5000)}`, 0, 414, "url_too_long"],
    ["with very many headers", "/healthz", 101, 431, "headers_too_large"],
    ["with as many as may be", "/healthz", 100, 200, undefined],
  ])("%s is answered with %i", async (_what, path, headerCount, status, code) => {
    const app = await testApp(operated({ headerCountOf: () => headerCount }));
    const answer = await app.send("GET", path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test("is turned away, with when to come again, where there is no room for it, and its room is free after it", async () => {
    const load = new Load({ requests: 2, bytes: 1000 });
    const app = await testApp(operated({ load }));
    const admin = await app.as("admin");
    const others = [load.begin(0), load.begin(0)];
    const refused = await app.send("GET", "/healthz");
    expect(refused).toMatchObject({ status: 503, body: { code: "overloaded" } });
    expect(refused.headers.get("retry-after")).toBe("5");
    others[0]?.();
    expect((await app.send("GET", "/healthz")).status).toBe(200);
    const large = { ...admin, "content-length": "1001" };
    expect((await app.send("PUT", "/v1/catalog", catalog, large)).status).toBe(503);
    expect([load.requests, load.bytes]).toEqual([1, 0]);
  });

  test("that is answered with a stream is at hand until that is over, or nobody reads it any more", async () => {
    const load = new Load();
    const { operation, lines } = operated({ load });
    const app = await testApp({ operation });
    const headers = await app.as("licenses:write");
    const call = () => app.fetch("/v1/licenses", { method: "POST", headers, body: "{}\n" });
    const read = await call();
    expect([load.requests, lines.length]).toEqual([1, 0]);
    await read.text();
    expect([load.requests, lines.length]).toEqual([0, 1]);
    await (await call()).body?.cancel();
    expect([load.requests, lines.length]).toEqual([0, 2]);
  });

  test.each([
    ["GET", undefined, 0],
    ["POST", "300", 300],
    ["POST", undefined, 1024 * 1024],
    ["POST", "9".repeat(20), 4 * 1024 * 1024],
    ["POST", "-5", 1024 * 1024],
    ["POST", "many", 1024 * 1024],
  ])("%s with content-length %s counts %i bytes", (method, length, bytes) => {
    expect(bodyBytes(method, length)).toBe(bytes);
  });
});

describe("limits", () => {
  test("say what is left, and answer what is too much with when it passes; then it does", async () => {
    const app = await testApp(operated({ limits: limitsOf("public=2/PT10S") }));
    const ask = () => app.send("GET", "/healthz", undefined, from("192.0.2.1"));
    const first = await ask();
    expect(first.headers.get("ratelimit-policy")).toBe('"public";q=2;w=10');
    expect(first.headers.get("ratelimit")).toBe('"public";r=1;t=5');
    await ask();
    const refused = await ask();
    expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited", status: 429 } });
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect((await app.send("GET", "/healthz", undefined, from("192.0.2.2"))).status).toBe(200);
    app.setNow("2026-11-24T12:00:05Z");
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
  });

  test("that others count as well hold up who has no key, and nobody where that count fails or none is wanted", async () => {
    const asked: string[] = [];
    const reported: unknown[] = [];
    const away = new Error("away");
    const binding = {
      async limit({ key }: { key: string }) {
        asked.push(key);
        if (key === "192.0.2.9") throw away;
        return { success: key !== "192.0.2.1" };
      },
    };
    const shared = sharedLimit(binding, (error) => reported.push(error));
    const status = async (limits: ReturnType<typeof limitsOf>, address: string, isKeyed = false) => {
      const app = await testApp(operated({ limits, sharedLimit: shared }));
      const headers = isKeyed ? await app.as("admin") : {};
      return (await app.send("GET", "/healthz", undefined, { ...from(address), ...headers })).status;
    };
    const limits = limitsOf("public=9/PT1M");
    expect(await status(limits, "192.0.2.1")).toBe(429);
    expect(await status(limits, "192.0.2.2")).toBe(200);
    expect([await status(limits, "192.0.2.9"), reported]).toEqual([200, [away]]);
    expect(asked).toEqual(["192.0.2.1", "192.0.2.2", "192.0.2.9"]);
    expect(await status(limits, "192.0.2.1", true)).toBe(200);
    expect(await status(limitsOf("off"), "192.0.2.1")).toBe(200);
    expect(asked).toHaveLength(3);
  });

  test("hold up who guesses codes, licenses, keys and signatures; not who has a good key behind the same address", async () => {
    const code = await strangeCode();
    const guesses: [string, string, unknown, Record<string, string>][] = [
      ["POST", "/v1/activations", activation(code), {}],
      ["POST", "/v1/activations", activation("00K3D-7TQ2M-9XH4V-A6BPR"), {}],
      ["POST", "/v1/activations/act_00x/refresh", { license: "a.b.c" }, {}],
      ["GET", "/v1/orders/X", undefined, { authorization: "Bearer kh_000000000000_x" }],
      ["POST", "/v1/webhooks/shopify", "{}", { "x-shopify-hmac-sha256": "AAAA" }],
      ["POST", "/v1/webhooks/stripe", "{}", { "stripe-signature": "t=1,v1=00" }],
    ];
    for (const [method, path, body, headers] of guesses) {
      const limits = limitsOf("guesses=3/PT10M");
      const { app, admin } = await appWithOrder(
        {},
        { ...operated({ limits }), shopifySecret: "s", stripeSecrets: ["s"] },
      );
      const statuses = [];
      for (let i = 0; i < 4; i++)
        statuses.push((await app.send(method, path, body, { ...headers, ...from("192.0.2.1") })).status);
      expect(
        statuses.slice(0, 3).every((status) => status === 401 || status === 404),
        path,
      ).toBe(true);
      expect(statuses[3], path).toBe(429);
      const keyed = await app.send("GET", "/v1/orders/SO-1001", undefined, {
        ...admin,
        ...from("192.0.2.1"),
      });
      expect(keyed.status).toBe(200);
    }
  });

  test("look before a body is read, and before a key of too small a scope is told so", async () => {
    const app = await testApp(operated({ limits: limitsOf("keyed=1/PT1M") }));
    const key = await app.as("read");
    expect((await app.send("PUT", "/v1/catalog", "{", key)).status).toBe(403);
    expect((await app.send("PUT", "/v1/catalog", "{", key)).status).toBe(429);
  });
});

describe("the log", () => {
  test("has a line for each request, by its route and not by its path", async () => {
    const { operation, lines } = operated();
    const app = await testApp({ operation });
    const key = await app.as("read");
    await app.send("GET", "/v1/orders/secret-order", undefined, { ...key, "x-request-id": "one" });
    await app.send("GET", "/secret-path?secret=1", undefined, { "x-request-id": "two" });
    const keyId = listApiKeys(app.sql)[0]?.keyId;
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      {
        level: "info",
        id: "one",
        method: "GET",
        route: "/v1/orders/:orderId",
        status: 403,
        key: keyId,
        code: "insufficient_scope",
      },
      { level: "info", id: "two", route: "none", status: 404, code: "not_found" },
    ]);
    expect(lines.join()).not.toContain("secret");
  });

  test("says what failed here with the request's ID, and tells the caller nothing of it", async () => {
    const reported: unknown[][] = [];
    const { operation, lines } = operated();
    const app = await testApp({ operation, report: (...args) => reported.push(args) });
    app.sql.close();
    const answer = await app.send("GET", "/healthz", undefined, { "x-request-id": "broken" });
    expect(answer).toMatchObject({ status: 500, body: { code: "internal_error" } });
    expect(reported).toEqual([[expect.any(Error), "broken"]]);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "warn", status: 500, id: "broken" });
  });

  test("writes what its level says, errors with their stack", () => {
    const lines: string[] = [];
    const log = consoleLog(readLogLevel("warn"), (line) => lines.push(line));
    log.info({}, "unheard");
    log.debug({}, "unheard");
    log.warn({ n: 1 }, "heard");
    log.error({ error: new Error("why") }, "loud");
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: "warn", n: 1, message: "heard" },
      { level: "error", error: expect.stringContaining("Error: why\n"), message: "loud" },
    ]);
    expect(() => readLogLevel("loud")).toThrow("LOG_LEVEL is");
    expect(readLogLevel("")).toBe("info");
  });
});

describe("metrics", () => {
  test("count requests, refusals, groups, and what waits", async () => {
    const load = new Load();
    const metrics = prometheusMetrics({ ledger: () => app.ledger, inFlight: () => load });
    const { operation } = operated({ load, metrics, limits: limitsOf("keyed=1000/PT1S public=1/PT1S") });
    const app = await testApp({ operation, observe: (group) => metrics.committed(group) });
    await app.send("PUT", "/v1/catalog", catalog, await app.as("admin"));
    for (let i = 0; i < 2; i++) await app.send("GET", "/v1/orders/X");
    const answer = await app.fetch("/metrics", { headers: await app.as("metrics") });
    expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const said = await answer.text();
    const { status, headers } = answer;
    holdToDocument({ method: "GET", url: "/metrics", status, headers, body: said });
    for (const line of [
      'keyhouse_http_requests_total{method="PUT",route="/v1/catalog",status="201"} 1',
      'keyhouse_http_requests_total{method="GET",route="/v1/orders/:orderId",status="401"} 1',
      'keyhouse_http_requests_total{method="GET",route="/v1/orders/:orderId",status="429"} 1',
      'keyhouse_http_request_duration_seconds_count{method="PUT",route="/v1/catalog"} 1',
      'keyhouse_refusals_total{code="rate_limited"} 1',
      'keyhouse_rate_limited_total{limit="public"} 1',
      "keyhouse_requests_in_flight 1",
      "keyhouse_outbox_lag_events 1",
      "keyhouse_quarantine_waiting 0",
    ])
      expect(said).toContain(`${line}\n`);
    // That the key was used may still wait.
    expect(said).toMatch(/keyhouse_commit_queue_length [01]\n/);
    expect(said).toMatch(/keyhouse_commit_group_size_count [12]\n/);
    expect(said).toMatch(/keyhouse_commit_duration_seconds_count [12]\n/);
  });

  test("are for who has their scope, and read nobody's data", async () => {
    const app = await testApp(operated());
    expect((await app.send("GET", "/metrics")).status).toBe(401);
    expect((await app.send("GET", "/metrics", undefined, await app.as("read"))).status).toBe(403);
    const key = await app.as("metrics");
    expect((await app.send("GET", "/v1/customers/C-42/history", undefined, key)).status).toBe(403);
  });
});

describe("readiness", () => {
  test("is yes where the ledger takes writes, no with the reason where something is in the way", async () => {
    let obstacle: string | null = null;
    const app = await testApp(operated({ obstacle: async () => obstacle }));
    expect(await app.send("GET", "/readyz")).toMatchObject({ status: 200, body: { status: "ready" } });
    obstacle = "The service is stopping.";
    const answer = await app.send("GET", "/readyz");
    expect(answer).toMatchObject({ status: 503, body: { code: "not_ready", detail: obstacle } });
    expect((await app.send("GET", "/healthz")).status).toBe(200);
    obstacle = null;
    app.sql.run("pragma query_only = on");
    expect((await app.send("GET", "/readyz")).status).toBe(503);
  });

  test("every route says its scope, and those for all are these", () => {
    const open = routes.filter(({ scope }) => scope === "public").map(({ path }) => path);
    expect(routes.filter(({ scope }) => !scope)).toEqual([]);
    expect(open.filter((path) => !/^\/v1\/(offline-)?activations/.test(path))).toEqual([
      "/v1/revocations",
      "/v1/webhooks/shopify",
      "/v1/webhooks/stripe",
      "/.well-known/jwks.json",
      "/healthz",
      "/readyz",
      "/openapi.json",
    ]);
  });
});
