// A vendor's Stripe: objects and events as it writes them, signed as it signs them, and an app that takes them.

import { createHmac } from "node:crypto";
import { listQuarantined } from "../../../ingest/ledger/queries.ts";
import { type Answered, NOW, testApp, type TestApp } from "../support.ts";

export const SECRET = "whsec_of-the-tests";

/** Unix time, in seconds. */
export const unix = (time: string): number => Date.parse(time) / 1000;

/** The header that Stripe sends with a body. */
export function sign(body: string, { at = NOW, secret = SECRET }: { at?: string; secret?: string } = {}) {
  const time = unix(at);
  const hmac = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return { "stripe-signature": `t=${time},v1=${hmac}` };
}

let events = 0;

/** An event, as it is sent. */
export function event(type: string, created: number, object: object): object {
  return {
    id: `evt_${++events}`,
    object: "event",
    api_version: "2025-03-31.basil",
    created,
    livemode: true,
    pending_webhooks: 1,
    type,
    data: { object },
  };
}

export const catalog = {
  version: "stripe",
  products: [
    { sku: "cad-pro", name: "Atlas CAD Pro", brand: "Atlas", defaultLicenseModel: "month" },
    { sku: "cad-max", name: "Atlas CAD Max", brand: "Atlas", defaultLicenseModel: "month" },
    { sku: "cad-year", name: "Atlas CAD Pro", brand: "Atlas", defaultLicenseModel: "year" },
    { sku: "render", name: "Atlas Render", brand: "Atlas", defaultLicenseModel: "month" },
    { sku: "cad-ever", name: "Atlas CAD Pro", brand: "Atlas", defaultLicenseModel: "ever" },
  ],
  licenseModels: [
    ["month", { kind: "subscription", duration: "P1M" }],
    ["year", { kind: "subscription", duration: "P1Y" }],
    ["ever", { kind: "perpetual" }],
  ].map(([id, term]) => ({ id, name: `${id as string}ly`, term, metric: "node-locked" })),
};

/** A price of so many cents a month, by its SKU. */
export const price = (sku: string, amount: number | null = 2000, more: object = {}) => ({
  id: `price_${sku}`,
  object: "price",
  billing_scheme: "per_unit",
  currency: "eur",
  lookup_key: sku,
  metadata: {},
  product: "prod_1",
  recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
  unit_amount: amount,
  ...more,
});

export const item = (
  id: string,
  quantity: number,
  sold: object,
  period: [string, string],
  more: object = {},
) => ({
  id,
  object: "subscription_item",
  created: unix(period[0]),
  quantity,
  price: sold,
  current_period_start: unix(period[0]),
  current_period_end: unix(period[1]),
  ...more,
});

export const subscription = (items: readonly object[], more: object = {}) => ({
  id: "sub_1",
  object: "subscription",
  created: unix("2026-08-01T00:00:00Z"),
  start_date: unix("2026-08-01T00:00:00Z"),
  billing_cycle_anchor: unix("2026-08-01T00:00:00Z"),
  customer: "cus_1",
  livemode: true,
  status: "active",
  canceled_at: null,
  ended_at: null,
  trial_end: null,
  items: { object: "list", data: items, has_more: false },
  ...more,
});

/** A line of an invoice for an item. */
export const invoiceLine = (
  itemId: string | null,
  amount: number,
  period: [string, string],
  { sku = "cad-pro", isProration = false }: { sku?: string; isProration?: boolean } = {},
) => ({
  object: "line_item",
  amount,
  currency: "eur",
  discount_amounts: [],
  period: { start: unix(period[0]), end: unix(period[1]) },
  pricing: { type: "price_details", price_details: { price: `price_${sku}`, product: "prod_1" } },
  parent:
    itemId === null
      ? {
          type: "invoice_item_details",
          invoice_item_details: { proration: isProration, subscription: "sub_1" },
          subscription_item_details: null,
        }
      : {
          type: "subscription_item_details",
          invoice_item_details: null,
          subscription_item_details: {
            subscription: "sub_1",
            subscription_item: itemId,
            proration: isProration,
          },
        },
});

/** An invoice that was paid, with a fifth of tax on top. */
export function invoice(id: string, paid: string, lines: { amount: number }[], more: object = {}) {
  const net = lines.reduce((sum, { amount }) => sum + amount, 0);
  return {
    id,
    object: "invoice",
    created: unix(paid),
    status: "paid",
    livemode: true,
    currency: "eur",
    total: Math.round(net * 1.2),
    billing_reason: "subscription_cycle",
    customer: "cus_1",
    customer_name: "Example GmbH",
    customer_email: "it@example.com",
    customer_address: { country: "DE" },
    parent: { type: "subscription_details", subscription_details: { subscription: "sub_1" } },
    status_transitions: { paid_at: unix(paid) },
    lines: { object: "list", data: lines, has_more: false },
    ...more,
  };
}

export interface Store {
  app: TestApp;
  admin: Record<string, string>;
  /** Has Stripe send an event. */
  deliver(sent: object | string): Promise<Answered>;
  /** What is on record under an order's ID. */
  order(orderId?: string): Promise<Answered>;
  waiting(): { code: string; detail: string; quarantine_id: string; source: string; input: string }[];
}

export async function store(deps: Parameters<typeof testApp>[0] = {}): Promise<Store> {
  const app = await testApp({ stripeSecrets: [SECRET], ...deps });
  const admin = await app.as("admin");
  await app.send("PUT", "/v1/catalog", catalog, admin);
  return {
    app,
    admin,
    deliver(sent) {
      const body = typeof sent === "string" ? sent : JSON.stringify(sent);
      return app.send("POST", "/v1/webhooks/stripe", body, sign(body));
    },
    order: (orderId = "stripe:sub_1") => app.send("GET", `/v1/orders/${orderId}`, undefined, admin),
    waiting: () => listQuarantined(app.sql, 100),
  };
}
