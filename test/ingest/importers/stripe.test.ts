// What is in exports of Stripe's: its objects as they are sent, what they refer to, and what no license comes of.

import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import { importer } from "../../../ingest/importers/stripe/importer.ts";
import { takeIn } from "../../../ingest/sources/intake.ts";
import { created, pro, rightsOf, AUGUST, SEPTEMBER } from "../stripe/life.ts";
import { event, invoice, invoiceLine, item, store, subscription, unix } from "../stripe/objects.ts";
import { endsInPlaces, short } from "./json-support.ts";
import { entriesOf, sourceOf } from "./support.ts";

const sold = subscription([item("si_1", 2, pro, AUGUST)]);
const bill = invoice("in_2", "2026-09-01T01:00:00Z", [invoiceLine("si_1", 4000, SEPTEMBER)]);
const text = (value: unknown) => JSON.stringify(value);
const read = (content: string) => entriesOf(importer, sourceOf(content));

describe("an export of Stripe's", () => {
  test.each<[string, string, string[]]>([
    ["an object", text(sold), ["1 message sub_1"]],
    [
      "a list of the API",
      text({ object: "list", data: [sold, bill], has_more: false }),
      ["1 data[0] message sub_1", "1 data[1] message in_2"],
    ],
    ["a list by itself", text([sold, bill]), ["1 [0] message sub_1", "1 [1] message in_2"]],
    [
      "pages of lists",
      text([
        { object: "list", data: [sold] },
        { object: "list", data: [bill] },
      ]),
      ["1 [0].data[0] message sub_1", "1 [1].data[0] message in_2"],
    ],
    ["a line each", `${text(sold)}\n${text(bill)}\n`, ["1 message sub_1", "2 message in_2"]],
    ["events", text([created({ id: "sub_7" })]), ["1 [0] message evt_"]],
    [
      "a subscription, whose items are a list of its own",
      text({ object: "list", data: [sold] }),
      ["1 data[0] message sub_1"],
    ],
  ])("%s", async (_what, content, expected) => {
    expect((await read(content)).map((entry) => short(entry).replace(/evt_\d+/, "evt_"))).toEqual(expected);
  });

  test("hands each object on as it was written", async () => {
    const [entry] = await read(JSON.stringify([sold], null, 2));
    expect(entry).toMatchObject({ kind: "message", message: { source: "stripe" } });
    const body = entry?.kind === "message" ? entry.message.body : "";
    expect(body).toContain("\n");
    expect(JSON.parse(body)).toEqual(sold);
  });

  test.each<[string, object, object]>([
    [
      "a customer",
      {
        object: "customer",
        id: "cus_1",
        name: "Example GmbH",
        email: "it@example.com",
        address: { country: "DE" },
      },
      {
        of: "customer",
        key: "stripe:cus_1",
        customer: { id: "stripe:cus_1", name: "Example GmbH", email: "it@example.com", country: "DE" },
      },
    ],
    [
      "a customer without a name",
      { object: "customer", id: "cus_1", name: null },
      { of: "customer", key: "stripe:cus_1", customer: { id: "stripe:cus_1" } },
    ],
    [
      "a product",
      { object: "product", id: "prod_1", name: "Atlas" },
      { of: "product", key: "prod_1", name: "Atlas" },
    ],
    [
      "a product that says its SKU",
      { object: "product", id: "prod_1", name: "Atlas", metadata: { sku: "cad" } },
      { of: "product", key: "cad", name: "Atlas" },
    ],
    [
      "a price",
      { object: "price", id: "price_1", lookup_key: "cad-pro", nickname: "Monthly" },
      { of: "product", key: "cad-pro", name: "Monthly" },
    ],
    [
      "a price that says nothing",
      { object: "price", id: "price_1", product: "prod_1" },
      { of: "product", key: "price_1", name: "price_1" },
    ],
  ])("%s is what others refer to", async (_what, object, reference) => {
    expect(await read(text(object))).toMatchObject([{ kind: "reference", reference }]);
  });

  test.each<[string, unknown, string, string]>([
    ["a deleted customer", { object: "customer", id: "cus_1", deleted: true }, "void", "a deleted customer"],
    ["a coupon", { object: "coupon", id: "x" }, "void", "Stripe's coupon"],
    ["an invoice that is open", { ...bill, status: "open" }, "void", "an invoice that is not paid: open"],
    ["an invoice of no subscription", { ...bill, parent: null }, "void", "an invoice of no subscription"],
    [
      "a charge",
      { object: "charge", id: "ch_1", created: 1, currency: "eur", amount_refunded: 0 },
      "void",
      "a charge of which nothing went back",
    ],
    [
      "an event of another type",
      event("customer.created", 1, {}),
      "void",
      "an event of type customer.created",
    ],
    ["no object of Stripe's", { id: 7, line_items: [] }, "invalid", "say in `object` what they are"],
    ["a number", 7, "invalid", "should be an object"],
    ["null", null, "invalid", "should be an object"],
  ])("%s is a problem that says what it is", async (_what, object, code, detail) => {
    const [entry, ...others] = await read(text([object]));
    expect(entry).toMatchObject({ kind: "problem", code, detail: expect.stringContaining(detail) });
    expect(others).toEqual([]);
  });

  test("a field twice is a problem, and costs its neighbors nothing", async () => {
    const twice = text(sold).replace("{", '{"id":"sub_0",');
    expect((await read(`[${twice},${text(bill)}]`)).map(short)).toEqual([
      "1 [0] unreadable",
      "1 [1] message in_2",
    ]);
  });

  test("names nobody where an entry waits: of each object its kind and its ID", async () => {
    const customer = { object: "customer", id: "cus_1", name: "Ada", email: "ada@example.com" };
    const entries = await read(text([customer, { ...bill, status: "open" }, sold]));
    expect(entries.map(({ input }) => input)).toEqual([
      '{"object":"customer","id":"cus_1"}',
      '{"object":"invoice","id":"in_2"}',
      '{"object":"subscription","id":"sub_1"}',
    ]);
    const [, faulty] = await read(`${text(sold)}\n{"a":"${"x".repeat(10_000)}`);
    expect(faulty).toMatchObject({ kind: "problem", code: "unreadable", place: { line: 2 } });
    expect(faulty?.input.length).toBe(4000);
  });

  test("comes to the same as its webhooks, in whatever order the objects stand", async () => {
    const later = subscription([item("si_1", 3, pro, SEPTEMBER, { created: unix(AUGUST[0]) })]);
    const first = invoice("in_1", "2026-08-01T00:00:00Z", [invoiceLine("si_1", 6000, AUGUST)], {
      billing_reason: "subscription_create",
    });
    const exported = [first, later, bill];
    for (const objects of [exported, exported.toReversed()]) {
      const it = await store();
      for (const entry of await read(objects.map(text).join("\n"))) {
        if (entry.kind !== "message") throw new Error(`it is a ${entry.kind}`);
        expect((await takeIn(it.app.deps.ledgers, entry.message, it.app.deps.clock())).kind).not.toBe(
          "not_understood",
        );
      }
      expect(await rightsOf(it)).toMatchObject([
        { quantity: 3, startsAt: "2026-08-01T00:00:00.000000Z", endsAt: "2026-10-01T00:00:00.000000Z" },
      ]);
      // A webhook of before is late; the same export again is no news.
      await it.deliver(created());
      const before = it.app.sql.get("select count(*) as events from event");
      for (const object of objects)
        await takeIn(it.app.deps.ledgers, { source: "stripe", body: text(object) }, it.app.deps.clock());
      expect(it.app.sql.get("select count(*) as events from event")).toEqual(before);
      expect(await rightsOf(it)).toMatchObject([{ quantity: 3 }]);
    }
  });
});

test("any file of objects with characters changed ends in entries or in a fault with a place", async () => {
  const files = [
    text({ object: "list", data: [sold, bill] }),
    `${text(sold)}\n${text(bill)}\n`,
    text([created()]),
  ];
  await assert(endsInPlaces(files, read), { numRuns: 300 });
});
