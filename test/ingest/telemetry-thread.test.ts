// Telemetry by the thousand is read on another thread: the same as line by line.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hashUnder } from "../../ingest/keys-ring.ts";
import { entryOf } from "../../ingest/telemetry/identity.ts";
import { linesReader } from "../../ingest/telemetry/read-batch.ts";
import { readLine } from "../../ingest/telemetry/read.ts";
import { NOW, testApp } from "./support.ts";
import { beat, outcomesOf } from "./telemetry-support.ts";

const told = { now: Date.parse(NOW) * 1000, mayTellHistory: false };
const [KEY, OTHER_KEY] = ["07".repeat(32), "08".repeat(32)];
const alone = (lines: readonly string[], hostKey: string) => {
  const hashId = hashUnder(Uint8Array.fromHex(hostKey));
  return lines.map((line) => readLine(line, { ...told, hashId }));
};

const line = fc.oneof(
  fc
    .record(
      { user: fc.string(), host: fc.record({ id: fc.string() }), data: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((changes) => JSON.stringify(beat(1, changes))),
  fc.json({ noUnicodeString: false }).map((json) => json.replaceAll(/[\r\n]/g, "")),
  fc.constantFrom("", "{", "\u2028", JSON.stringify(beat("ü", { data: { a: "\n\u2029設計" } }))),
);

test("many lines are read as each is by itself, under each key, in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 80 }), async (lines) => {
      const both = await Promise.all([KEY, OTHER_KEY].map((key) => linesReader(key)(lines, told)));
      expect(both).toEqual([alone(lines, KEY), alone(lines, OTHER_KEY)]);
    }),
    { numRuns: 100 },
  );
});

test("a call of many lines has an outcome for each, in its place", async () => {
  const app = await testApp({ readLines: linesReader(KEY) });
  const headers = { ...(await app.as("events:write")), "content-type": "application/x-ndjson" };
  const lines = Array.from({ length: 2500 }, (_, i) => {
    if (i % 500 === 7) return "{";
    if (i % 500 === 9) return JSON.stringify(beat(i, { data: { a: "x".repeat(9000) } }));
    return JSON.stringify(beat(i % 500 === 8 ? i - 2 : i));
  });
  const expected = lines.map(
    (_, i) => ["malformed_json", "duplicate", "line_too_long"][(i % 500) - 7] ?? "stored",
  );
  const send = () => app.send("POST", "/v1/events", lines.join("\n"), headers);
  expect(outcomesOf(await send())).toEqual(expected);
  const again = expected.map((outcome) => (outcome === "stored" ? "duplicate" : outcome));
  expect(outcomesOf(await send())).toEqual(again);
  const ids = app.sql
    .all<{ line: string }>("select line from event order by seq")
    .flatMap((row) => row.line.split("\n"))
    .map((event) => JSON.parse(event).data.client_event_id as string | undefined)
    .filter((id) => id !== undefined);
  expect(ids).toEqual(lines.flatMap((_, i) => (expected[i] === "stored" ? [`e-${i}`] : [])));
});

test("entries sort by time, and IDs of any form are apart", () => {
  const uuid = "0b37b0a4-6a4d-4d6e-8a4c-4f1a2b3c4d5e";
  const times = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 52];
  const keys = times.map((time) => entryOf(uuid, time, ""));
  expect(keys).toEqual(keys.toSorted());
  const ids = [uuid, uuid.toUpperCase(), uuid.replaceAll("-", ""), ` ${uuid}`, "a", "b"];
  const entries = ids.map((id) => entryOf(id, 0, ""));
  expect(new Set(entries).size).toBe(ids.length);
  for (const entry of entries) expect(entry).toMatch(/^[0-9a-f]{64}$/);
});
