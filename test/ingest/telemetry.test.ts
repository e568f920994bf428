import { describe, expect, test } from "vitest";
import { ACTIVATION_CODE_BYTES, makeActivationCode } from "../../licensing/index.ts";
import { NOW } from "./support.ts";
import { outboxLines } from "../support/outbox.ts";
import { ACTIVATION, beat, collector, ENTITLEMENT, outcomesOf } from "./telemetry-support.ts";

const CODE = makeActivationCode(0, new Uint8Array(ACTIVATION_CODE_BYTES).fill(77));

describe("POST /v1/events", () => {
  test("stores what is new, and knows it again", async () => {
    const { send, events } = await collector();
    const first = await send(beat(1), beat(2));
    expect(first).toEqual({
      status: 200,
      body: {
        received: 2,
        stored: 2,
        duplicate: 0,
        quarantined: 0,
        outcomes: [
          { line: 1, outcome: "stored" },
          { line: 2, outcome: "stored" },
        ],
      },
    });
    const again = await send(beat(2), beat(3), beat(3), beat(1));
    expect(outcomesOf(again)).toEqual(["duplicate", "stored", "duplicate", "duplicate"]);
    expect(events().map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(new Set(events().map(({ id }) => id)).size).toBe(3);
  });

  test("takes an array as it takes lines, and knows the same event in both", async () => {
    const { send, post } = await collector();
    await send(beat(1));
    const json = { "content-type": "application/json" };
    const answer = await post(JSON.stringify([beat(1), beat(2), 5, null], null, 2), json);
    expect(outcomesOf(answer)).toEqual(["duplicate", "stored", "invalid_request", "invalid_request"]);
    expect(answer.body.outcomes[3].line).toBe(4);
    expect(await post(JSON.stringify(beat(3)), json)).toMatchObject({ status: 422 });
    expect(await post("[", json)).toMatchObject({ status: 400, body: { code: "malformed_json" } });
  });

  test("keeps what was said, in the registries' words, and a computer as a keyed hash alone", async () => {
    const { app, send, events } = await collector();
    const sent = beat(1, {
      type: "telemetry.feature_used",
      entitlementId: ENTITLEMENT,
      host: { id: "fingerprint-1", name: "ada-laptop" },
      user: "ada",
      platform: { os: { type: "macOS", version: '15 "Sequoia"' }, arch: "arm64" },
      app: { version: "7.2\\1" },
      data: { feature: "export", count: 3, format: "step" },
      locale: "de",
      __proto__x: { polluted: true },
    });
    expect(outcomesOf(await send(JSON.stringify(sent).replace("__proto__x", "__proto__")))).toEqual([
      "stored",
    ]);
    expect(events()[0]).toMatchObject({
      type: "telemetry.feature_used",
      source: "api",
      occurred_at: "2026-11-24T11:00:00.000000Z",
      recorded_at: "2026-11-24T12:00:00.000000Z",
      activation_id: ACTIVATION,
      entitlement_id: ENTITLEMENT,
      data: {
        client_event_id: "e-1",
        host_hash: app.deps.hashId("fingerprint-1"),
        user_hash: app.deps.hashId("ada"),
        os_type: "darwin",
        os_type_raw: "macOS",
        os_version: '15 "Sequoia"',
        arch: "arm64",
        arch_raw: null,
        app_version: "7.2\\1",
        detail: { feature: "export", count: 3, format: "step" },
      },
    });
    const [line] = outboxLines(app.sql);
    expect(line).toContain(`"extra":{"locale":"de","__proto__":{"polluted":true}}`);
    expect(line).not.toMatch(/fingerprint-1|ada/);
  });

  test("is no part of a customer's history", async () => {
    const { app, send } = await collector();
    await send(beat(1, { entitlementId: ENTITLEMENT }));
    expect(app.sql.get("select customer_id, entitlement_id from event")).toEqual({
      customer_id: null,
      entitlement_id: null,
    });
  });

  test.each<[string, object | string, string, string | undefined]>([
    ["no JSON", "{", "malformed_json", undefined],
    ["a number", "1", "invalid_request", "type"],
    ["no type", beat(1, { type: undefined }), "invalid_request", "type"],
    ["a type that nobody described", beat(1, { type: "telemetry.slept" }), "unknown_event_type", undefined],
    ["a type of the ledger's own", beat(1, { type: "order.recorded" }), "unknown_event_type", undefined],
    ["a type that every object has", beat(1, { type: "constructor" }), "unknown_event_type", undefined],
    ["no ID", beat(1, { id: undefined }), "invalid_request", "id"],
    ["a long ID", beat("x".repeat(127)), "invalid_request", "id"],
    ["no time", beat(1, { occurredAt: undefined }), "invalid_request", "occurredAt"],
    ["a day that is none", beat(1, { occurredAt: "2026-02-30T00:00:00Z" }), "invalid_request", "occurredAt"],
    ["about nothing", beat(1, { activationId: undefined }), "invalid_request", "activationId"],
    ["about something else", beat(1, { activationId: ENTITLEMENT }), "invalid_request", "activationId"],
    ["no feature", beat(1, { type: "telemetry.feature_used" }), "invalid_request", "data"],
    [
      "half a unit",
      beat(1, { type: "telemetry.units_consumed", data: { meter: "pages", units: 0.5 } }),
      "invalid_request",
      "data.units",
    ],
    ["no version", beat(1, { type: "telemetry.version_changed" }), "invalid_request", "app"],
    ["no platform", beat(1, { type: "telemetry.platform_changed" }), "invalid_request", "platform"],
    ["a platform of no shape", beat(1, { platform: "linux" }), "invalid_request", "platform"],
    ["half a surrogate pair", beat(1, { data: { a: "\ud800" } }), "invalid_request", "data"],
    ["U+0000 in a name", beat(1, { "a\0": 1 }), "invalid_request", "data"],
    [
      "too large a number",
      `${JSON.stringify(beat(1)).slice(0, -1)},"data":{"a":1e999}}`,
      "invalid_request",
      "data",
    ],
    ["nine objects within one another", nested(9), "invalid_request", "data"],
    [
      "two days ahead",
      beat(1, { occurredAt: "2026-11-26T12:00:00Z" }),
      "occurred_at_out_of_range",
      "occurredAt",
    ],
    [
      "two years ago",
      beat(1, { occurredAt: "2024-11-24T12:00:00Z" }),
      "occurred_at_out_of_range",
      "occurredAt",
    ],
    ["a long line", beat(1, { data: { a: "x".repeat(9000) } }), "line_too_long", undefined],
    ["an activation code", beat(1, { activationCode: CODE }), "activation_code_sent", undefined],
    [
      "a code within",
      beat(1, { data: { note: `it is ${CODE.toLowerCase()}.` } }),
      "activation_code_sent",
      undefined,
    ],
  ])("keeps %s in quarantine, with what is wrong", async (_what, line, code, field) => {
    const { app, send, events } = await collector();
    const { status, body } = await send(line, beat("good"));
    expect(status).toBe(200);
    expect(body).toMatchObject({ received: 2, stored: 1, quarantined: 1 });
    const [{ outcome, quarantineId, problem }] = body.outcomes;
    expect([outcome, problem.code, problem.errors?.[0].field]).toEqual(["quarantined", code, field]);
    const text = typeof line === "string" ? line : JSON.stringify(line);
    const kept = app.sql.get<{ input: string; source: string; code: string }>(
      "select input, source, code from quarantine where quarantine_id = ?",
      quarantineId,
    );
    expect(kept).toMatchObject({ source: "telemetry", code });
    expect(code === "activation_code_sent" || text.startsWith(kept?.input ?? "none")).toBe(true);
    expect(JSON.stringify([kept, body, events()]).toUpperCase()).not.toContain(CODE);
  });

  test("a feature may be named after activation codes", async () => {
    const { send } = await collector();
    const data = { feature: "activation_code dialog" };
    expect(outcomesOf(await send(beat(1, { type: "telemetry.feature_used", data })))).toEqual(["stored"]);
  });

  test("where the ledger cannot be written the call is told so, and the same again is stored", async () => {
    const { app, send } = await collector();
    app.sql.run("create trigger full before insert on event begin select raise(abort, 'a mistake'); end");
    expect(await send(beat(1), beat(2))).toMatchObject({ status: 500 });
    app.sql.run("drop trigger full");
    expect((await send(beat(1), beat(2))).body).toMatchObject({ stored: 2 });
  });

  test("the same bad line again waits once", async () => {
    const { app, send } = await collector();
    const [first, again] = [await send("{", "{"), await send("{")];
    const ids = [...first.body.outcomes, ...again.body.outcomes].map(({ quarantineId }) => quarantineId);
    expect(new Set(ids).size).toBe(1);
    expect(app.sql.get("select count(*) as count from event")).toEqual({ count: 1 });
  });

  test("the same ID and time with another content is a conflict, within a call and later", async () => {
    const { send, events } = await collector();
    const other = beat(1, { app: { version: "8" } });
    expect(outcomesOf(await send(beat(1), other))).toEqual(["stored", "event_id_conflict"]);
    expect(outcomesOf(await send(other, beat(1)))).toEqual(["event_id_conflict", "duplicate"]);
    expect(events().filter(({ type }) => type === "telemetry.heartbeat")).toHaveLength(1);
  });

  test("the order of fields, and how a time is written, make no other content", async () => {
    const { send } = await collector();
    const { id, ...rest } = beat(1, { app: { version: "8" } });
    await send({ id, ...rest });
    const again = await send({ ...rest, occurredAt: "2026-11-24T12:00:00.000+01:00", id });
    expect(outcomesOf(again)).toEqual(["duplicate"]);
  });

  test("a clock that is wrong by hours is kept as it was, beside the time of record", async () => {
    const { send, events } = await collector();
    await send(
      beat(1, { occurredAt: "2026-11-25T01:00:00Z" }),
      beat(2, { occurredAt: "2025-12-24T01:00:00Z" }),
    );
    expect(events().map(({ occurred_at }) => occurred_at.slice(0, 10))).toEqual(["2026-11-25", "2025-12-24"]);
    expect(new Set(events().map(({ recorded_at }) => Date.parse(recorded_at)))).toEqual(
      new Set([Date.parse(NOW)]),
    );
  });

  test("what is older than a year is for those who bring a history in", async () => {
    const { send } = await collector("events:write", "history:write");
    expect(outcomesOf(await send(beat(1, { occurredAt: "2016-01-01T00:00:00Z" })))).toEqual(["stored"]);
  });

  test("empty lines are counted as lines, and not as events", async () => {
    const { send } = await collector();
    const { body } = await send("", `${JSON.stringify(beat(1))}\r`, "  ", beat(2));
    expect(body).toMatchObject({ received: 2, stored: 2, outcomes: [{ line: 2 }, { line: 4 }] });
  });
});

/** A heartbeat whose data has so many objects within one another. */
function nested(depth: number): string {
  return `${JSON.stringify(beat(1)).slice(0, -1)},"data":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`;
}
