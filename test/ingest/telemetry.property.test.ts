// Telemetry from senders of any kind: every line has an outcome, and what is on record is what the contract says.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventSchema } from "../../ingest/event.ts";
import { telemetryDetail } from "../../ingest/telemetry/types.ts";
import { outboxLines } from "../support/outbox.ts";
import { testApp } from "./support.ts";

const subject = `00${"7".repeat(26)}`;

/** An event as it should be, but for the times and IDs that meet others'. */
const fair = fc.record({
  id: fc.constantFrom("a", "b", "c", "0b37b0a4-6a4d-4d6e-8a4c-4f1a2b3c4d5e"),
  type: fc.constantFrom(...Object.keys(telemetryDetail)),
  occurredAt: fc.constantFrom("2026-11-24T11:00:00Z", "2026-11-24T11:00:00.000001Z"),
  activationId: fc.constant(`act_${subject}`),
  platform: fc.constant({ os: { type: "Linux" } }),
  app: fc.constant({ version: "7" }),
  data: fc.record({
    feature: fc.constant("export"),
    meter: fc.constant("pages"),
    units: fc.integer({ min: 1, max: 3 }),
  }),
});

/** The same with one field that is anything. */
const odd = fc
  .tuple(
    fair,
    fc.oneof(fc.constantFrom("id", "type", "occurredAt", "host", "user", "data", "app"), fc.string()),
    fc.jsonValue(),
  )
  .map(([event, field, value]) => ({ ...event, [field]: value }));

// A line that ends in the middle, and one that is no JSON at all; no line holds a line break.
const text = fc
  .string({ unit: "binary", maxLength: 60 })
  .map((line) => line.toWellFormed().replaceAll(/[\r\n]/g, ""));
const line = fc.oneof(
  { weight: 4, arbitrary: fair.map((event) => JSON.stringify(event)) },
  { weight: 4, arbitrary: odd.map((event) => JSON.stringify(event).replaceAll("\n", "")) },
  {
    weight: 1,
    arbitrary: fc.tuple(fair, fc.nat(200)).map(([event, at]) => JSON.stringify(event).slice(0, at)),
  },
  { weight: 1, arbitrary: fc.json().map((json) => json.replaceAll(/[\r\n]/g, "")) },
  { weight: 1, arbitrary: text },
);

test("received = stored + duplicate + quarantined, whatever is sent, and the same again stores nothing", async () => {
  const app = await testApp();
  const headers = { ...(await app.as("events:write")), "content-type": "application/x-ndjson" };
  const events = () => outboxLines(app.sql);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
      const count = () => events().length;
      const before = count();
      const send = () => app.send("POST", "/v1/events", lines.join("\n"), headers);
      const { status, body } = await send();
      const after = count();
      const again = await send();
      const waiting = lines.filter((each) => each.trim() !== "").length;
      expect([status, body.received, body.outcomes.length]).toEqual([200, waiting, waiting]);
      expect(body.stored + body.duplicate + body.quarantined).toBe(body.received);
      expect(again.body).toMatchObject({ stored: 0, received: waiting, quarantined: body.quarantined });
      // What was quarantined and was not waiting already is an event of its own.
      expect(after - before).toBeGreaterThanOrEqual(body.stored);
      expect(after - before).toBeLessThanOrEqual(body.stored + body.quarantined);
      expect(count()).toBe(after);
    }),
    { numRuns: 200 },
  );
  const all = events().map((each) => eventSchema.parse(JSON.parse(each)));
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(app.reported).toEqual([]);
});
