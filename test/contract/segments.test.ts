import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { R2Bucket } from "@cloudflare/workers-types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderStore } from "../../ingest/segments/folder.ts";
import { r2Store } from "../../ingest/segments/r2.ts";
import { s3Store } from "../../ingest/segments/s3.ts";
import { temporaryFolder } from "../support/folder.ts";
import { BUCKET, REGION, s3Access, type S3Server, startS3 } from "../support/s3.ts";
import { startWorker } from "../support/workerd.ts";
import { limits, segmentsContract } from "./segments.ts";

const promises = Object.entries(segmentsContract);

describe("segments in a folder", () => {
  test.each(promises)("%s", async (_promise, keeps) => {
    await expect(keeps(folderStore(await temporaryFolder(), limits))).resolves.toBeUndefined();
  });

  test("leave nothing unfinished behind, and what is hidden is no segment", async () => {
    const folder = await temporaryFolder();
    const store = folderStore(folder);
    await Promise.all([1, 2].map((n) => store.create("x/s-0", new Uint8Array([n]))));
    expect(await readdir(join(folder, "x"))).toEqual(["s-0"]);
    await store.create("x/.unfinished", new Uint8Array());
    expect(await store.list("")).toEqual(["x/s-0"]);
  });

  test("whose folder is not there yet are none", async () => {
    expect(await folderStore(join(await temporaryFolder(), "none")).list("")).toEqual([]);
  });
});

describe("segments in R2", () => {
  let worker: Awaited<ReturnType<typeof startWorker>>;
  let bucket: R2Bucket;
  beforeAll(async () => {
    worker = await startWorker({
      config: {
        name: "segments",
        main: "test/contract/segments.worker.ts",
        compatibility_date: "2026-11-17",
        r2_buckets: [{ binding: "SEGMENTS", bucket_name: "segments" }],
      },
    });
    bucket = (await worker.harness.getWorker<{ SEGMENTS: R2Bucket }>().getEnv()).SEGMENTS;
  });
  afterAll(() => worker.harness.close());

  test.each(promises)("%s", async (_promise, keeps) => {
    await bucket.delete((await bucket.list()).objects.map(({ key }) => key));
    await expect(keeps(r2Store(bucket, limits))).resolves.toBeUndefined();
  });
});

describe.each([
  ["at the top of a bucket", ""],
  ["below a prefix of a bucket", "a vendor/segments+1/"],
])("segments behind the S3 API, %s", (_where, prefix) => {
  let s3: S3Server;
  beforeAll(async () => void (s3 = await startS3()));
  afterAll(() => s3.stop());

  test.each(promises)("%s", async (_promise, keeps) => {
    s3.objects.clear();
    if (prefix !== "") s3.objects.set("a vendor/segments/another's", Buffer.from("x"));
    const wait = () => Promise.reject(new Error("nothing here has to be asked twice"));
    const store = s3Store(
      { endpoint: s3.endpoint, region: REGION, bucket: BUCKET, prefix, ...s3Access, wait },
      limits,
    );
    await expect(keeps(store)).resolves.toBeUndefined();
  });
});
