// A call of telemetry that is read on another thread.

import { expect, test } from "vitest";
import { hashUnder } from "../../ingest/keys-ring.ts";
import { bodyReader } from "../../ingest/telemetry/body-reader.ts";
import { outboxLines } from "../support/outbox.ts";
import { testApp } from "./support.ts";
import { beat, outcomesOf } from "./telemetry-support.ts";

const KEY = "07".repeat(32);

test("a call of many lines has an outcome for each, in its place", async () => {
  const app = await testApp({ readBody: bodyReader(KEY, hashUnder(Uint8Array.fromHex(KEY))) });
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
  const ids = outboxLines(app.sql)
    .map((event) => JSON.parse(event).data.client_event_id as string | undefined)
    .filter((id) => id !== undefined);
  expect(ids).toEqual(lines.flatMap((_, i) => (expected[i] === "stored" ? [`e-${i}`] : [])));
});
