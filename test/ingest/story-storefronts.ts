// The part of the story that storefronts tell, signed as they sign.

import { createHmac } from "node:crypto";
import { NOW } from "./support.ts";
import type { Tell } from "./telling.ts";

/** A store's order, and a subscription. */
export async function tellStorefronts(tell: Tell, secret: string): Promise<void> {
  const shopify = {
    id: 450789469,
    created_at: "2026-11-10T09:00:00+01:00",
    currency: "USD",
    financial_status: "paid",
    customer: { id: 207119551, first_name: "Bob", last_name: "Norman", email: "bob@example.com" },
    line_items: [{ sku: "CAD-PRO", name: "Atlas CAD Pro", quantity: 1, price: "999.00" }],
  };
  const signature = createHmac("sha256", secret).update(JSON.stringify(shopify)).digest("base64");
  await tell("POST /v1/webhooks/shopify", "A paid order", {
    headers: { "X-Shopify-Hmac-Sha256": signature },
    body: shopify,
  });
  await subscribe(tell, secret);
}

/** What Stripe sends of a subscription. */
async function subscribe(tell: Tell, secret: string): Promise<void> {
  const seconds = (time: string) => Date.parse(time) / 1000;
  const event = {
    id: "evt_1Pgc76B7WZ01zgkWwyRHS12y",
    object: "event",
    type: "customer.subscription.created",
    created: seconds("2026-11-20T09:00:00Z"),
    livemode: true,
    data: {
      object: {
        id: "sub_1Pgc6rB7WZ01zgkWNy0Cn5nw",
        object: "subscription",
        created: seconds("2026-11-20T09:00:00Z"),
        start_date: seconds("2026-11-20T09:00:00Z"),
        status: "active",
        customer: "cus_QXg1o8vcGmoR32",
        items: {
          has_more: false,
          data: [
            {
              id: "si_QXhVnC2h0Jczwc",
              quantity: 3,
              current_period_start: seconds("2026-11-20T09:00:00Z"),
              current_period_end: seconds("2027-11-20T09:00:00Z"),
              price: {
                id: "price_1PgafmB7WZ01zgkW6dKueIc5",
                currency: "eur",
                unit_amount: 99_900,
                lookup_key: "CAD-PRO",
                recurring: { interval: "year", interval_count: 1, usage_type: "licensed" },
              },
            },
          ],
        },
      },
    },
  };
  const time = seconds(NOW);
  const hmac = createHmac("sha256", secret)
    .update(`${time}.${JSON.stringify(event)}`)
    .digest("hex");
  await tell("POST /v1/webhooks/stripe", "A subscription of three seats", {
    headers: { "Stripe-Signature": `t=${time},v1=${hmac}` },
    body: event,
  });
}
