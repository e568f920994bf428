// The events that the lake's benchmark is made of are events: what it measures is then what a load would take.

import { expect, it } from "vitest";
import { eventSchema, profileSchema } from "../../ingest/event.ts";
import { linesOf, profilesOf } from "../bench/lake-story.ts";

const ENTITLEMENTS = 400;
const EVENTS = 4_000;

const linesOfShard = (shard: number) => Array.from(linesOf(shard, ENTITLEMENTS).take(EVENTS));
const events = linesOfShard(1).map(({ line }) => eventSchema.parse(JSON.parse(line)));

it("tells valid events and profiles, dense and in the order of time", () => {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const times = events.map(({ recorded_at: at }) => at);
  expect(times).toEqual(times.toSorted());
  expect(new Set(events.map(({ id }) => id)).size).toBe(EVENTS);
  const licenses = events.flatMap(({ type, license_id: id }) => (type === "license.issued" ? [id] : []));
  expect(new Set(licenses).size).toBe(licenses.length);
  for (const line of profilesOf(1, ENTITLEMENTS)) profileSchema.parse(JSON.parse(line));
});

it("tells the same to whoever asks again", () => {
  expect(linesOfShard(1)).toEqual(linesOfShard(1));
});

it("has an entitlement in about ten events, and something of every kind", () => {
  const counts = Map.groupBy(events, ({ type }) => type);
  const granted = counts.get("entitlement.granted")?.length ?? 0;
  expect(EVENTS / granted).toBeGreaterThan(8);
  expect(EVENTS / granted).toBeLessThan(12);
  expect(Array.from(counts.keys()).toSorted()).toEqual([
    "activation.bound",
    "activation.ended",
    "activation.refused",
    "entitlement.cancelled",
    "entitlement.extended",
    "entitlement.granted",
    "entitlement.renewed",
    "license.issued",
    "order.cancelled",
    "order.recorded",
    "telemetry.feature_used",
    "telemetry.heartbeat",
  ]);
});
