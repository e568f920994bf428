import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bucketOf } from "../../ingest/segments/bucket.ts";
import { type S3Options, s3Store } from "../../ingest/segments/s3.ts";
import { SegmentFault } from "../../ingest/segments/store.ts";
import { BUCKET, REGION, s3Access, type S3Server, type S3Trouble, startS3 } from "../support/s3.ts";

let s3: S3Server;
beforeEach(async () => void (s3 = await startS3()));
afterEach(() => s3.stop());

const bytes = new Uint8Array([1, 2, 3]);

/** A store on the server, and the pauses that it made. */
function storeWith(changes: Partial<S3Options> = {}) {
  const pauses: number[] = [];
  const store = s3Store({
    endpoint: s3.endpoint,
    region: REGION,
    bucket: BUCKET,
    prefix: "",
    ...s3Access,
    wait: async (milliseconds) => pauses.push(milliseconds),
    ...changes,
  });
  return { store, pauses };
}

const times = (count: number, trouble: S3Trouble) => Array.from({ length: count }, () => trouble);

/** What a promise was rejected with. */
const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a bucket that is in trouble", () => {
  test.each<[string, S3Trouble[]]>([
    ["is away", [{ status: 503, code: "ServiceUnavailable" }]],
    [
      "has too much to do",
      [
        { status: 503, code: "SlowDown" },
        { status: 429, code: "TooManyRequests" },
      ],
    ],
    ["has another write of the same name at hand", [{ status: 409, code: "ConditionalRequestConflict" }]],
    ["waited too long for us", [{ status: 400, code: "RequestTimeout" }]],
    ["cuts the connection", ["cut before", "cut before"]],
    ["has an error", times(4, { status: 500, code: "InternalError" })],
  ])("that %s is asked again, after longer and longer pauses", async (_what, troubles) => {
    const { store, pauses } = storeWith();
    s3.troubles.push(...troubles);
    expect(await store.create("x/s", bytes)).toBe(true);
    expect(pauses).toEqual([200, 400, 800, 1600].slice(0, troubles.length));
    expect(s3.objects.get("x/s")).toEqual(Buffer.from(bytes));
    s3.troubles.push(...troubles);
    expect(await store.list("")).toEqual(["x/s"]);
    s3.troubles.push(...troubles);
    expect(await store.read("x/s")).toEqual(bytes);
  });

  test("is not asked for ever, and the fault says what to do", async () => {
    const { store, pauses } = storeWith();
    s3.troubles.push(...times(9, { status: 503, code: "SlowDown" }));
    const fault = await faultOf(store.create("x/s", bytes));
    expect(fault).toBeInstanceOf(SegmentFault);
    expect((fault as Error).message).toContain("try again later");
    expect([s3.asked.length, pauses.length]).toEqual([5, 4]);
  });

  test("whose answer was lost has what was written: it is there already, and stays", async () => {
    const { store } = storeWith();
    s3.troubles.push("cut after");
    expect(await store.create("x/s", bytes)).toBe(false);
    expect(s3.objects.get("x/s")).toEqual(Buffer.from(bytes));
  });

  test("that is nowhere is named with its setting", async () => {
    const { store, pauses } = storeWith();
    await s3.stop();
    const fault = await faultOf(store.list(""));
    expect((fault as Error).message).toMatch(/ECONNREFUSED.*AWS_ENDPOINT_URL_S3/);
    expect(pauses).toHaveLength(4);
    s3 = await startS3();
  });
});

describe("what a bucket refuses is not asked again, and the fault says what to set:", () => {
  interface Wrong {
    options?: Partial<S3Options>;
    aheadMs?: number;
    answers?: S3Trouble;
  }
  test.each<[string, Wrong, string]>([
    ["another secret", { options: { secretAccessKey: "not-the-secret-at-all" } }, "AWS_SECRET_ACCESS_KEY"],
    ["a key that is not known", { options: { accessKeyId: "AKIDNOTHING" } }, "AWS_ACCESS_KEY_ID"],
    ["another region", { options: { region: "us-east-1" } }, "AWS_REGION"],
    ["no such bucket", { options: { bucket: "nothing-here" } }, "KEYHOUSE_SEGMENTS"],
    ["a clock an hour off", { aheadMs: 3_600_000 }, "clock"],
    ["a key that may not", { answers: { status: 403, code: "AccessDenied" } }, "allow it to list"],
    ["a session that ended", { answers: { status: 400, code: "ExpiredToken" } }, "AWS_SESSION_TOKEN"],
    ["a bucket elsewhere", { answers: { status: 301, code: "PermanentRedirect" } }, "AWS_REGION"],
  ])("%s", async (_what, { options, aheadMs, answers }, named) => {
    const { store, pauses } = storeWith(options);
    s3.clock.aheadMs = aheadMs ?? 0;
    if (answers !== undefined) s3.troubles.push(...times(3, answers));
    for (const ask of [() => store.create("x/s", bytes), () => store.list(""), () => store.read("x/s")]) {
      const fault = await faultOf(ask());
      expect(fault).toBeInstanceOf(SegmentFault);
      expect((fault as Error).message).toContain(named);
      // Whatever a log may take of it; what the server sends back of our own request is among its traps.
      const logged = inspect(fault, { depth: 9, showHidden: true });
      for (const secret of ["AKID", "Signature=", s3Access.secretAccessKey, "not-the-secret"])
        expect(logged).not.toContain(secret);
    }
    expect(pauses).toEqual([]);
    expect(s3.objects.size).toBe(0);
  });
});

test("a session's token is signed with the rest", async () => {
  const { store } = storeWith({ sessionToken: "a-session" });
  expect(await store.create("x/s", bytes)).toBe(true);
});

describe("the bucket of an environment", () => {
  const keys = { AWS_ACCESS_KEY_ID: s3Access.accessKeyId, AWS_SECRET_ACCESS_KEY: s3Access.secretAccessKey };

  test("is none where none is named", () => {
    expect(bucketOf({ ...keys, KEYHOUSE_SEGMENTS: "" })).toBeUndefined();
  });

  test.each(["", "/", "/a/b", "/a/b/"])("may have a prefix: s3://bucket%s", async (path) => {
    const store = bucketOf({
      ...keys,
      KEYHOUSE_SEGMENTS: `s3://${BUCKET}${path}`,
      AWS_ENDPOINT_URL_S3: s3.endpoint.href,
      AWS_REGION: REGION,
    });
    await store?.create("x/s", bytes);
    expect(Array.from(s3.objects.keys())).toEqual([
      `${path.split("/").filter(Boolean).join("/")}/x/s`.replace(/^\//, ""),
    ]);
  });

  test.each<[string, Record<string, string>, string]>([
    ["another scheme", { KEYHOUSE_SEGMENTS: "gs://bucket" }, "KEYHOUSE_SEGMENTS"],
    ["no bucket", { KEYHOUSE_SEGMENTS: "s3://" }, "KEYHOUSE_SEGMENTS"],
    ["an endpoint that is no address", { AWS_ENDPOINT_URL_S3: "r2.example.com" }, "AWS_ENDPOINT_URL_S3"],
    ["no key", { AWS_ACCESS_KEY_ID: "" }, "AWS_ACCESS_KEY_ID"],
    ["no secret", { AWS_SECRET_ACCESS_KEY: " " }, "AWS_SECRET_ACCESS_KEY"],
  ])("with %s is told which setting is wrong, and no secret", (_what, change, named) => {
    const env = { ...keys, KEYHOUSE_SEGMENTS: `s3://${BUCKET}`, ...change };
    expect(() => bucketOf(env)).toThrow(SegmentFault);
    expect(() => bucketOf(env)).toThrow(named);
    expect(() => bucketOf(env)).not.toThrow(s3Access.secretAccessKey);
  });
});
