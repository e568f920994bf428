import { createHmac } from "node:crypto";
import { expect } from "vitest";
import type { Api } from "./api.ts";
import { settings } from "./runtime.ts";
import { activate, type Cases, DAY, table } from "./vendor.ts";

let count = 0;
/** Unix time so many days ago, in whole seconds. */
const days = (ago: number) => Math.floor((Date.now() - ago * DAY) / 1000);

/** A monthly subscription of two seats that began ten days ago. */
function subscription(changes: object = {}, quantity = 2) {
  const id = `sub_${++count}`;
  const period = { current_period_start: days(10), current_period_end: days(-20) };
  const price = { id: "price_1", currency: "eur", unit_amount: 2000, lookup_key: "CAD-SUB" };
  return {
    id,
    object: "subscription",
    created: days(10),
    start_date: days(10),
    status: "active",
    livemode: true,
    customer: `cus_${count}`,
    items: { object: "list", has_more: false, data: [{ id: `si_${count}`, quantity, price, ...period }] },
    ...changes,
  };
}

const event = (type: string, object: object, created = days(0)) => ({
  id: `evt_${++count}`,
  object: "event",
  type,
  created,
  livemode: true,
  data: { object },
});

const SECRETS = settings.STRIPE_WEBHOOK_SECRET.split(" ");

function sign(body: string, { secret = SECRETS[0] ?? "", at = days(0) } = {}) {
  const hmac = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return { "Stripe-Signature": `t=${at},v1=${hmac}` };
}

function deliver(api: Api, sent: object | string, headers?: Record<string, string>) {
  const body = typeof sent === "string" ? sent : JSON.stringify(sent);
  return api.send("POST", "/v1/webhooks/stripe", body, headers ?? sign(body));
}

const orderOf = (api: Api, id: string) => api.vendor("GET", `/v1/orders/stripe:${id}`);

export const stripe: Cases = {
  "a subscription ends in entitlements, and an activation in a license that runs to the end of its period":
    async (api) => {
      const sold = subscription();
      const created = event("customer.subscription.created", sold, days(10));
      expect(await deliver(api, created)).toMatchObject({
        status: 201,
        body: { status: "recorded", orderId: `stripe:${sold.id}` },
      });
      expect((await deliver(api, created)).status).toBe(200);
      const { body } = await orderOf(api, sold.id);
      expect(body).toMatchObject({
        order: { customerId: `stripe:${sold.customer}`, channel: "stripe" },
        entitlements: [{ sku: "CAD-SUB", quantity: 2 }],
      });
      const [{ endsAt, activationCode }] = body.entitlements;
      expect(Date.parse(endsAt) / 1000).toBe(sold.items.data[0]?.current_period_end);
      expect((await activate(api, activationCode)).status).toBe(201);
    },

  "a bill that was paid renews it, told before its subscription or after": async (api) => {
    for (const isBefore of [false, true]) {
      const sold = subscription();
      const period = { start: days(-20), end: days(-50) };
      const item = { subscription_item: sold.items.data[0]?.id, subscription: sold.id };
      const paid = event("invoice.paid", {
        id: `in_${++count}`,
        object: "invoice",
        created: days(0),
        status: "paid",
        currency: "eur",
        total: 4760,
        billing_reason: "subscription_cycle",
        customer: sold.customer,
        customer_name: "Example GmbH",
        parent: { subscription_details: { subscription: sold.id } },
        lines: {
          data: [{ amount: 4000, period, parent: { subscription_item_details: item } }],
          has_more: false,
        },
      });
      const created = event("customer.subscription.created", sold, days(10));
      const [first, second] = isBefore ? [paid, created] : [created, paid];
      const status = isBefore ? "waiting" : "recorded";
      expect((await deliver(api, first)).body).toEqual({ status, orderId: `stripe:${sold.id}` });
      expect((await deliver(api, second)).body.status).toBe("recorded");
      const { body } = await orderOf(api, sold.id);
      expect(Date.parse(body.entitlements[0].endsAt) / 1000).toBe(period.end);
    }
  },

  "a subscription that is past due rests, one that is paid again is in force, and one that ended is over":
    async (api) => {
      const sold = subscription();
      const stands = async (status: string, ago: number, more: object = {}) => {
        const sent = event("customer.subscription.updated", { ...sold, status, ...more }, days(ago));
        const { body } = await deliver(api, sent);
        const [right] = (await orderOf(api, sold.id)).body.entitlements;
        return [body.status, right.suspendedAt !== null, right.cancelledAt !== null];
      };
      expect(await stands("active", 9)).toEqual(["recorded", false, false]);
      expect(await stands("past_due", 8)).toEqual(["recorded", true, false]);
      expect(await stands("active", 7)).toEqual(["recorded", false, false]);
      // A word from before comes late.
      expect(await stands("unpaid", 7.5)).toEqual(["refused", false, false]);
      expect(await stands("canceled", 6, { ended_at: days(6) })).toEqual(["cancelled", false, true]);
    },

  "a checkout is an order by its metadata, and goes back with its payment": async (api) => {
    const id = `cs_${++count}`;
    const session = {
      id,
      object: "checkout.session",
      created: days(1),
      mode: "payment",
      status: "complete",
      payment_status: "paid",
      currency: "eur",
      amount_subtotal: 10_000,
      amount_total: 11_900,
      customer_details: { email: "it@example.com" },
      metadata: { sku: "CAD-PRO", quantity: "2" },
      payment_intent: `pi_${count}`,
    };
    expect(await deliver(api, event("checkout.session.completed", session))).toMatchObject({
      status: 201,
      body: { status: "recorded", orderId: `stripe:${id}` },
    });
    const refund = {
      id: `re_${count}`,
      object: "refund",
      created: days(0),
      amount: 11_900,
      currency: "eur",
      payment_intent: session.payment_intent,
      status: "succeeded",
    };
    expect((await deliver(api, event("refund.created", refund))).body).toEqual({
      status: "recorded",
      orderId: `stripe:${id}`,
    });
    const { body } = await api.vendor("GET", `/v1/customers/stripe:${id}/history`);
    const back = body.events.find(({ type }: { type: string }) => type === "order.refunded");
    expect(back.data).toMatchObject({ lines: [{ line_number: 1, amount_minor: 10_000, currency: "EUR" }] });
  },

  "what is none of ours is ignored": async (api) => {
    const sent = event("customer.created", { id: "cus_1", object: "customer" });
    expect(await deliver(api, sent)).toMatchObject({ status: 200, body: { status: "ignored" } });
  },

  ...table(
    "%s under a good signature is no error for Stripe: it is kept in quarantine",
    [
      ["no JSON at all", "hello", "malformed_json"],
      ["nothing of Stripe's", '{"customers": []}', "invalid_request"],
      [
        "an unknown SKU",
        event("checkout.session.completed", {
          id: "cs_x",
          created: days(1),
          mode: "payment",
          status: "complete",
          payment_status: "paid",
          currency: "eur",
          amount_subtotal: 100,
          amount_total: 100,
          metadata: { sku: "X-1" },
        }),
        "unknown_sku",
      ],
      [
        "a checkout that does not say what was sold",
        event("checkout.session.completed", {
          id: "cs_y",
          created: days(1),
          mode: "payment",
          status: "complete",
          payment_status: "paid",
          currency: "eur",
        }),
        "invalid_request",
      ],
      [
        "a refund of what nobody knows",
        event("refund.created", {
          id: "re_x",
          created: days(1),
          amount: 1,
          currency: "eur",
          status: "succeeded",
          payment_intent: "pi_x",
        }),
        "unknown_order",
      ],
    ],
    async (api, _what, body, code) => {
      expect(await deliver(api, body)).toMatchObject({
        status: 200,
        body: { status: "quarantined", quarantineId: expect.any(String), problem: { code } },
      });
    },
  ),

  "either secret of an endpoint that is being rolled signs": async (api) => {
    expect(SECRETS).toHaveLength(2);
    const body = JSON.stringify(event("customer.created", {}));
    for (const secret of SECRETS) expect((await deliver(api, body, sign(body, { secret }))).status).toBe(200);
  },

  ...table(
    "a signature %s is refused, and nothing is on record",
    [
      ["of another endpoint", 401, (body: string) => sign(body, { secret: "another" })],
      ["of another body", 401, (body: string) => sign(`${body} `)],
      ["that was made ten minutes ago", 409, (body: string) => sign(body, { at: days(0) - 600 })],
      ["that is none", 401, () => ({ "Stripe-Signature": "%%%" })],
      ["that is missing", 401, (): Record<string, string> => ({})],
    ],
    async (api, _what, status, headers) => {
      const sold = subscription();
      const body = JSON.stringify(event("customer.subscription.created", sold));
      expect(await deliver(api, body, headers(body))).toMatchObject({
        status,
        body: { code: status === 401 ? "invalid_signature" : "stale_delivery" },
      });
      expect((await orderOf(api, sold.id)).status).toBe(404);
    },
  ),
};
