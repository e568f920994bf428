import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Event, eventSchema, profileSchema, segmentName } from "../../ingest/event.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import type { SegmentStore } from "../../ingest/segments/store.ts";
import { activation, appWithOrder, testApp } from "./support.ts";

/** Segments in memory; `fails` says what goes wrong at the nth creation: before the write, or after it. */
function memoryStore(fails: (n: number) => "before" | "after" | undefined = () => undefined) {
  const segments = new Map<string, string[]>();
  let calls = 0;
  const store: Pick<SegmentStore, "create"> = {
    create: async (name, bytes) => {
      const fault = fails(calls++);
      if (fault === "before") throw new Error("the store is away");
      const isNew = !segments.has(name);
      if (isNew) segments.set(name, gunzipSync(bytes).toString().trimEnd().split("\n"));
      if (fault === "after") throw new Error("the answer was lost");
      return isNew;
    },
  };
  const seqs = () =>
    [...segments.keys()]
      .toSorted((a, b) => (a < b ? -1 : 1))
      .flatMap((name) => segments.get(name) ?? [])
      .map((line) => (JSON.parse(line) as Event).seq);
  return { store, segments, seqs };
}

describe("the exporter", () => {
  test("writes every event and profile as its contract says, and no activation code, name or address with an event", async () => {
    const { app, code } = await appWithOrder();
    await app.send("POST", "/v1/activations", activation(code));
    const { store, segments } = memoryStore();
    expect(await exportSegments(app.sql, 0, store)).toEqual({ events: 5, profiles: 1 });
    const events = segments.get(segmentName("events", 0, 1, 5)) ?? [];
    for (const line of events) eventSchema.parse(JSON.parse(line));
    const text = events.join("\n");
    for (const secret of [
      code,
      code.replaceAll("-", ""),
      "Example GmbH",
      "it@example.com",
      "fingerprint-1",
      "ws-17",
    ])
      expect(text).not.toContain(secret);
    const [profile] = segments.get(segmentName("profiles", 0, 1, 1)) ?? [];
    expect(profileSchema.parse(JSON.parse(profile ?? ""))).toMatchObject({
      customer_id: "C-42",
      name: "Example GmbH",
    });
    expect(await exportSegments(app.sql, 0, store)).toEqual({ events: 0, profiles: 0 });
  });

  test("wherever it dies, segments have every event once: no gap, no overlap", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("fine", "before", "after", "twice"), { maxLength: 12 }),
        async (rounds) => {
          const { app, code } = await appWithOrder();
          const fault = { now: undefined as "before" | "after" | undefined };
          const { store, seqs } = memoryStore(() => fault.now);
          for (const [index, round] of rounds.entries()) {
            await app.send("POST", "/v1/activations", activation(code, { host: { id: `host-${index}` } }));
            fault.now = round === "before" || round === "after" ? round : undefined;
            const exporters = Array.from({ length: round === "twice" ? 2 : 1 }, () =>
              exportSegments(app.sql, 0, store),
            );
            await Promise.allSettled(exporters);
          }
          fault.now = undefined;
          await exportSegments(app.sql, 0, store);
          const { lastSeq } = (await app.send("GET", "/healthz")).body;
          const events = seqs().filter((seq) => seq !== undefined);
          const profiles = 1;
          expect(events).toHaveLength(lastSeq + profiles);
          expect(new Set(events.slice(0, lastSeq)).size).toBe(lastSeq);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("begins another segment before one grows beyond what a small machine holds", async () => {
    const { sql } = await testApp();
    const sizes = [1, 3_000_000, 3_000_000, 3_000_000, 9_000_000, 1, 1];
    for (const [index, size] of sizes.entries())
      sql.run(
        "insert into event (seq, line) values (?, ?)",
        index + 1,
        JSON.stringify({ seq: index + 1, text: "x".repeat(size) }),
      );
    const { store, segments } = memoryStore();
    expect(await exportSegments(sql, 0, store)).toEqual({ events: 7, profiles: 0 });
    expect([...segments.keys()]).toEqual(
      [[1, 3] as const, [4, 4] as const, [5, 5] as const, [6, 7] as const].map(([first, last]) =>
        segmentName("events", 0, first, last),
      ),
    );
  });
});
