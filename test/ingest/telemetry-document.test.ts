// The document and the reader of telemetry are two: what the one describes, the other stores.

import { expect, test } from "vitest";
import { telemetryDetail } from "../../ingest/telemetry/types.ts";
import { fitsRequest, holdToDocument } from "./held.ts";
import { beat, collector, ENTITLEMENT } from "./telemetry-support.ts";

const fit: object[] = [
  {},
  { activationId: undefined, entitlementId: ENTITLEMENT },
  { entitlementId: ENTITLEMENT, host: { id: "h" }, user: "ada", app: { version: "7" }, locale: "de" },
  { platform: { os: { type: "linux", version: "6" }, arch: "arm64" }, data: { a: [1] } },
  { occurredAt: "2026-11-24T12:00:00.123456+01:00" },
  { type: "telemetry.first_run" },
  { type: "telemetry.feature_used", data: { feature: "export" } },
  { type: "telemetry.feature_used", data: { feature: "export", count: 3, format: "step" } },
  { type: "telemetry.units_consumed", data: { meter: "pages", units: 2 } },
  { type: "telemetry.version_changed", app: { version: "8" } },
  { type: "telemetry.version_changed", app: { version: "8" }, data: { from: "7" } },
  { type: "telemetry.platform_changed", platform: { os: { type: "linux" } } },
];

const unfit: object[] = [
  { id: undefined },
  { id: "" },
  { id: "x".repeat(129) },
  { occurredAt: undefined },
  { occurredAt: "yesterday" },
  { occurredAt: "2026-02-30T00:00:00Z" },
  { activationId: ENTITLEMENT },
  { entitlementId: "ent_1" },
  { host: {} },
  { user: 5 },
  { app: { version: "" } },
  { platform: "linux" },
  { platform: { arch: "arm64" } },
  { data: 5 },
  { type: undefined },
  { type: "telemetry.slept" },
  { type: "order.recorded" },
  { type: "telemetry.feature_used" },
  { type: "telemetry.feature_used", data: { feature: "" } },
  { type: "telemetry.feature_used", data: { feature: "export", count: 0 } },
  { type: "telemetry.units_consumed", data: { meter: "pages", units: 0.5 } },
  { type: "telemetry.version_changed" },
  { type: "telemetry.version_changed", app: { version: "8" }, data: { from: 7 } },
  { type: "telemetry.platform_changed" },
];

test("every type is described", () => {
  const types = fit.map((changes) => ({ ...beat(1), ...changes }).type);
  expect(Array.from(new Set(types)).toSorted()).toEqual(Object.keys(telemetryDetail).toSorted());
});

test.each([
  ...fit.map((changes) => [JSON.stringify(changes), "stored", changes] as const),
  ...unfit.map((changes) => [JSON.stringify(changes), "quarantined", changes] as const),
])("%s is %s, and the document says so", async (_what, outcome, changes) => {
  const { app, send } = await collector();
  // As it goes over the wire: what is undefined is not there.
  const event = JSON.parse(JSON.stringify(beat(1, changes))) as unknown;
  expect(fitsRequest("POST", "/v1/events", [event]), "as a list").toBe(outcome === "stored");
  expect(fitsRequest("POST", "/v1/events", JSON.stringify(event)), "as a line").toBe(outcome === "stored");
  const { status, body } = await send(JSON.stringify(event));
  expect(body.outcomes).toMatchObject([{ outcome }]);
  const headers = new Headers({ "content-type": "application/json", "x-request-id": "x" });
  holdToDocument({ method: "POST", url: "/v1/events", status, headers, body });
  expect(app.reported).toEqual([]);
});
