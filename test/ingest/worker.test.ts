import { gunzipSync, gzipSync } from "node:zlib";
import type { R2Bucket } from "@cloudflare/workers-types";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventSchema, profileSchema } from "../../ingest/event.ts";
import { shardName } from "../../ingest/ledger/durable-object.ts";
import { remotePort } from "../../ingest/ledger/remote.ts";
import type { ShardEnvironment } from "../../ingest/shard.ts";
import { r2Store } from "../../ingest/segments/r2.ts";
import { startWorker } from "../support/workerd.ts";
import { activation, type Answered, catalog, order } from "./support.ts";

let worker: Awaited<ReturnType<typeof startWorker>>;
let bucket: R2Bucket;

beforeAll(async () => {
  worker = await startWorker({
    configPath: "wrangler.toml",
    vars: { KEYHOUSE_ISSUER: "keyhouse-test", KEYHOUSE_EXPORT_EVERY: "PT1S" },
    // None, whatever this machine has set: those of development.
    secrets: { KEYHOUSE_SIGNING_KEY: "", KEYHOUSE_HOST_KEY: "", KEYHOUSE_ADMIN_KEY: "" },
  });
  bucket = (await worker.harness.getWorker<{ SEGMENTS: R2Bucket }>().getEnv()).SEGMENTS;
  await send("PUT", "/v1/catalog", catalog);
});
afterAll(() => worker.harness.close());

const admin = { authorization: "Bearer kh_admin_for-development-on-this-machine-only" };

async function send(method: string, path: string, body?: object): Promise<Answered> {
  const response = await fetch(new URL(path, worker.url), {
    method,
    headers: admin,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Records an order of its own for a test. @returns its entitlement */
async function ordered(orderId: string) {
  const { status, body } = await send("POST", "/v1/orders", order({ orderId }));
  expect(status).toBe(201);
  return body.entitlements[0];
}

/** The shards of wrangler.toml. */
const shards = Array.from({ length: 8 }, (_, shard) => shard);

/** Takes all objects out of memory, as Cloudflare does when nobody asks them anything for a while. */
async function sleepNow(): Promise<void> {
  // Only what runs can be put to sleep: a catalog goes to all of them.
  expect((await send("PUT", "/v1/catalog", catalog)).status).toBe(200);
  const service = worker.harness.getWorker();
  await Promise.all(shards.map((shard) => service.evictDurableObject("LEDGER", { name: shardName(shard) })));
}

/** Asks a shard past the app. */
async function ask(shard: number, name: string, ...args: unknown[]): Promise<{ lastSeq: number }> {
  const { LEDGER } = await worker.harness.getWorker<ShardEnvironment>().getEnv();
  return remotePort(() => LEDGER.getByName(shardName(shard))).ask(name as never, ...(args as [never]));
}

describe("the service on Workers", () => {
  test("takes an order and issues a license that any JOSE library verifies", async () => {
    const { activationCode } = await ordered("SO-1");
    const { status, body } = await send("POST", "/v1/activations", activation(activationCode));
    expect(status).toBe(201);
    const keys = createLocalJWKSet((await send("GET", "/.well-known/jwks.json")).body);
    const { payload } = await jwtVerify(body.license, keys, { issuer: "keyhouse-test", typ: "license+jwt" });
    expect(payload).toMatchObject({ sub: "C-42", order: "SO-1", activation: body.activation.activationId });
  });

  test("binds one seat when a host activates 64 times at once", async () => {
    const { activationCode, entitlementId } = await ordered("SO-2");
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => send("POST", "/v1/activations", activation(activationCode))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(63);
    expect(new Set(answers.map(({ body }) => body.activation.activationId)).size).toBe(1);
    expect((await send("GET", `/v1/entitlements/${entitlementId}`)).body).toMatchObject({ seatsBound: 1 });
  });

  test("generates licenses in bulk, as a stream, the same again for the same lines", async () => {
    const { body } = await send("POST", "/v1/orders", order({ orderId: "SO-BULK", line: { quantity: 700 } }));
    const { entitlementId } = body.entitlements[0];
    const sent = Array.from({ length: 701 }, (_, i) =>
      JSON.stringify({ entitlementId, host: { id: `bulk-${i}` } }),
    );
    const generate = async () => {
      const url = new URL("/v1/licenses", worker.url);
      const response = await fetch(url, { method: "POST", headers: admin, body: sent.join("\n") });
      return (await response.text()).trimEnd().split("\n");
    };
    const first = await generate();
    const statuses = first.map((line) => (JSON.parse(line) as { status: number }).status);
    expect(statuses).toEqual([...Array<number>(700).fill(201), 409]);
    expect((await generate())[699]).toBe(first[699]?.replace(`"status":201`, `"status":200`));
  });

  test("takes telemetry, compressed, an outcome for each event, and knows it again", async () => {
    const sent = Array.from({ length: 2500 }, (_, i) =>
      JSON.stringify({
        id: crypto.randomUUID(),
        type: i === 7 ? "telemetry.slept" : "telemetry.heartbeat",
        occurredAt: new Date(Date.now() - i).toISOString(),
        activationId: `act_00${"0".repeat(26)}`,
        host: { id: `host-${i}` },
      }),
    );
    const report = async () => {
      const response = await fetch(new URL("/v1/events", worker.url), {
        method: "POST",
        headers: { ...admin, "content-type": "application/x-ndjson", "content-encoding": "gzip" },
        body: gzipSync(sent.join("\n")),
      });
      return response.json();
    };
    expect(await report()).toMatchObject({ received: 2500, stored: 2499, quarantined: 1 });
    expect(await report()).toMatchObject({ received: 2500, duplicate: 2499, quarantined: 1 });
  });

  test("ends what a cancelled order granted", async () => {
    const { activationCode } = await ordered("SO-3");
    await send("POST", "/v1/activations", activation(activationCode));
    expect((await send("POST", "/v1/orders/SO-3/cancel", { reason: "withdrawn" })).status).toBe(200);
    const { status, body } = await send("POST", "/v1/activations", activation(activationCode));
    expect([status, body.code]).toEqual([409, "entitlement_cancelled"]);
  });

  test("has everything that it acknowledged after its object started anew", async () => {
    const granted = await ordered("SO-4");
    await sleepNow();
    const { body } = await send("GET", "/v1/orders/SO-4");
    expect(body.entitlements).toEqual([granted]);
  });

  test("needs a key where the route needs one", async () => {
    expect((await fetch(new URL("/v1/orders/SO-1", worker.url))).status).toBe(401);
  });

  test("never runs with the keys of development under a name that is not this machine's", async () => {
    const answer = await worker.harness.fetch("https://licenses.example.com/.well-known/jwks.json");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "keys_missing" });
  });
});

describe("segments in R2", () => {
  test("come by themselves from every shard, with every event and profile once, though the objects sleep", async () => {
    const { entitlementId } = await ordered("SO-5");
    await sleepNow();
    await expect
      .poll(async () => (await lines("events/")).map((line) => line.entitlement_id), { timeout: 20_000 })
      .toContain(entitlementId);
    // Asked at the end, for that wakes them: everything that they have is there.
    const all = await lines("events/");
    for (const shard of shards) {
      const seqs = all.filter((line) => line.shard === shard).map(({ seq }) => seq);
      expect(seqs).toEqual(range((await ask(shard, "summary")).lastSeq));
    }
    expect(new Set(all.map(({ shard }) => shard)).size).toBeGreaterThan(2);
    for (const event of await lines("events/")) eventSchema.parse(event);
    await expect.poll(async () => (await lines("profiles/")).length, { timeout: 20_000 }).toBe(1);
    for (const profile of await lines("profiles/")) profileSchema.parse(profile);
  });

  test("are never written over", async () => {
    const store = r2Store(bucket);
    const answers = await Promise.all([1, 2].map((n) => store.create("x/s-0", new Uint8Array([n]))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    const kept = await (await bucket.get("x/s-0"))?.bytes();
    expect(await store.create("x/s-0", new Uint8Array([9]))).toBe(false);
    expect(await (await bucket.get("x/s-0"))?.bytes()).toEqual(kept);
  });
});

interface Line {
  shard: number;
  seq: number;
  entitlement_id?: string;
}

const range = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Every line of every segment of a stream, in order. */
async function lines(prefix: string): Promise<Line[]> {
  const { objects } = await bucket.list({ prefix });
  const texts = await Promise.all(
    objects.map(async ({ key }) => {
      const segment = await bucket.get(key);
      return segment
        ? gunzipSync(await segment.bytes())
            .toString()
            .trimEnd()
            .split("\n")
        : [];
    }),
  );
  return texts.flat().map((line) => JSON.parse(line) as Line);
}
