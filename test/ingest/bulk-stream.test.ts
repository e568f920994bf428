// Bulk generation as a stream: bounded, and none the worse for a connection that is lost.

import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { LineReader } from "../../ingest/ndjson.ts";
import { appWithOrder } from "./support.ts";

const utf8 = new TextEncoder();

async function withSeats(quantity: number) {
  const { app, admin, entitlement } = await appWithOrder({ line: { quantity } });
  const entitlementId = entitlement.entitlementId as string;
  const lines = Array.from(
    { length: quantity },
    (_, i) => `${JSON.stringify({ entitlementId, host: { id: `host-${i}` } })}\n`,
  );
  const seatsBound = () =>
    app.sql.get<{ count: number }>("select count(*) as count from seat where ended_at is null")?.count ?? 0;
  const countEvents = () => app.sql.get<{ count: number }>("select count(*) as count from event")?.count ?? 0;
  const post = (body: BodyInit) =>
    app.fetch("/v1/licenses", { method: "POST", headers: admin, body, duplex: "half" } as RequestInit);
  return { app, admin, lines, seatsBound, countEvents, post };
}

const statusesOf = (text: string): number[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { status: number }).status);

// Two groups being signed, one decided, one on its way out: `routes/licenses.ts`.
const MAX_IN_FLIGHT = 4 * 512;

describe("a stream of lines", () => {
  test("is read and decided only as far as its answers are taken", async () => {
    const { lines, post, seatsBound } = await withSeats(6000);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const chunk = lines.slice(sent, sent + 100);
          sent += chunk.length;
          if (chunk.length === 0) controller.close();
          else controller.enqueue(utf8.encode(chunk.join("")));
        },
      },
      { highWaterMark: 0 },
    );
    const reader = (await post(body)).body?.getReader();
    let answered = 0;
    const ahead: number[] = [];
    for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
      answered += new TextDecoder().decode(piece.value).trimEnd().split("\n").length;
      // Whatever can happen without another read happens now.
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      ahead.push(seatsBound() - answered);
    }
    expect(answered).toBe(6000);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(MAX_IN_FLIGHT);
  });

  test("that pauses has the answers to what it sent", async () => {
    const { lines, post } = await withSeats(10);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const response = post(readable);
    void writer.write(utf8.encode(lines.slice(0, 3).join("")));
    const reader = (await response).body?.getReader();
    const first = await reader?.read();
    expect(statusesOf(new TextDecoder().decode(first?.value))).toEqual([201, 201, 201]);
    void writer.write(utf8.encode(lines[3]));
    expect(statusesOf(new TextDecoder().decode((await reader?.read())?.value))).toEqual([201]);
    await writer.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  test("whose answers nobody reads any more stops between two groups, and is completed by the same again", async () => {
    const { lines, post, seatsBound, countEvents } = await withSeats(5000);
    const before = countEvents();
    const reader = (await post(lines.join(""))).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    const bound = seatsBound();
    expect(bound).toBeGreaterThan(0);
    expect(bound).toBeLessThanOrEqual(MAX_IN_FLIGHT);
    expect(countEvents() - before).toBe(2 * bound);

    const again = statusesOf(await (await post(lines.join(""))).text());
    expect(again).toEqual([...Array<number>(bound).fill(200), ...Array<number>(5000 - bound).fill(201)]);
    expect([seatsBound(), countEvents() - before]).toEqual([5000, 10_000]);
  });

  test("that breaks off is completed by the same again, and nothing is doubled", async () => {
    const { lines, post, seatsBound, countEvents } = await withSeats(3000);
    const before = countEvents();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 1500) controller.error(new Error("the connection was lost"));
        else
          controller.enqueue(
            utf8.encode(
              lines
                .slice(sent, (sent += 100))
                .join("")
                .slice(0, -7),
            ),
          );
      },
    });
    await expect(post(body).then((response) => response.text())).rejects.toThrow("connection was lost");
    const bound = seatsBound();
    expect(countEvents() - before).toBe(2 * bound);
    const again = statusesOf(await (await post(lines.join(""))).text());
    expect(again.every((status) => status === 200 || status === 201)).toBe(true);
    expect([seatsBound(), countEvents() - before]).toEqual([3000, 6000]);
  });

  test("over a connection that is cut is completed by the same again, and the service goes on", async () => {
    const { app, admin, lines, post, seatsBound, countEvents } = await withSeats(4000);
    const before = countEvents();
    const listening = Promise.withResolvers<void>();
    const fetch = (request: Request) => app.fetch(request);
    const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, () => listening.resolve());
    onTestFinished(() => void server.close());
    await listening.promise;
    const { port } = server.address() as AddressInfo;
    const cut = Promise.withResolvers<void>();
    const sent = httpRequest(
      { port, host: "127.0.0.1", path: "/v1/licenses", method: "POST", headers: admin },
      (response) => response.once("data", () => sent.destroy()),
    );
    sent.once("close", cut.resolve).on("error", () => undefined);
    sent.write(lines.slice(0, 2000).join(""));
    await cut.promise;
    const again = statusesOf(await (await post(lines.join(""))).text());
    expect(again).toHaveLength(4000);
    expect([seatsBound(), countEvents() - before]).toEqual([4000, 8000]);
    expect(app.reported).toEqual([]);
  });
});

describe("LineReader", () => {
  const bounds = { maxCharacters: 10, maxLines: 1000, readAhead: 1000 };
  const streamOf = (...pieces: (string | Uint8Array)[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces)
          controller.enqueue(typeof piece === "string" ? utf8.encode(piece) : piece);
        controller.close();
      },
    });
  const all = async (reader: LineReader) => {
    const lines = [];
    for (let some = await reader.take(7); some.length > 0; some = await reader.take(7)) lines.push(...some);
    return lines;
  };

  test("puts lines together over the borders of pieces, within a character too", async () => {
    const bytes = utf8.encode('"ä"\n"設"');
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await all(new LineReader(streamOf(...pieces), bounds))).toEqual([
      { number: 1, text: '"ä"' },
      { number: 2, text: '"設"' },
    ]);
  });

  test("passes over a line that is too long without keeping it, and goes on after it", async () => {
    const pieces = ["1\n", ...Array<string>(50).fill("x".repeat(50)), "\n3\n", "y".repeat(11)];
    expect(await all(new LineReader(streamOf(...pieces), bounds))).toEqual([
      { number: 1, text: "1" },
      { number: 2, fault: "too_long" },
      { number: 3, text: "3" },
      { number: 4, fault: "too_long" },
    ]);
  });

  test("ends with the first line too many, and reads no further", async () => {
    let isCancelled = false;
    let count = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(utf8.encode(`${count++}\n`)),
      cancel: () => void (isCancelled = true),
    });
    expect(await all(new LineReader(body, { ...bounds, maxLines: 2 }))).toEqual([
      { number: 1, text: "0" },
      { number: 2, text: "1" },
      { number: 3, fault: "too_many" },
    ]);
    expect(isCancelled).toBe(true);
  });

  // Nine characters, and a hundred for what a line takes beside them.
  const LINE_BYTES = 109;

  test("reads ahead as far as it may, and then lets the sender wait", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(utf8.encode(`${String(sent++).padStart(9, "0")}\n`)) },
      { highWaterMark: 0 },
    );
    const reader = new LineReader(body, { ...bounds, maxLines: 1_000_000, readAhead: 100 * LINE_BYTES });
    for (let turn = 0; turn < 500; turn++) await new Promise(setImmediate);
    expect(sent).toBe(101);
    await reader.take(50);
    for (let turn = 0; turn < 500; turn++) await new Promise(setImmediate);
    expect(sent).toBe(151);
    await reader.cancel();
    expect(await reader.take(1)).toEqual([]);
  });
});
