import type { R2Bucket } from "@cloudflare/workers-types";
import { afterEach, describe, expect, test } from "vitest";
import { shardName } from "../../ingest/ledger/durable-object.ts";
import { sweep } from "../../ingest/ledger/sweep.ts";
import { startWorker, wranglerConfig } from "../support/workerd.ts";
import { catalog, order } from "./support.ts";

describe("a sweep", () => {
  test.each([0, 1, 6, 7, 1024])("of %i shards asks each once, at most six at a time", async (shards) => {
    const asked: number[] = [];
    let atOnce = 0;
    let most = 0;
    const failed = await sweep(
      shards,
      async (shard) => {
        asked.push(shard);
        most = Math.max(most, ++atOnce);
        await Promise.resolve();
        atOnce -= 1;
      },
      (error) => expect.unreachable(String(error)),
    );
    expect([failed, most]).toEqual([0, Math.min(shards, 6)]);
    expect(asked).toEqual(Array.from({ length: shards }, (_, shard) => shard));
  });

  test("goes on past shards that fail, and says which", async () => {
    const reported: number[] = [];
    const done: number[] = [];
    const fault = new Error("away");
    const failed = await sweep(
      9,
      async (shard) => {
        if (shard % 3 === 0) throw fault;
        done.push(shard);
      },
      (error, shard) => {
        expect(error).toBe(fault);
        reported.push(shard);
      },
    );
    expect([failed, reported, done]).toEqual([3, [0, 3, 6], [1, 2, 4, 5, 7, 8]]);
  });
});

describe("in workerd, shards whose alarms were lost", () => {
  const shards = [0, 1, 2];
  let worker: Awaited<ReturnType<typeof startWorker>>;
  afterEach(() => worker.harness.close());

  /** Starts the Worker with shards that export after so long, each with something to export and no alarm for it. */
  async function startForgetful(exportEvery: string): Promise<void> {
    worker = await startWorker({
      config: {
        ...wranglerConfig(),
        main: "test/ingest/sweeping.worker.ts",
        vars: {
          KEYHOUSE_SHARDS: String(shards.length),
          KEYHOUSE_EXPORT_EVERY: exportEvery,
          LOG_LEVEL: "error",
        },
      },
    });
    await send("PUT", "/v1/catalog", catalog);
    // Orders are placed by a hash of their IDs: these lie on all of the three.
    for (const orderId of ["SO-1", "SO-2", "SO-3", "SO-4", "SO-5", "SO-6"])
      await send("POST", "/v1/orders", order({ orderId }));
    expect(await send("DELETE", "/alarms")).toEqual([null, null, null]);
  }

  async function send(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(new URL(path, worker.url), {
      method,
      headers: { authorization: "Bearer kh_admin_for-development-on-this-machine-only" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.ok).toBe(true);
    return answer.json();
  }

  const runCron = () => worker.harness.getWorker().scheduled({ cron: "*/30 * * * *" });

  test("have them again after a sweep, though they are awake and take them for set", async () => {
    await startForgetful("PT1H");
    const before = Date.now();
    expect(await runCron()).toMatchObject({ outcome: "ok" });
    const alarms = (await send("GET", "/alarms")) as number[];
    for (const at of alarms) expect(at).toBeGreaterThan(before);
    // The next one puts nothing off.
    await runCron();
    expect(await send("GET", "/alarms")).toEqual(alarms);
  });

  test("export what waited after a sweep, though they sleep and nobody asks them", async () => {
    await startForgetful("PT1S");
    const service = worker.harness.getWorker();
    await Promise.all(
      shards.map((shard) => service.evictDurableObject("LEDGER", { name: shardName(shard) })),
    );
    const bucket = (await service.getEnv())["SEGMENTS"] as R2Bucket;
    const exported = async () => {
      const { objects } = await bucket.list({ prefix: "events/" });
      return Array.from(new Set(objects.map(({ key }) => key.split("/")[1])));
    };
    expect(await exported()).toEqual([]);
    await runCron();
    await expect
      .poll(exported, { timeout: 20_000 })
      .toEqual(shards.map((shard) => `shard=${String(shard).padStart(3, "0")}`));
  });
});
