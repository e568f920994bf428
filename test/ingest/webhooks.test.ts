// Messages of a storefront that come late, twice, out of order, or on purpose again.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { listQuarantined } from "../../ingest/ledger/queries.ts";
import { catalog, testApp } from "./support.ts";

const SECRET = "a-store's-secret";

async function store() {
  const app = await testApp({ shopifySecret: SECRET });
  const admin = await app.as("admin");
  await app.send("PUT", "/v1/catalog", catalog, admin);
  const deliver = (body: object | string, headers: Record<string, string> = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const signature = createHmac("sha256", SECRET).update(text).digest("base64");
    return app.send("POST", "/v1/webhooks/shopify", text, { "x-shopify-hmac-sha256": signature, ...headers });
  };
  const state = async () =>
    (await app.send("GET", "/v1/orders/shopify:7", undefined, admin)).body.order?.status;
  return { app, deliver, state, waiting: () => listQuarantined(app.sql, 10) };
}

/** An order as its store tells of it at a minute of one hour. */
const told = (minute: number, status: string, more: object = {}) => ({
  id: 7,
  created_at: "2026-11-24T10:00:00Z",
  updated_at: `2026-11-24T10:${String(minute).padStart(2, "0")}:00Z`,
  currency: "EUR",
  financial_status: status,
  customer: { id: 1 },
  line_items: [{ sku: "CAD-PRO", quantity: 1, price: "999.00" }],
  ...more,
});

describe("a store's messages", () => {
  test.each([
    ["in their order", [told(0, "pending"), told(1, "paid")], "recorded"],
    ["overtaken by what came after them", [told(1, "paid"), told(0, "pending")], "recorded"],
    [
      "of a refund, and then of the payment before it once more",
      [told(1, "paid"), told(2, "refunded"), told(1, "paid")],
      "cancelled",
    ],
    ["of a refund before the payment", [told(2, "refunded"), told(1, "paid")], undefined],
    ["of the same, again and again", [told(1, "paid"), told(1, "paid"), told(1, "paid")], "recorded"],
    [
      "of a later change that is none of ours",
      [told(1, "paid"), told(3, "paid", { note: "x" }), told(2, "paid")],
      "recorded",
    ],
  ])("%s end in what was said last", async (_what, messages, status) => {
    const { deliver, state, waiting } = await store();
    for (const message of messages) expect((await deliver(message)).status).toBeLessThan(300);
    expect(await state()).toBe(status);
    expect(waiting()).toEqual([]);
  });

  test("that came late say that a newer state is on record", async () => {
    const { deliver } = await store();
    await deliver(told(2, "refunded"));
    expect((await deliver(told(1, "paid"))).body).toMatchObject({
      status: "refused",
      problem: { code: "order_superseded" },
    });
  });

  test("that cannot be read are kept once, however often the same is sent", async () => {
    const { deliver, waiting } = await store();
    const first = await deliver("{}", { "x-shopify-webhook-id": "w-1" });
    const again = await deliver("{}", { "x-shopify-webhook-id": "w-1" });
    expect(again.body.quarantineId).toBe(first.body.quarantineId);
    expect(waiting()).toHaveLength(1);
    await deliver("[]", { "x-shopify-webhook-id": "w-1" });
    await deliver("{}", { "x-shopify-webhook-id": "w-2" });
    await deliver("{}");
    expect(waiting()).toHaveLength(4);
  });

  test.each([
    ["2026-11-21T12:00:00Z", "recorded", undefined],
    ["2026-11-21T11:59:59Z", "quarantined", "stale_delivery"],
    ["2026-11-24T12:05:00Z", "recorded", undefined],
    ["2026-11-24T12:06:00Z", "quarantined", "invalid_request"],
    ["yesterday", "recorded", undefined],
  ])("that were sent at %s are %s", async (sentAt, status, code) => {
    const { deliver, waiting } = await store();
    const { body } = await deliver(told(1, "paid"), { "x-shopify-triggered-at": sentAt });
    expect([body.status, body.problem?.code]).toEqual([status, code]);
    expect(waiting()).toHaveLength(code === undefined ? 0 : 1);
  });
});
