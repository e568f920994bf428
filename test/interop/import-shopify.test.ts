// What is in the samples of a Shopify store, each entry listed by hand.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importer } from "../../ingest/importers/shopify/importer.ts";
import { takeIn } from "../../ingest/sources/intake.ts";
import { entriesOf, sourceOf } from "../ingest/importers/support.ts";
import { testApp } from "../ingest/support.ts";

const samples = new URL("../../../shared/samples/shopify/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";

const read = (name: string) => entriesOf(importer, sourceOf(readFileSync(new URL(name, samples)), name));

const catalog = {
  version: "ipods",
  products: ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"].map((sku) => ({
    sku,
    name: sku,
    brand: "IPod",
    defaultLicenseModel: "perpetual",
  })),
  licenseModels: [{ id: "perpetual", name: "Perpetual", term: { kind: "perpetual" }, metric: "node-locked" }],
};

describe.skipIf(reason !== "")(`exports of a Shopify store${reason}`, () => {
  // File, where its one entry stands, what it is, and what it comes to.
  test.each([
    ["py_order.json", { line: 2, at: "order" }, "message", "recorded"],
    // Voided and cancelled.
    ["go_order.json", { line: 1, at: "order" }, "message", "withdrawn"],
    // It was exported without its lines.
    ["py_orders.json", { line: 3, at: "orders[0]" }, "message", "invalid_request"],
    ["py_customer.json", { line: 2, at: "customer" }, "reference", undefined],
    ["py_refund.json", { line: 2, at: "refund" }, "problem", undefined],
  ])("%s has one entry at %j: a %s", async (name, place, kind, outcome) => {
    const [entry, ...others] = await read(name);
    expect(entry).toMatchObject({ kind, place });
    expect(others).toEqual([]);
    const app = await testApp();
    await app.send("PUT", "/v1/catalog", catalog, await app.as("admin"));
    const intake =
      entry?.kind === "message" ? await takeIn(app.deps.ledgers, entry.message, app.deps.clock()) : undefined;
    expect(intake?.kind === "not_understood" ? intake.problem.code : intake?.kind).toBe(outcome);
  });

  test("no license comes of the order that was voided and cancelled, and it is on record why", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    for (const entry of await read("go_order.json"))
      if (entry.kind === "message") await takeIn(app.deps.ledgers, entry.message, app.deps.clock());
    expect(app.sql.get("select count(*) as rights from entitlement")).toEqual({ rights: 0 });
    const { body } = await app.send("GET", "/v1/customers/shopify:123456/history", undefined, admin);
    expect(body.events).toMatchObject([{ type: "order.refused", data: { code: "order_voided" } }]);
  });

  test("a customer is who orders name, a refund says whose it is", async () => {
    expect(await read("py_customer.json")).toMatchObject([
      {
        reference: {
          of: "customer",
          key: "shopify:207119551",
          customer: {
            id: "shopify:207119551",
            name: "Bob Norman",
            email: "bob.norman@hostmail.com",
            country: "US",
          },
        },
      },
    ]);
    expect(await read("py_refund.json")).toMatchObject([
      { code: "void", input: '{"kind":"refund","id":509562969,"order_id":450789469}' },
    ]);
  });
});
