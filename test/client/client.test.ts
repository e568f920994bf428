import { describe, expect, expectTypeOf, test } from "vitest";
import { createClient, type ClientOptions, type Result } from "../../client/index.ts";
import { catalog, order, testApp } from "../ingest/support.ts";

type Fetch = NonNullable<ClientOptions["fetch"]>;

/** A client of an app of its own, what it waited, and how its requests go. */
async function clientOf(change: (send: Fetch) => Fetch = (send) => send) {
  const app = await testApp();
  const { authorization = "" } = await app.as("admin");
  const apiKey = authorization.replace("Bearer ", "");
  const paused: number[] = [];
  const client = createClient({
    baseUrl: "http://keyhouse.test/",
    apiKey,
    fetch: change((url, init) => app.fetch(url, init)),
    pause: async (ms) => void paused.push(ms),
  });
  return { app, client, paused };
}

type Client = Awaited<ReturnType<typeof clientOf>>["client"];

/** A right of two seats. */
async function sold(client: Client) {
  await client.call("PUT /v1/catalog", { body: catalog as never });
  const recorded = await client.call("POST /v1/orders", { body: order() });
  if (!recorded.ok) throw new Error(recorded.problem.detail);
  const [granted] = recorded.body.entitlements;
  if (!granted) throw new TypeError("an order of one line granted nothing");
  return granted;
}

const platform = { os: { type: "windows" } };
const json = (body: object, status: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

describe("the client", () => {
  test("orders, activates and refreshes, with the answers' types", async () => {
    const { client } = await clientOf();
    const { activationCode, entitlementId } = await sold(client);
    const activated = await client.call("POST /v1/activations", {
      body: { activationCode, host: { id: "fingerprint" }, platform },
    });
    if (!activated.ok) throw new Error(activated.problem.detail);
    expect(activated.status).toBe(201);
    const { activation, license } = activated.body;
    const refreshed = await client.call("POST /v1/activations/{activationId}/refresh", {
      path: { activationId: activation.activationId },
      body: { license },
    });
    expect(refreshed).toMatchObject({ ok: true, status: 200, body: { activation: { entitlementId } } });
    const history = await client.call("GET /v1/customers/{customerId}/history", {
      path: { customerId: "C-42" },
      query: { after: "2" },
    });
    if (!history.ok) throw new Error(history.problem.detail);
    expect(history.body.events.every(({ seq }) => seq > 2)).toBe(true);
  });

  test("gives a refusal as a value: the service's problem, with its code", async () => {
    const { client } = await clientOf();
    expect(await client.call("POST /v1/orders", { body: order() })).toMatchObject({
      ok: false,
      problem: { code: "no_catalog", status: 409, rule: "catalog" },
    });
    const path = { orderId: "a/b c?d" };
    expect(await client.call("GET /v1/orders/{orderId}", { path })).toMatchObject({
      ok: false,
      problem: { code: "unknown_order", detail: "There is no order a/b c?d." },
    });
  });

  test("generates licenses by the line, each answered in its place", async () => {
    const { client } = await clientOf();
    const { entitlementId } = await sold(client);
    const hosts = ["a", "b", "c"].map((id) => ({ entitlementId, host: { id } }));
    const generated = await client.lines("POST /v1/licenses", hosts);
    if (!generated.ok) throw new Error(generated.problem.detail);
    const statuses = await Array.fromAsync(generated.lines, (line) =>
      "problem" in line ? line.problem.code : line.status,
    );
    expect(statuses).toEqual([201, 201, "no_seats_left"]);
  });
});

describe("what was lost on the way is sent again", () => {
  test("and done once, though it had been done: the renewal whose answer was lost", async () => {
    let isLost = false;
    const { client, paused } = await clientOf((send) => async (url, init) => {
      const response = await send(url, init);
      if (!isLost) return response;
      isLost = false;
      throw new TypeError("the connection was reset");
    });
    const { entitlementId, endsAt } = await sold(client);
    isLost = true;
    const renewed = await client.call("POST /v1/entitlements/{entitlementId}/renew", {
      path: { entitlementId },
    });
    expect(endsAt).toMatch(/^2027-11-05/);
    expect(renewed).toMatchObject({ ok: true, body: { endsAt: "2028-11-05T10:00:00.000000Z" } });
    expect(paused).toEqual([200]);
  });

  test("under the key that its caller gave, also by another process", async () => {
    const { client } = await clientOf();
    const { entitlementId } = await sold(client);
    const renewal = { path: { entitlementId }, idempotencyKey: "SO-2001" };
    const first = await client.call("POST /v1/entitlements/{entitlementId}/renew", renewal);
    expect(await client.call("POST /v1/entitlements/{entitlementId}/renew", renewal)).toEqual(first);
  });

  test.each([
    ["at once where the service says nothing", {}, [200, 1_000]],
    ["when the service says", { "retry-after": "5" }, [5_000, 5_000]],
  ])("%s", async (_when, headers, pauses) => {
    let times = 0;
    const { client, paused } = await clientOf(
      (send) => async (url, init) =>
        (times += 1) < 3 ? json({ code: "overloaded" }, 503, headers) : send(url, init),
    );
    expect(await client.call("GET /healthz")).toMatchObject({ ok: true });
    expect(paused).toEqual(pauses);
  });

  test.each([
    ["that nobody waits for", { "retry-after": "3600" }, 503, 0],
    ["that is refused for good", {}, 409, 0],
    ["that is refused again and again", {}, 503, 3],
  ])("but not what is answered with a pause or a problem %s", async (_what, headers, status, pauses) => {
    const { client, paused } = await clientOf(
      () => async () => json({ code: "overloaded" }, status, headers),
    );
    expect(await client.call("GET /healthz")).toEqual({ ok: false, problem: { code: "overloaded" } });
    expect(paused).toHaveLength(pauses);
  });

  test("until it gives up, and says so in a value", async () => {
    const { client, paused } = await clientOf(() => () => Promise.reject(new TypeError("no route")));
    expect(await client.call("GET /healthz")).toMatchObject({
      ok: false,
      problem: { code: "no_answer", status: 0, detail: "no route" },
    });
    expect(paused).toEqual([200, 1_000, 5_000]);
  });
});

test("what somebody else answered is no answer of Keyhouse's", async () => {
  const page = (status: number) => () => async () => new Response("<h1>Sign in</h1>", { status });
  for (const status of [200, 403, 500]) {
    const { client } = await clientOf(page(status));
    expect(await client.call("GET /healthz")).toMatchObject({
      ok: false,
      problem: { code: "unexpected_answer", status, detail: "<h1>Sign in</h1>" },
    });
  }
});

test("a caller who ends its signal is told by what it ended it with", async () => {
  const { client } = await clientOf((send) => (url, init) => {
    init.signal?.throwIfAborted();
    return send(url, init);
  });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(client.call("GET /healthz", { signal })).rejects.toThrow("enough");
});

/** Never called: it has to compile, and what is marked must not. */
export async function types(client: Client): Promise<void> {
  const path = { orderId: "SO-1" };
  const ran = { id: "e-1", occurredAt: "2026-11-24T11:00:00Z", activationId: "act" };
  // @ts-expect-error there is no such operation
  await client.call("GET /v1/order");
  // @ts-expect-error the path's parameter is missing
  await client.call("GET /v1/orders/{orderId}");
  // @ts-expect-error and it is not named so
  await client.call("GET /v1/orders/{orderId}", { path: { id: "SO-1" } });
  // @ts-expect-error the body is missing
  await client.call("POST /v1/activations");
  // @ts-expect-error a host needs an ID
  await client.call("POST /v1/activations", { body: { activationCode: "x", host: {}, platform } });
  const seat = { path: { activationId: "act" } };
  // @ts-expect-error a move names the host that the seat goes to
  await client.call("POST /v1/activations/{activationId}/rehost", { ...seat, body: { license: "x" } });
  // @ts-expect-error and a consumption how much
  await client.call("POST /v1/activations/{activationId}/consume", { ...seat, body: { license: "x" } });
  // @ts-expect-error nothing is sent with a GET
  await client.call("GET /v1/orders/{orderId}", { path, body: {} });
  // @ts-expect-error an order has its ID for that
  await client.call("POST /v1/orders", { body: order(), idempotencyKey: "x" });
  // @ts-expect-error lines are sent by `lines`
  await client.call("POST /v1/licenses", { body: "" });
  // @ts-expect-error only a storefront can sign it
  await client.call("POST /v1/webhooks/shopify", { body: {} });
  // @ts-expect-error and that one too
  await client.call("POST /v1/webhooks/stripe", { body: {} });
  // @ts-expect-error what a monitor reads is no JSON
  await client.call("GET /metrics");
  // @ts-expect-error units are used of some meter
  await client.call("POST /v1/events", { body: [{ ...ran, type: "telemetry.units_consumed", data: {} }] });
  const recorded = await client.call("POST /v1/events", { body: [{ ...ran, type: "telemetry.first_run" }] });
  if (recorded.ok) expectTypeOf(recorded.body.outcomes[0]?.outcome).toExtend<string | undefined>();
  // A body that may be left out.
  await client.call("POST /v1/orders/{orderId}/cancel", { path });

  const result = await client.call("POST /v1/activations", {
    body: { activationCode: "x", host: { id: "h" }, platform },
  });
  expectTypeOf(result).toEqualTypeOf<Result<"POST /v1/activations">>();
  if (result.ok) {
    expectTypeOf(result.status).toEqualTypeOf<200 | 201>();
    expectTypeOf(result.body.license).toEqualTypeOf<string>();
    expectTypeOf(result.body.activation.state).toEqualTypeOf<"bound" | "ended">();
    // @ts-expect-error a success has no problem
    expectTypeOf(result.problem).toBeNever();
  } else {
    expectTypeOf<"no_seats_left">().toExtend<typeof result.problem.code>();
    expectTypeOf<"no_answer">().toExtend<typeof result.problem.code>();
    expectTypeOf<"order_conflict">().not.toExtend<typeof result.problem.code>();
  }
}
