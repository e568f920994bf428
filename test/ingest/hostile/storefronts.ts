// Valid messages of storefronts, signed as they sign.

import { createHmac } from "node:crypto";
import { NOW } from "../support.ts";
import type { Make } from "./stage.ts";

export const SECRET = "a-store's-secret";
/** When a subscription began: 2026-11-05T10:00:00Z. */
const BEGAN = 1_793_872_800;

/** By method and path, as the table of routes has them. */
export const storefrontRequests: Record<string, Make> = {
  "POST /v1/webhooks/shopify": async (stage) => ({
    path: "/v1/webhooks/shopify",
    refersTo: /^(orderId|orderedAt|customer|lines)\b/,
    json: {
      id: Number(stage.unique().slice(1)),
      created_at: "2026-11-05T10:00:00Z",
      currency: "EUR",
      financial_status: "paid",
      customer: {
        id: 7,
        email: "it@example.com",
        first_name: "Ada",
        default_address: { country_code: "DE" },
      },
      line_items: [{ sku: "CAD-PRO", name: "Atlas CAD Pro", quantity: 1, price: "199.00" }],
    },
    sign: (body) => ({
      "X-Shopify-Hmac-Sha256": createHmac("sha256", SECRET).update(body).digest("base64"),
    }),
  }),
  "POST /v1/webhooks/stripe": async (stage) => ({
    path: "/v1/webhooks/stripe",
    refersTo: /^(orderId|orderedAt|customer|lines|created)\b/,
    json: {
      id: "evt_1",
      object: "event",
      type: "customer.subscription.updated",
      created: BEGAN,
      data: {
        object: {
          id: `sub_${stage.unique()}`,
          created: BEGAN,
          start_date: BEGAN,
          status: "active",
          livemode: true,
          customer: { id: "cus_7", name: "Ada", email: "it@example.com", address: { country: "DE" } },
          billing_cycle_anchor: BEGAN,
          trial_start: BEGAN,
          trial_end: BEGAN + 1000,
          items: {
            has_more: false,
            data: [
              {
                id: `si_${stage.unique()}`,
                created: BEGAN,
                quantity: 2,
                current_period_start: BEGAN,
                current_period_end: BEGAN + 3_000_000,
                price: {
                  id: "price_1",
                  currency: "eur",
                  unit_amount: 2000,
                  billing_scheme: "per_unit",
                  lookup_key: "CAD-SUB",
                  metadata: { note: "x" },
                  product: "prod_1",
                  recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
                },
              },
            ],
          },
        },
      },
    },
    sign: (body) => {
      const time = Date.parse(NOW) / 1000;
      const hmac = createHmac("sha256", SECRET).update(`${time}.`).update(body).digest("hex");
      return { "Stripe-Signature": `t=${time},v1=${hmac}` };
    },
  }),
};
