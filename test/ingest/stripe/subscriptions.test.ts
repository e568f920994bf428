// What becomes of a subscription of Stripe's, from its first message to its last.

import { describe, expect, test } from "vitest";
import { activation } from "../support.ts";
import { AUGUST, created, day, pro, rightsOf, SEPTEMBER, told } from "./life.ts";
import { event, invoice, invoiceLine, item, price, store, unix } from "./objects.ts";

describe("a subscription", () => {
  test("is an order whose lines are its items, until the end of the period that is paid", async () => {
    const it = await store();
    const items = [item("si_1", 2, pro, AUGUST), item("si_2", 5, price("render", 500), AUGUST)];
    expect(await it.deliver(created({}, items))).toMatchObject({
      status: 201,
      body: { status: "recorded", orderId: "stripe:sub_1" },
    });
    expect((await it.order()).body).toMatchObject({
      order: {
        customerId: "stripe:cus_1",
        channel: "stripe",
        orderedAt: "2026-08-01T00:00:00.000000Z",
        test: false,
      },
      entitlements: [
        { lineNumber: 1, sku: "cad-pro", quantity: 2, endsAt: "2026-09-01T00:00:00.000000Z" },
        { lineNumber: 2, sku: "render", quantity: 5, endsAt: "2026-09-01T00:00:00.000000Z" },
      ],
    });
    expect(it.waiting()).toEqual([]);
  });

  test("is answered without an activation code, for Stripe shows its answers to others", async () => {
    const it = await store();
    const answer = await it.deliver(created());
    const [right] = await rightsOf(it);
    expect(JSON.stringify(answer.body)).not.toContain(right?.activationCode);
  });

  test.each([
    ["incomplete", "order_unpaid"],
    ["incomplete_expired", "order_voided"],
  ])("that is %s grants nothing, and is on record as refused", async (status, code) => {
    const it = await store();
    expect(await it.deliver(created({ status }))).toMatchObject({
      status: 200,
      body: { status: "refused", problem: { code } },
    });
    expect((await it.order()).status).toBe(404);
    expect(it.waiting()).toEqual([]);
  });

  test("that was made and paid for within a second is in force, whichever is told first", async () => {
    const messages = [
      created({ status: "incomplete" }),
      told("2026-08-01T00:00:00Z", [item("si_1", 2, pro, AUGUST)]),
    ];
    for (const sent of [messages, messages.toReversed()]) {
      const it = await store();
      for (const message of sent) await it.deliver(message);
      expect(await rightsOf(it)).toMatchObject([{ quantity: 2, suspendedAt: null, cancelledAt: null }]);
    }
  });

  test("that was made and changed within a second is as it was changed, whichever is told first", async () => {
    const messages = [created(), told("2026-08-01T00:00:00Z", [item("si_1", 5, pro, AUGUST)])];
    for (const sent of [messages, messages.toReversed()]) {
      const it = await store();
      for (const message of sent) await it.deliver(message);
      expect(await rightsOf(it)).toMatchObject([{ quantity: 5 }]);
      expect(it.waiting()).toEqual([]);
    }
  });

  test("of test mode is an order marked as a test", async () => {
    const it = await store();
    await it.deliver(created({ livemode: false }));
    expect(await rightsOf(it)).toMatchObject([{ test: true }]);
  });

  test.each([
    ["past_due", true],
    ["unpaid", true],
    ["paused", true],
    ["active", false],
    ["trialing", false],
  ])("that is %s rests: %s, and is in force again when it is active", async (status, isResting) => {
    const it = await store();
    await it.deliver(created());
    await it.deliver(told("2026-08-10T00:00:00Z", [item("si_1", 2, pro, AUGUST)], { status }));
    const [right] = await rightsOf(it);
    expect(day(right?.suspendedAt)).toBe(isResting ? "2026-08-10" : undefined);
    await it.deliver(told("2026-08-12T00:00:00Z", [item("si_1", 2, pro, AUGUST)]));
    expect(await rightsOf(it)).toMatchObject([{ suspendedAt: null }]);
  });

  test("that is in force again leaves suspended what staff suspended", async () => {
    const it = await store();
    await it.deliver(created());
    const [right] = await rightsOf(it);
    const path = `/v1/entitlements/${right?.entitlementId}/suspend`;
    await it.app.send("POST", path, { reason: "fraud" }, it.admin);
    for (const [at, status] of [
      ["2026-08-10T00:00:00Z", "past_due"],
      ["2026-08-11T00:00:00Z", "active"],
    ] as const)
      await it.deliver(told(at, [item("si_1", 2, pro, AUGUST)], { status }));
    expect((await rightsOf(it))[0]?.suspendedAt).not.toBeNull();
  });

  test("ends when it says that it ended", async () => {
    const it = await store();
    await it.deliver(created());
    const ended = {
      status: "canceled",
      ended_at: unix("2026-08-20T00:00:00Z"),
      canceled_at: unix("2026-08-15T00:00:00Z"),
    };
    const gone = told("2026-08-20T00:00:05Z", [item("si_1", 2, pro, AUGUST)], ended, "deleted");
    expect((await it.deliver(gone)).body).toEqual({ status: "cancelled", problem: null });
    expect(await rightsOf(it)).toMatchObject([{ cancelledAt: "2026-08-20T00:00:00.000000Z" }]);
    // What is told of it before, or again, changes nothing.
    await it.deliver(gone);
    await it.deliver(told("2026-08-18T00:00:00Z", [item("si_1", 9, pro, AUGUST)]));
    expect(await rightsOf(it)).toMatchObject([{ quantity: 2, cancelledAt: "2026-08-20T00:00:00.000000Z" }]);
  });

  test("that ended while its message was on its way ends after its last use", async () => {
    const it = await store();
    await it.deliver(created());
    const [right] = await rightsOf(it);
    const used = activation(right?.activationCode ?? "", { occurredAt: "2026-08-20T00:10:00Z" });
    expect((await it.app.send("POST", "/v1/activations", used, it.admin)).status).toBe(201);
    const ended = { status: "canceled", ended_at: unix("2026-08-20T00:00:00Z") };
    await it.deliver(told("2026-08-20T00:00:00Z", [item("si_1", 2, pro, AUGUST)], ended, "deleted"));
    expect(await rightsOf(it)).toMatchObject([{ cancelledAt: "2026-08-20T00:10:00.000000Z" }]);
    expect(it.waiting()).toEqual([]);
  });

  test("whose end is told before anything else is on record as what it was, and ended", async () => {
    const it = await store();
    const ended = { status: "canceled", ended_at: unix("2026-08-20T00:00:00Z") };
    await it.deliver(told("2026-08-20T00:00:00Z", [item("si_1", 2, pro, AUGUST)], ended, "deleted"));
    await it.deliver(created());
    expect(await rightsOf(it)).toMatchObject([{ quantity: 2, cancelledAt: "2026-08-20T00:00:00.000000Z" }]);
  });

  test("that was over as it began grants nothing", async () => {
    const it = await store();
    const ended = { status: "canceled", ended_at: unix("2026-08-01T00:00:00Z") };
    const answer = await it.deliver(told("2026-08-20T00:00:00Z", [item("si_1", 2, pro, AUGUST)], ended));
    expect(answer.body).toMatchObject({ status: "refused", problem: { code: "order_voided" } });
    expect((await it.order()).status).toBe(404);
  });
});

describe("a subscription in a later period, told for the first time", () => {
  test("begins with its first one, and runs to the end of the present one", async () => {
    const it = await store();
    const later: [string, string] = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"];
    const first = { created: unix("2026-08-01T00:00:00Z") };
    await it.deliver(told("2026-10-01T00:00:00Z", [item("si_1", 2, pro, later, first)]));
    expect(await rightsOf(it)).toMatchObject([
      { startsAt: "2026-08-01T00:00:00.000000Z", endsAt: "2026-11-01T00:00:00.000000Z" },
    ]);
    const { body } = await it.app.send("GET", "/v1/customers/stripe:cus_1/history", undefined, it.admin);
    const renewed = body.events.find(({ type }: { type: string }) => type === "entitlement.renewed");
    expect(renewed.data).toMatchObject({ starts_at: "2026-09-01T00:00:00.000000Z" });
    expect(renewed.data.price).toBeUndefined();
    // Bills of the time before are paid for that time.
    const september = invoice("in_2", "2026-09-01T01:00:00Z", [invoiceLine("si_1", 4000, SEPTEMBER)]);
    await it.deliver(event("invoice.paid", unix("2026-09-01T01:00:00Z"), september));
    expect(it.waiting()).toEqual([]);
    expect(await rightsOf(it)).toMatchObject([{ endsAt: "2026-11-01T00:00:00.000000Z" }]);
  });
});
