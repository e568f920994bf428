// Checkouts of Stripe's in which something is sold once.

import { describe, expect, test } from "vitest";
import { moneyOf } from "../../../ingest/ledger/money-rows.ts";
import { rightsOf } from "./life.ts";
import { event, price, store, type Store, unix } from "./objects.ts";

const AT = "2026-11-20T10:00:00Z";
const at = unix(AT);

/** Two seats for 240.00, of which 20.00 are a discount, and tax on top. */
const session = (more: object = {}) => ({
  id: "cs_live_1",
  object: "checkout.session",
  created: at,
  mode: "payment",
  status: "complete",
  payment_status: "paid",
  livemode: true,
  currency: "eur",
  amount_subtotal: 24_000,
  amount_total: 26_400,
  total_details: { amount_discount: 2000, amount_tax: 4400, amount_shipping: 0 },
  customer: "cus_7",
  customer_details: { name: "Example GmbH", email: "it@example.com", address: { country: "DE" } },
  metadata: { sku: "cad-ever", quantity: "2" },
  payment_intent: "pi_7",
  ...more,
});
const completed = (more: object = {}, type = "checkout.session.completed", seconds = 5) =>
  event(type, at + seconds, session(more));
const ORDER = "stripe:cs_live_1";
const rights = (it: Store) => rightsOf(it, ORDER);

describe("a checkout", () => {
  test("of mode payment is an order, by what its metadata says was sold", async () => {
    const it = await store();
    expect(await it.deliver(completed())).toMatchObject({ status: 201, body: { orderId: ORDER } });
    expect((await it.order(ORDER)).body).toMatchObject({
      order: { customerId: "stripe:cus_7", orderedAt: "2026-11-20T10:00:00.000000Z", channel: "stripe" },
      entitlements: [{ sku: "cad-ever", quantity: 2, endsAt: null }],
    });
    expect(moneyOf(it.app.sql, ORDER)).toMatchObject([{ lineNumber: 1, currency: "EUR", paidMinor: 24_000 }]);
    expect(it.app.sql.get("select name, email, country from profile")).toEqual({
      name: "Example GmbH",
      email: "it@example.com",
      country: "DE",
    });
    expect((await it.deliver(completed())).status).toBe(200);
  });

  test("is an order of what its line items say, where it comes with them", async () => {
    const it = await store();
    const line = (sku: string, quantity: number, subtotal: number, more: object = {}) => ({
      object: "item",
      quantity,
      amount_subtotal: subtotal,
      amount_discount: 0,
      price: price(sku),
      ...more,
    });
    const data = [line("cad-ever", 2, 20_000), line("render", 3, 1500), line("gone", 0, 0)];
    await it.deliver(completed({ metadata: {}, line_items: { data, has_more: false } }));
    expect(await rights(it)).toMatchObject([
      { lineNumber: 1, sku: "cad-ever", quantity: 2 },
      { lineNumber: 2, sku: "render", quantity: 3 },
    ]);
    expect(moneyOf(it.app.sql, ORDER).map(({ paidMinor }) => paidMinor)).toEqual([20_000, 1500]);
  });

  test("of a guest is of a customer who is known by it alone", async () => {
    const it = await store();
    await it.deliver(completed({ customer: null }));
    expect((await it.order(ORDER)).body.order.customerId).toBe(ORDER);
  });

  test("of test mode is an order marked as a test", async () => {
    const it = await store();
    await it.deliver(completed({ livemode: false }));
    expect(await rights(it)).toMatchObject([{ test: true }]);
  });

  const later = completed({}, "checkout.session.async_payment_succeeded", 60);
  const failed = completed({ payment_status: "unpaid" }, "checkout.session.async_payment_failed", 60);
  const open = completed({ payment_status: "unpaid" });
  test.each<[string, object[], number]>([
    ["unpaid", [open], 0],
    ["unpaid, and paid later", [open, later], 1],
    ["paid later, before it is told that it was not", [later, open], 1],
    [
      "paid later, in the second in which it was not",
      [completed({}, "checkout.session.async_payment_succeeded", 5), open],
      1,
    ],
    ["unpaid, and never paid", [open, failed], 0],
    ["never paid, before it is told that it was not", [failed, open], 0],
    ["paid, told twice", [completed(), completed()], 1],
    ["paid later, told twice over", [open, later, open, later], 1],
    [
      "free of charge",
      [
        completed({
          payment_status: "no_payment_required",
          amount_subtotal: 0,
          amount_total: 0,
          total_details: null,
        }),
      ],
      1,
    ],
  ])("that is %s", async (_what, messages, granted) => {
    const it = await store();
    for (const message of messages) await it.deliver(message);
    expect(await rights(it)).toHaveLength(granted);
    expect((await it.order(ORDER)).body.order?.status).toBe(granted > 0 ? "recorded" : undefined);
    expect(it.waiting()).toEqual([]);
  });

  test.each([
    ["of mode subscription", { mode: "subscription", subscription: "sub_1", metadata: {} }],
    ["of mode setup", { mode: "setup", metadata: {} }],
    ["that is open", { status: "open", payment_status: "unpaid" }],
    ["that expired", { status: "expired", payment_status: "unpaid" }],
  ])("%s is none of ours", async (_what, change) => {
    const it = await store();
    expect((await it.deliver(completed(change))).body).toEqual({ status: "ignored" });
    expect(it.waiting()).toEqual([]);
  });

  test("that is not paid and does not say what was sold is on record as refused", async () => {
    const it = await store();
    expect((await it.deliver(completed({ payment_status: "unpaid", metadata: {} }))).body).toMatchObject({
      status: "refused",
      problem: { code: "order_unpaid" },
    });
  });

  test.each<[string, object, string, string]>([
    [
      "does not say what was sold",
      { metadata: {} },
      "invalid_request",
      "give the checkout session the metadata `sku`",
    ],
    ["says so of a part", { line_items: { data: [], has_more: true } }, "invalid_request", "more line_items"],
    [
      "is for no whole amount a seat",
      { metadata: { sku: "cad-ever", quantity: "7" } },
      "invalid_request",
      "no whole number",
    ],
    [
      "is for half a seat",
      { metadata: { sku: "cad-ever", quantity: "0.5" } },
      "invalid_request",
      "no whole number",
    ],
    [
      "is for seats in words",
      { metadata: { sku: "cad-ever", quantity: "two" } },
      "invalid_request",
      "no whole number",
    ],
    [
      "is for no seats",
      { metadata: { sku: "cad-ever", quantity: "0" } },
      "invalid_request",
      "no whole number",
    ],
    ["names no currency", { currency: null }, "invalid_request", "currency"],
    ["sells what the catalog lacks", { metadata: { sku: "gone" } }, "unknown_sku", "gone"],
  ])("that %s waits, and says what is needed", async (_what, change, code, detail) => {
    const it = await store();
    expect((await it.deliver(completed(change))).body).toMatchObject({
      status: "quarantined",
      problem: { code },
    });
    expect(it.waiting()[0]?.detail).toContain(detail);
  });

  test.each([1, 3])(
    "whose payment goes back is refunded, less what was tax, with %i shards",
    async (shards) => {
      const it = await store({ shards });
      await it.deliver(completed());
      const refunded = { id: "ch_7", object: "charge", created: at, currency: "eur", payment_intent: "pi_7" };
      await it.deliver(event("charge.refunded", at + 9, { ...refunded, amount_refunded: 13_200 }));
      const money = it.app.files.flatMap((sql) => moneyOf(sql, ORDER));
      // Half of 220.00, which is what was paid without the discount and the tax.
      expect(money).toMatchObject([{ paidMinor: 24_000, refundedMinor: 11_000 }]);
      expect((await rights(it))[0]?.cancelledAt).toBeNull();
      expect(it.waiting()).toEqual([]);
    },
  );
});
