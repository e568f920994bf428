import { rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { segmentName } from "../../ingest/event.ts";
import { bucketOf } from "../../ingest/segments/bucket.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import type { SegmentStore } from "../../ingest/segments/store.ts";
import { LoadError } from "../../warehouse/error.ts";
import type { Watermarks } from "../../warehouse/plan.ts";
import { pullSegments } from "../../warehouse/pull.ts";
import { listSegments } from "../../warehouse/segments.ts";
import { activation, appWithOrder } from "../ingest/support.ts";
import { temporaryFolder } from "../support/folder.ts";
import { BUCKET, REGION, s3Access, type S3Server, startS3 } from "../support/s3.ts";
import { runTool, sql } from "../support/service.ts";

/** A segment of so many lines, whatever is in them. */
const segment = (lines: number) => new Uint8Array(gzipSync("{}\n".repeat(lines)));
const name = (first: number, last = first, shard = 0) => segmentName("events", shard, first, last);
const nothing: Watermarks = { events: {}, profiles: {} };

/** A store in memory, with small pages and a count of what was asked of it. */
function memoryStore() {
  const segments = new Map<string, Uint8Array>();
  const asked = { lists: 0, read: [] as string[] };
  const store: SegmentStore = {
    create: async () => false,
    replace: async () => undefined,
    async list(after) {
      asked.lists += 1;
      return Array.from(segments.keys())
        .filter((key) => key > after)
        .toSorted((a, b) => (a < b ? -1 : 1))
        .slice(0, 5);
    },
    async read(key) {
      asked.read.push(key);
      return segments.get(key) ?? null;
    },
  };
  return { segments, asked, store };
}

describe("segments that are kept elsewhere", () => {
  test("come into the folder, and again only what is new", async () => {
    const folder = await temporaryFolder();
    const { segments, asked, store } = memoryStore();
    for (const shard of [0, 1, 2])
      for (let at = 1; at <= 20; at += 1) segments.set(name(at, at, shard), segment(1));
    segments.set("notes/readme.txt", new Uint8Array([1]));
    expect(await pullSegments(store, folder, nothing)).toBe(60);
    expect(await listSegments(folder)).toEqual(
      Array.from(segments.keys()).filter((key) => key !== "notes/readme.txt"),
    );

    asked.lists = 0;
    segments.set(name(21, 21, 1), segment(1));
    expect(await pullSegments(store, folder, nothing)).toBe(1);
    // A list for each shard, and one for what follows; not one for each five names.
    expect(asked.lists).toBeLessThanOrEqual(6);
  });

  test("that the lake has are not fetched again when the folder was emptied", async () => {
    const folder = await temporaryFolder();
    const { segments, asked, store } = memoryStore();
    for (let at = 1; at <= 9; at += 1) segments.set(name(at), segment(1));
    expect(await pullSegments(store, folder, { events: { 0: 8 }, profiles: {} })).toBe(1);
    expect(asked.read).toEqual([name(9)]);
  });

  test("are all there after any number of pulls, whatever was there before, and none is fetched in vain", async () => {
    const shardOf = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
      local: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      loaded: fc.integer({ min: 0, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(shardOf, { minLength: 1, maxLength: 4 }), async (shards) => {
        const folder = await temporaryFolder();
        const { segments, asked, store } = memoryStore();
        const loaded: Watermarks = { events: {}, profiles: {} };
        const missing: string[] = [];
        for (const [shard, { sizes, local, loaded: count }] of shards.entries()) {
          let last = 0;
          for (const [index, size] of sizes.entries()) {
            const own = name(last + 1, (last += size), shard);
            segments.set(own, segment(size));
            const isLoaded = index < count;
            if (isLoaded) loaded.events[shard] = last;
            if (local[index]) await folderStore(folder).create(own, segment(size));
            else if (!isLoaded) missing.push(own);
          }
        }
        expect(await pullSegments(store, folder, loaded)).toBe(missing.length);
        expect(asked.read.toSorted()).toEqual(missing.toSorted());
        const there = await listSegments(folder);
        for (const own of missing) expect(there).toContain(own);
        expect(await pullSegments(store, folder, loaded)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ["is no gzip", new Uint8Array([1, 2, 3])],
    ["has a flipped bit", segment(2).map((byte, at) => (at === 12 ? byte ^ 1 : byte))],
    ["is cut short", segment(2).slice(0, -4)],
    ["has fewer lines than its name says", segment(1)],
  ])("that one %s is found before it is in the folder, and named", async (_what, bytes) => {
    const folder = await temporaryFolder();
    const { segments, store } = memoryStore();
    segments.set(name(1), segment(1)).set(name(2, 3), bytes).set(name(4), segment(1));
    const pulling = pullSegments(store, folder, nothing);
    await expect(pulling).rejects.toThrow(LoadError);
    await expect(pulling).rejects.toThrow(name(2, 3));
    expect(await listSegments(folder)).not.toContain(name(2, 3));
    segments.set(name(2, 3), segment(2));
    await pullSegments(store, folder, nothing);
    expect(await listSegments(folder)).toEqual([name(1), name(2, 3), name(4)]);
  });
});

describe("a lake whose segments are in a bucket", () => {
  let s3: S3Server;
  beforeEach(async () => {
    s3 = await startS3();
    vi.stubEnv("KEYHOUSE_SEGMENTS", `s3://${BUCKET}/vendor`);
    vi.stubEnv("AWS_ENDPOINT_URL_S3", s3.endpoint.href);
    vi.stubEnv("AWS_REGION", REGION);
    vi.stubEnv("AWS_ACCESS_KEY_ID", s3Access.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", s3Access.secretAccessKey);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await s3.stop();
  });

  const seqs = async (home: string) =>
    (await sql<{ seq: number }>(home, "select seq from events order by seq")).map(({ seq }) => seq);

  test("has every event once, after each load, on a machine that has no ledger", async () => {
    const home = await temporaryFolder();
    const bucket = bucketOf(process.env);
    if (!bucket) throw new Error("there is no bucket");
    const { app, code } = await appWithOrder();
    await exportSegments(app.sql, 0, bucket);
    expect(await runTool(home, "warehouse/cli.ts", "load")).toContain("Snapshot 1: 3 events, 3 new");
    await app.send("POST", "/v1/activations", activation(code));
    await exportSegments(app.sql, 0, bucket);
    // The lake has what was in the folder.
    await rm(join(home, "segments"), { recursive: true });
    expect(await runTool(home, "warehouse/cli.ts", "load")).toContain("Snapshot 2: 5 events, 2 new");
    expect(await seqs(home)).toEqual([1, 2, 3, 4, 5]);
  });

  test("is filled from the outbox of a home with a ledger, through the bucket", async () => {
    const home = await temporaryFolder();
    const { app, code } = await appWithOrder({}, { path: join(home, "ledger.sqlite") });
    await app.send("POST", "/v1/activations", activation(code));
    app.sql.close();
    await runTool(home, "ingest/cli/export.ts");
    expect(Array.from(s3.objects.keys())).toEqual([
      `vendor/${segmentName("events", 0, 1, 5)}`,
      `vendor/${segmentName("profiles", 0, 1, 1)}`,
    ]);
    await runTool(home, "warehouse/cli.ts", "load");
    expect(await seqs(home)).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([
    ["warehouse/cli.ts", ["load"]],
    ["ingest/cli/export.ts", []],
  ])(
    "%s says what to set where the bucket is not to be had, without a stack or a secret",
    async (tool, args) => {
      const home = await temporaryFolder();
      const { app } = await appWithOrder({}, { path: join(home, "ledger.sqlite") });
      app.sql.close();
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-the-secret");
      const failed = await runTool(home, tool, ...args).catch(
        (error: { stderr: string; code: number }) => error,
      );
      expect(failed).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("set AWS_SECRET_ACCESS_KEY anew"),
      });
      expect(failed).toMatchObject({ stderr: expect.not.stringMatching(/ {4}at |not-the-secret|AKID/) });
    },
  );
});
