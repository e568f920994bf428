import { createHmac } from "node:crypto";
import { expect } from "vitest";
import type { Api } from "./api.ts";
import { settings } from "./runtime.ts";
import { activate, type Cases, daysAgo, table } from "./vendor.ts";

let orders = 450_000_000;

/** An order as Shopify's webhook sends it: bare, and with much that we pass over. */
function shopifyOrder(changes: object = {}) {
  const id = ++orders;
  return {
    id,
    name: "#1001",
    created_at: daysAgo(3),
    currency: "USD",
    financial_status: "paid",
    cancelled_at: null,
    test: false,
    total_price: "1998.00",
    customer: { id, first_name: "Bob", last_name: "Norman", email: "bob@example.com" },
    line_items: [{ id: 1, sku: "CAD-PRO", name: "Atlas CAD Pro", quantity: 2, price: "999.00" }],
    ...changes,
  };
}

const sign = (body: string, secret = settings.SHOPIFY_WEBHOOK_SECRET) => ({
  "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body).digest("base64"),
});

function deliver(api: Api, order: object | string, headers?: Record<string, string>) {
  const body = typeof order === "string" ? order : JSON.stringify(order);
  return api.send("POST", "/v1/webhooks/shopify", body, headers ?? sign(body));
}

export const shopify: Cases = {
  "a paid order ends in entitlements, and an activation in a license; the same delivery again is no news":
    async (api) => {
      const order = shopifyOrder();
      const recorded = await deliver(api, order);
      expect(recorded).toMatchObject({
        status: 201,
        body: {
          status: "recorded",
          order: { orderId: `shopify:${order.id}`, customerId: `shopify:${order.id}` },
          entitlements: [{ sku: "CAD-PRO", licenseModel: "perp-node", quantity: 2 }],
        },
      });
      expect(await deliver(api, order)).toMatchObject({ status: 200, body: recorded.body });
      expect((await activate(api, recorded.body.entitlements[0].activationCode)).status).toBe(201);
    },

  "an order that is cancelled later ends what it granted": async (api) => {
    const order = shopifyOrder();
    await deliver(api, order);
    const cancelled = await deliver(api, { ...order, cancelled_at: daysAgo(1) });
    expect(cancelled).toMatchObject({ status: 200, body: { status: "cancelled", problem: null } });
    const { body } = await api.vendor("GET", `/v1/orders/shopify:${order.id}`);
    expect(body.order.status).toBe("cancelled");
  },

  "a voided order issues nothing, and is on record": async (api) => {
    const order = shopifyOrder({ financial_status: "voided" });
    expect(await deliver(api, order)).toMatchObject({
      status: 200,
      body: { status: "refused", problem: { code: "order_voided" } },
    });
    expect((await api.vendor("GET", `/v1/orders/shopify:${order.id}`)).status).toBe(404);
    const { body } = await api.vendor("GET", `/v1/customers/shopify:${order.id}/history`);
    expect(body.events).toMatchObject([{ type: "order.refused", source: "shopify" }]);
  },

  ...table(
    "%s under a good signature is no error for the store: it is kept in quarantine",
    [
      ["no JSON at all", "hello", "malformed_json"],
      ["no order", '{"customers": []}', "invalid_request"],
      [
        "an unknown SKU",
        shopifyOrder({ line_items: [{ sku: "X-1", quantity: 1, price: "1.00" }] }),
        "unknown_sku",
      ],
    ],
    async (api, _what, body, code) => {
      expect(await deliver(api, body)).toMatchObject({
        status: 200,
        body: { status: "quarantined", quarantineId: expect.any(String), problem: { code } },
      });
    },
  ),

  ...table(
    "an HMAC %s is refused, and nothing is on record",
    [
      ["of another store's secret", (body: string) => sign(body, "another")],
      ["of another body", (body: string) => sign(`${body} `)],
      ["that is no base64", () => ({ "X-Shopify-Hmac-Sha256": "%%%" })],
      ["that is missing", (): Record<string, string> => ({})],
    ],
    async (api, _what, headers) => {
      const order = shopifyOrder();
      expect(await deliver(api, order, headers(JSON.stringify(order)))).toMatchObject({
        status: 401,
        body: { code: "invalid_signature" },
      });
      expect((await api.vendor("GET", `/v1/orders/shopify:${order.id}`)).status).toBe(404);
    },
  ),
};
