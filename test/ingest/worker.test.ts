import { gunzipSync } from "node:zlib";
import type { R2Bucket } from "@cloudflare/workers-types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventSchema, profileSchema } from "../../ingest/event.ts";
import { shardName } from "../../ingest/ledger/durable-object.ts";
import { remotePort } from "../../ingest/ledger/remote.ts";
import type { ShardEnvironment } from "../../ingest/shard.ts";
import { startWorker } from "../support/workerd.ts";
import { holdToDocument } from "./held.ts";
import { type Answered, catalog, order } from "./support.ts";

let worker: Awaited<ReturnType<typeof startWorker>>;
let bucket: R2Bucket;

beforeAll(async () => {
  worker = await startWorker({
    configPath: "wrangler.toml",
    vars: {
      KEYHOUSE_ISSUER: "keyhouse-test",
      KEYHOUSE_EXPORT_EVERY: "PT1S",
      LOG_LEVEL: "error",
      KEYHOUSE_RATE_LIMITS: "off",
    },
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
  const { status, headers } = response;
  const answer: unknown = await response.json();
  holdToDocument({ method, url: path, status, headers, body: answer });
  return { status, headers, body: answer };
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
  test("never runs with the keys of development under a name that is not this machine's", async () => {
    const answer = await worker.harness.fetch("https://licenses.example.com/.well-known/jwks.json");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "keys_missing" });
  });
});

describe("segments in R2", () => {
  test("come by themselves from every shard, with every event and profile once, though the objects sleep", async () => {
    // Orders are placed by a hash: these lie on several shards.
    const granted = await Promise.all(["SO-1", "SO-2", "SO-3", "SO-4", "SO-5"].map(ordered));
    const ids = granted.map(({ entitlementId }) => entitlementId as string);
    await sleepNow();
    await expect
      .poll(async () => (await lines("events/")).map((line) => line.entitlement_id), { timeout: 20_000 })
      .toEqual(expect.arrayContaining(ids));
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
