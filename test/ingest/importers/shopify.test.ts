// What is in exports of a Shopify store: its orders as its webhooks send them, and what these refer to.

import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import { importer } from "../../../ingest/importers/shopify/importer.ts";
import { takeIn } from "../../../ingest/sources/intake.ts";
import { appWithOrder } from "../support.ts";
import { endsInPlaces, short } from "./json-support.ts";
import { entriesOf, sourceOf } from "./support.ts";

const order = (id: number, more: object = {}) => ({
  id,
  name: `#${id}`,
  created_at: "2026-11-05T10:00:00Z",
  updated_at: "2026-11-05T10:00:00Z",
  currency: "USD",
  financial_status: "paid",
  customer: { id: 7, first_name: "Bob", last_name: "Norman", email: "bob@example.com" },
  refunds: [],
  line_items: [{ sku: "CAD-PRO", quantity: 2, price: "999.00" }],
  ...more,
});
const customer = {
  id: 7,
  first_name: "Bob",
  last_name: "Norman",
  email: "bob@example.com",
  orders_count: 1,
  default_address: { country_code: "US" },
};
const product = {
  id: 1,
  title: "Atlas CAD",
  vendor: "Atlas",
  variants: [
    { sku: "CAD-PRO", title: "Pro" },
    { sku: "CAD", title: "Default Title" },
    { sku: "", title: "Free" },
  ],
};
const refund = { id: 5, order_id: 9, refund_line_items: [] };

const text = (value: unknown) => JSON.stringify(value);
const read = (content: string) => entriesOf(importer, sourceOf(content));

describe("an export of Shopify's", () => {
  test.each<[string, string, string[]]>([
    ["an order", text(order(1)), ["1 message 1"]],
    ["an answer of one", text({ order: order(1) }), ["1 order message 1"]],
    [
      "an answer of several",
      text({ orders: [order(1), order(2)] }),
      ["1 orders[0] message 1", "1 orders[1] message 2"],
    ],
    [
      "pages of answers",
      text([{ orders: [order(1)] }, { orders: [order(2)] }]),
      ["1 [0].orders[0] message 1", "1 [1].orders[0] message 2"],
    ],
    ["a list", text([order(1), order(2)]), ["1 [0] message 1", "1 [1] message 2"]],
    [
      "a line each",
      `${text(order(1))}\n${text({ order: order(2) })}\n`,
      ["1 message 1", "2 order message 2"],
    ],
    [
      "what orders refer to",
      text({ customers: [customer], products: [product] }),
      ["1 customers[0] customer shopify:7", "1 products[0] product CAD-PRO", "1 products[0] product CAD"],
    ],
    [
      "the same by themselves",
      text([customer, product]),
      ["1 [0] customer shopify:7", "1 [1] product CAD-PRO", "1 [1] product CAD"],
    ],
    ["a refund", text({ refund }), ["1 refund void"]],
    ["refunds by themselves", text([refund]), ["1 [0] void"]],
    ["an order without lines", text({ orders: [{ id: 3, created_at: "x" }] }), ["1 orders[0] message 3"]],
    ["a product without a SKU", text({ product: { variants: [] } }), ["1 product void"]],
    ["something else", text({ shop: { name: "x" } }), ["1 void"]],
    ["nothing", text({ orders: [] }), []],
    ["no objects", text({ orders: [7, null, []] }), ["1 orders[0] invalid", "1 orders[1] invalid"]],
  ])("%s", async (_what, content, expected) => {
    expect((await read(content)).map(short)).toEqual(expected);
  });

  test("says of GraphQL's orders how to export them", async () => {
    const line = text({ id: "gid://shopify/Order/1", lineItems: [] });
    expect(await read(line)).toMatchObject([
      { code: "void", detail: expect.stringContaining("REST Admin API") },
    ]);
  });

  test("names products and customers as orders do", async () => {
    expect(await read(text([customer, product]))).toMatchObject([
      {
        reference: {
          of: "customer",
          customer: { id: "shopify:7", name: "Bob Norman", email: "bob@example.com", country: "US" },
        },
      },
      { reference: { of: "product", key: "CAD-PRO", name: "Atlas CAD, Pro", brand: "Atlas" } },
      { reference: { of: "product", key: "CAD", name: "Atlas CAD" } },
    ]);
  });

  test("names nobody where an entry waits", async () => {
    const entries = await read(text([order(1), customer, refund]));
    expect(entries.map(({ input }) => input)).toEqual([
      '{"kind":"order","id":1,"name":"#1"}',
      '{"kind":"customer","id":7}',
      '{"kind":"refund","id":5,"order_id":9}',
    ]);
  });

  test("comes to what the store's webhooks come to, and again to nothing new", async () => {
    const { app, admin } = await appWithOrder();
    const voided = order(2, { cancelled_at: "2026-11-06T10:00:00Z", financial_status: "voided" });
    const take = async () =>
      Promise.all(
        (await read(text({ orders: [order(1), voided] }))).map(async (entry) =>
          entry.kind === "message"
            ? (await takeIn(app.deps.ledgers, entry.message, app.deps.clock())).kind
            : entry.kind,
        ),
      );
    expect(await take()).toEqual(["recorded", "withdrawn"]);
    expect((await app.send("GET", "/v1/orders/shopify:1", undefined, admin)).body.entitlements).toMatchObject(
      [{ sku: "CAD-PRO", quantity: 2 }],
    );
    expect((await app.send("GET", "/v1/orders/shopify:2", undefined, admin)).status).toBe(404);
    const before = app.sql.get("select count(*) as events from event");
    expect(await take()).toEqual(["recorded", "withdrawn"]);
    expect(app.sql.get("select count(*) as events from event")).toEqual(before);
  });
});

test("any file of orders with characters changed ends in entries or in a fault with a place", async () => {
  const files = [
    text({ orders: [order(1), order(2)] }),
    `${text(order(1))}\n${text(order(2))}\n`,
    text({ order: order(3) }),
  ];
  await assert(endsInPlaces(files, read), { numRuns: 300 });
});
