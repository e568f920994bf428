// Bodies of POST /v1/events: bounded, compressed, refused as a whole or not at all.

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { beat, collector } from "./telemetry-support.ts";

describe("a body", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => JSON.stringify(beat(i)));

  test("may have ten thousand events, and no more", async () => {
    const { app, post } = await collector();
    const lines = many(10_001);
    const json = { "content-type": "application/json" };
    expect(await post(lines.join("\n"))).toMatchObject({ status: 413, body: { code: "too_many_lines" } });
    expect(await post(`[${lines.join()}]`, json)).toMatchObject({ status: 413 });
    expect(app.sql.get("select 1 from event")).toBeUndefined();
    const { body } = await post(`${lines.slice(1).join("\n")}\n`);
    expect(body).toMatchObject({ received: 10_000, stored: 10_000 });
  });

  test("may be compressed", async () => {
    const { post } = await collector();
    const gzip = { "content-encoding": "gzip" };
    const { body } = await post(gzipSync(many(2000).join("\n")), gzip);
    expect(body).toMatchObject({ received: 2000, stored: 2000 });
    const array = { ...gzip, "content-type": "application/json" };
    expect((await post(gzipSync(`[${many(2).join()}]`), array)).body).toMatchObject({ duplicate: 2 });
  });

  test.each<[string, Buffer, Record<string, string>, number, string]>([
    [
      "unpacks to more than its bound",
      gzipSync(" ".repeat(64 << 20)),
      { "content-encoding": "gzip" },
      413,
      "body_too_large",
    ],
    ["is larger than its bound", Buffer.alloc((8 << 20) + 1, "\n"), {}, 413, "body_too_large"],
    ["is no gzip", Buffer.from("{}"), { "content-encoding": "gzip" }, 400, "malformed_encoding"],
    [
      "breaks off",
      gzipSync("x".repeat(9999)).subarray(0, -9),
      { "content-encoding": "gzip" },
      400,
      "malformed_encoding",
    ],
    ["is packed otherwise", Buffer.from("{}"), { "content-encoding": "br" }, 415, "unsupported_encoding"],
  ])("that %s is refused as a whole", async (_what, bytes, headers, status, code) => {
    const { app, post } = await collector();
    for (const type of ["application/x-ndjson", "application/json"])
      expect(await post(new Uint8Array(bytes), { ...headers, "content-type": type })).toMatchObject({
        status,
        body: { code },
      });
    expect(app.sql.get("select 1 from event")).toBeUndefined();
    expect(app.reported).toEqual([]);
  });

  test("of nothing is answered with nothing", async () => {
    const { post } = await collector();
    expect((await post("")).body).toEqual({
      received: 0,
      stored: 0,
      duplicate: 0,
      quarantined: 0,
      outcomes: [],
    });
  });
});
