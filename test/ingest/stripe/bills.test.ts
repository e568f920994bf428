// What was paid for a subscription, and what of it went back.

import { describe, expect, test } from "vitest";
import { moneyOf } from "../../../ingest/ledger/money-rows.ts";
import { moneyFaults } from "../../../ingest/ledger/check-money.ts";
import { AUGUST, created, day, isEnded, pro, rightsOf, SEPTEMBER, told } from "./life.ts";
import { event, invoice, invoiceLine, item, price, store, type Store, unix } from "./objects.ts";

const OCTOBER: [string, string] = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"];
const FIRST = "2026-08-01T00:00:01Z";

const first = invoice("in_1", FIRST, [invoiceLine("si_1", 4000, AUGUST)], {
  billing_reason: "subscription_create",
  payments: { data: [{ payment: { type: "payment_intent", payment_intent: "pi_1" } }] },
});
const second = invoice("in_2", "2026-09-01T01:00:00Z", [invoiceLine("si_1", 4000, SEPTEMBER)], {
  payment_intent: "pi_2",
  charge: "ch_2",
});
const paid = (bill: { status_transitions: { paid_at: number } }) =>
  event("invoice.paid", bill.status_transitions.paid_at, bill);

const money = ({ app }: Store, orderId = "stripe:sub_1") =>
  moneyOf(app.sql, orderId).map(({ lineNumber, paidMinor, refundedMinor }) => [
    lineNumber,
    paidMinor,
    refundedMinor,
  ]);

async function begun(): Promise<Store> {
  const it = await store();
  await it.deliver(created());
  await it.deliver(paid(first));
  return it;
}

describe("a bill that was paid", () => {
  test("of the first period is what the order says already", async () => {
    const it = await begun();
    expect(money(it)).toEqual([[1, 4000, 0]]);
    expect(it.waiting()).toEqual([]);
  });

  test("of the next one renews up to its end, and says what that cost", async () => {
    const it = await begun();
    expect(await it.deliver(paid(second))).toMatchObject({
      status: 201,
      body: { status: "recorded", orderId: "stripe:sub_1" },
    });
    expect(await rightsOf(it)).toMatchObject([{ endsAt: "2026-10-01T00:00:00.000000Z" }]);
    expect((await it.deliver(paid(second))).status).toBe(200);
    expect(money(it)).toEqual([[1, 8000, 0]]);
  });

  test("names its customer, whom the subscription does not", async () => {
    const it = await begun();
    expect(it.app.sql.get("select name, email, country from profile order by seq desc")).toEqual({
      name: "Example GmbH",
      email: "it@example.com",
      country: "DE",
    });
  });

  test("that comes before its subscription waits for it", async () => {
    const it = await store();
    for (const bill of [second, first])
      expect((await it.deliver(paid(bill))).body).toEqual({ status: "waiting", orderId: "stripe:sub_1" });
    await it.deliver(created());
    expect(await rightsOf(it)).toMatchObject([{ endsAt: "2026-10-01T00:00:00.000000Z" }]);
    expect(money(it)).toEqual([[1, 8000, 0]]);
    expect(it.waiting()).toEqual([]);
  });

  test("of the older API says the same, less discounts", async () => {
    const it = await begun();
    const line = {
      amount: 4000,
      discount_amounts: [{ amount: 400, discount: "di_1" }],
      period: { start: unix(SEPTEMBER[0]), end: unix(SEPTEMBER[1]) },
      proration: false,
      subscription: "sub_1",
      subscription_item: "si_1",
      price: pro,
    };
    const old = invoice("in_2", "2026-09-01T01:00:00Z", [line], { parent: undefined, subscription: "sub_1" });
    await it.deliver(paid(old));
    expect(await rightsOf(it)).toMatchObject([{ endsAt: "2026-10-01T00:00:00.000000Z" }]);
    expect(money(it)).toEqual([[1, 7600, 0]]);
  });

  test("of seats that came in between is paid with the next period, and told by price alone", async () => {
    const it = await begun();
    await it.deliver(told("2026-08-16T00:00:00Z", [item("si_1", 4, pro, AUGUST)]));
    const rest: [string, string] = ["2026-08-16T00:00:00Z", "2026-09-01T00:00:00Z"];
    const lines = [
      invoiceLine(null, -2000, rest, { isProration: true }),
      invoiceLine(null, 4000, rest, { isProration: true }),
      invoiceLine("si_1", 8000, SEPTEMBER),
      // A fee that comes once is of no license.
      invoiceLine(null, 700, SEPTEMBER),
    ];
    await it.deliver(paid(invoice("in_2", "2026-09-01T01:00:00Z", lines)));
    expect(await rightsOf(it)).toMatchObject([{ quantity: 4, endsAt: "2026-10-01T00:00:00.000000Z" }]);
    expect(money(it)).toEqual([[1, 14_000, 0]]);
    expect(it.waiting()).toEqual([]);
  });

  test("below nothing is a credit", async () => {
    const it = await begun();
    const rest: [string, string] = ["2026-08-16T00:00:00Z", "2026-09-01T00:00:00Z"];
    await it.deliver(
      paid(invoice("in_2", "2026-08-16T00:00:00Z", [invoiceLine(null, -1000, rest, { isProration: true })])),
    );
    expect(money(it)).toEqual([[1, 4000, 1000]]);
    expect(Array.from(moneyFaults(it.app.sql, 10))).toEqual([]);
  });

  test("of the second of two items is of its line", async () => {
    const it = await store();
    const items = [item("si_1", 2, pro, AUGUST), item("si_2", 5, price("render", 500), AUGUST)];
    await it.deliver(created({}, items));
    const lines = [
      invoiceLine("si_2", 2500, SEPTEMBER, { sku: "render" }),
      invoiceLine("si_1", 4000, SEPTEMBER),
    ];
    await it.deliver(paid(invoice("in_2", "2026-09-01T01:00:00Z", lines)));
    expect(money(it)).toEqual([
      [1, 8000, 0],
      [2, 5000, 0],
    ]);
  });

  test.each([1, 4])(
    "of an item that came later is of its own order, before it and after, with %i shards",
    async (shards) => {
      for (const isBefore of [false, true]) {
        const it = await store({ shards });
        await it.deliver(created());
        const added = item("si_2", 3, price("render", 500), AUGUST, {
          created: unix("2026-08-16T00:00:00Z"),
        });
        const messages = [
          told("2026-08-16T00:00:00Z", [item("si_1", 2, pro, AUGUST), added]),
          paid(
            invoice(
              "in_2",
              "2026-08-16T00:00:02Z",
              [
                invoiceLine("si_2", 750, ["2026-08-16T00:00:00Z", "2026-09-01T00:00:00Z"], { sku: "render" }),
                invoiceLine("si_1", 100, ["2026-08-16T00:00:00Z", "2026-09-01T00:00:00Z"]),
              ],
              { charge: "ch_2" },
            ),
          ),
        ];
        for (const message of isBefore ? messages.toReversed() : messages) await it.deliver(message);
        const orderId = "stripe:sub_1:si_2";
        const file = it.app.files.find((sql) => moneyOf(sql, orderId).length > 0);
        const main = it.app.files.find((sql) => moneyOf(sql, "stripe:sub_1").length > 0);
        expect(file && moneyOf(file, orderId)).toMatchObject([{ lineNumber: 2, paidMinor: 750 }]);
        expect(main && moneyOf(main, "stripe:sub_1")).toMatchObject([{ lineNumber: 1, paidMinor: 4100 }]);
        // All of it goes back, of both orders.
        await it.deliver(
          event("charge.refunded", unix("2026-08-20T00:00:00Z"), {
            id: "ch_2",
            created: unix("2026-08-16T00:00:02Z"),
            object: "charge",
            currency: "eur",
            amount_refunded: 1020,
          }),
        );
        expect(file && moneyOf(file, orderId)).toMatchObject([{ refundedMinor: 750 }]);
        expect(main && moneyOf(main, "stripe:sub_1")).toMatchObject([{ refundedMinor: 100 }]);
        expect(it.waiting()).toEqual([]);
      }
    },
  );

  test("after the subscription ended is money of it all the same", async () => {
    const it = await begun();
    await it.deliver(
      told("2026-09-02T00:00:00Z", [item("si_1", 2, pro, SEPTEMBER)], isEnded("2026-09-02T00:00:00Z")),
    );
    await it.deliver(paid(second));
    expect(money(it)).toEqual([[1, 8000, 0]]);
    expect(day((await rightsOf(it))[0]?.cancelledAt)).toBe("2026-09-02");
  });

  test("of what has no price of its own is all that is known of it, from the first one on", async () => {
    for (const isBefore of [false, true]) {
      const it = await store();
      const tiered = price("cad-pro", null, { billing_scheme: "tiered" });
      const messages = [created({}, [item("si_1", 2, tiered, AUGUST)]), paid(first)];
      for (const message of isBefore ? messages.toReversed() : messages) await it.deliver(message);
      expect(money(it)).toEqual([[1, 4000, 0]]);
    }
  });

  test("of a part of a period, up to the day of the cycle, is told by the first one", async () => {
    for (const isBefore of [false, true]) {
      const it = await store();
      const part: [string, string] = [AUGUST[0], "2026-08-11T00:00:00Z"];
      const anchored = created({ billing_cycle_anchor: unix(part[1]) }, [item("si_1", 2, pro, part)]);
      const prorated = invoice("in_1", FIRST, [invoiceLine("si_1", 1290, part)], {
        billing_reason: "subscription_create",
      });
      const messages = [anchored, paid(prorated)];
      for (const message of isBefore ? messages.toReversed() : messages) await it.deliver(message);
      expect(money(it)).toEqual([[1, 1290, 0]]);
      expect(await rightsOf(it)).toMatchObject([{ endsAt: "2026-08-11T00:00:00.000000Z" }]);
    }
  });

  test("after a trial is the first money of it", async () => {
    const it = await store();
    const trial = { status: "trialing", trial_start: unix(AUGUST[0]), trial_end: unix(AUGUST[1]) };
    await it.deliver(created(trial));
    const nothing = invoice("in_1", FIRST, [invoiceLine("si_1", 0, AUGUST)], {
      billing_reason: "subscription_create",
    });
    await it.deliver(paid(nothing));
    expect(money(it)).toEqual([[1, 0, 0]]);
    await it.deliver(paid(second));
    expect(money(it)).toEqual([[1, 4000, 0]]);
    expect(await rightsOf(it)).toMatchObject([{ endsAt: "2026-10-01T00:00:00.000000Z" }]);
  });

  test("renews the parts that were split off as well, and counts once", async () => {
    const it = await begun();
    const [right] = await rightsOf(it);
    await it.app.send("POST", `/v1/entitlements/${right?.entitlementId}/split`, { quantity: 1 }, it.admin);
    await it.deliver(paid({ ...second, status_transitions: { paid_at: unix("2026-11-24T12:00:00Z") } }));
    expect((await rightsOf(it)).map(({ endsAt }) => day(endsAt))).toEqual(["2026-10-01", "2026-10-01"]);
    expect(money(it)).toEqual([[1, 8000, 0]]);
    expect(Array.from(moneyFaults(it.app.sql, 10))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["is not paid", { status: "open" }, "ignored"],
    ["is a draft", { status: "draft" }, "ignored"],
    ["is of no subscription", { parent: null }, "ignored"],
    ["has lines elsewhere", { lines: { data: [], has_more: true } }, "quarantined"],
    ["has a fraction of an amount", { total: 1.5 }, "quarantined"],
  ])("that %s changes nothing", async (_what, change, status) => {
    const it = await begun();
    expect((await it.deliver(paid({ ...second, ...change }))).body.status).toBe(status);
    expect(money(it)).toEqual([[1, 4000, 0]]);
    expect(it.waiting()).toHaveLength(status === "ignored" ? 0 : 1);
  });
});

test("a bill of months out of order renews to the latest, each month at its price", async () => {
  const it = await begun();
  const third = invoice("in_3", "2026-10-01T01:00:00Z", [invoiceLine("si_1", 5000, OCTOBER)]);
  await it.deliver(paid(third));
  await it.deliver(paid(second));
  expect(await rightsOf(it)).toMatchObject([{ endsAt: "2026-11-01T00:00:00.000000Z" }]);
  expect(money(it)).toEqual([[1, 13_000, 0]]);
  const { body } = await it.app.send("GET", "/v1/customers/stripe:cus_1/history", undefined, it.admin);
  const renewals = (body.events as { type: string; occurred_at: string; data: { starts_at: string } }[])
    .filter(({ type }) => type === "entitlement.renewed")
    .map(({ data, occurred_at }) => [day(data.starts_at), day(occurred_at)]);
  expect(renewals).toEqual([
    ["2026-10-01", "2026-10-01"],
    ["2026-09-01", "2026-09-01"],
  ]);
});
