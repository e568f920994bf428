// Telemetry from its call to the lake, and from quarantine back.

import { join } from "node:path";
import { expect, test } from "vitest";
import { replayTelemetry } from "../../ingest/telemetry/replay.ts";
import { listQuarantined } from "../../ingest/ledger/queries.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import { activation, appWithOrder } from "../ingest/support.ts";
import { temporaryFolder } from "../support/folder.ts";
import { loadHome, openHome } from "../warehouse/support.ts";

const ndjson = { "content-type": "application/x-ndjson" };

async function withSeat() {
  const { app, admin, code } = await appWithOrder();
  const { body } = await app.send("POST", "/v1/activations", activation(code));
  const { activationId, entitlementId } = body.activation as { activationId: string; entitlementId: string };
  const beat = (id: number, changes: object = {}) => ({
    id: `e-${id}`,
    type: "telemetry.heartbeat",
    occurredAt: "2026-11-24T11:00:00Z",
    activationId,
    entitlementId,
    ...changes,
  });
  const send = (...lines: object[]) =>
    app.send("POST", "/v1/events", lines.map((line) => JSON.stringify(line)).join("\n"), {
      ...admin,
      ...ndjson,
    });
  return { app, beat, send };
}

test("telemetry is in the lake once, with all that it said, and in no entitlement's history", async () => {
  const { app, beat, send } = await withSeat();
  const home = await temporaryFolder();
  const store = folderStore(join(home, "segments"));
  const unknown = { mode: { __proto__: 1, deep: ["ä", 1.5, null] } };
  await send(...Array.from({ length: 3000 }, (_, i) => beat(i)));
  await exportSegments(app.sql, 0, store);
  const late = { type: "telemetry.feature_used", data: { feature: "export", ...unknown }, locale: "de" };
  const answer = await send(beat(1), beat(5000, late), beat(5001, { type: "telemetry.slept" }));
  expect(answer.body).toMatchObject({ stored: 1, duplicate: 1, quarantined: 1 });
  // Catalog, order, grant, seat and license; 3,001 of telemetry, and one in quarantine.
  expect(await exportSegments(app.sql, 0, store)).toMatchObject({ events: 2 });
  expect((await loadHome(home, "2026-11-25T00:00:00Z")).warnings).toEqual([]);
  const lake = await openHome(home);
  expect(
    await lake.query(`
      select type, count(*) as events, count(distinct id) as ids,
        count(distinct json_extract_string(data, '$.client_event_id')) as client_ids
      from events where type like 'telemetry.%' group by type order by type`),
  ).toEqual([
    { type: "telemetry.feature_used", events: 1, ids: 1, client_ids: 1 },
    { type: "telemetry.heartbeat", events: 3000, ids: 3000, client_ids: 3000 },
  ]);
  const [told] = await lake.query<{ data: string }>(
    "select data from events where type = 'telemetry.feature_used'",
  );
  expect(JSON.parse(told?.data ?? "")).toMatchObject({
    detail: { feature: "export", ...unknown },
    extra: { locale: "de" },
  });
  expect(await lake.query("select distinct event_type from entitlement_history order by 1")).toEqual([
    { event_type: "activation.bound" },
    { event_type: "entitlement.granted" },
    { event_type: "license.issued" },
  ]);
  expect(await lake.query("select source, stage, code, is_open from quarantine")).toEqual([
    { source: "telemetry", stage: "read", code: "unknown_event_type", is_open: true },
  ]);
});

test("telemetry that waits goes through once what was wrong has passed, and only then", async () => {
  const { app, beat, send } = await withSeat();
  const ahead = beat(1, { occurredAt: "2026-11-26T12:00:00Z" });
  const [{ quarantineId }] = (await send(ahead)).body.outcomes;
  const reading = () => ({ now: app.deps.clock(), mayTellHistory: false, hashId: app.deps.hashId });
  const [waiting] = listQuarantined(app.sql, 10);
  if (!waiting) throw new Error("nothing waits");
  expect(waiting.quarantine_id).toBe(quarantineId);
  expect(await replayTelemetry(app.deps.ledgers, waiting, reading(), "test")).toMatchObject({
    code: "occurred_at_out_of_range",
  });
  app.setNow("2026-11-26T12:00:01Z");
  expect(await replayTelemetry(app.deps.ledgers, waiting, reading(), "test")).toBeNull();
  expect(listQuarantined(app.sql, 10)).toEqual([]);
  expect((await send(ahead)).body).toMatchObject({ stored: 0, duplicate: 1 });
});

test("a conflict stays in quarantine, and waits there once", async () => {
  const { app, beat, send } = await withSeat();
  await send(beat(1), beat(1, { app: { version: "8" } }));
  const [waiting] = listQuarantined(app.sql, 10);
  if (!waiting) throw new Error("nothing waits");
  const reading = { now: app.deps.clock(), mayTellHistory: true, hashId: app.deps.hashId };
  expect(await replayTelemetry(app.deps.ledgers, waiting, reading, "test")).toMatchObject({
    code: "event_id_conflict",
  });
  expect(listQuarantined(app.sql, 10)).toEqual([waiting]);
});
