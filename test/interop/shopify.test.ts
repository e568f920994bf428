import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { listQuarantined } from "../../ingest/ledger/queries.ts";
import { replay } from "../../ingest/sources/intake.ts";
import { activation, NOW, testApp } from "../ingest/support.ts";
import { lakeOfHome, ledgerOf } from "../support/home.ts";
import { temporaryFolder } from "../support/folder.ts";

const samples = new URL("../../../shared/samples/shopify/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";
const SECRET = "a-store's-secret";

const catalog = {
  version: "ipods",
  products: ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"].map((sku) => ({
    sku,
    name: `IPod Nano ${sku}`,
    brand: "IPod",
    defaultLicenseModel: "perpetual",
  })),
  licenseModels: [{ id: "perpetual", name: "Perpetual", term: { kind: "perpetual" }, metric: "node-locked" }],
};

/** An order's sample, as a webhook sends it: bare. */
function bare(name: string): string {
  const { order } = JSON.parse(readFileSync(new URL(name, samples), "utf8")) as { order?: object };
  return JSON.stringify(order ?? JSON.parse(readFileSync(new URL(name, samples), "utf8")));
}

const sign = (body: string) => ({
  "X-Shopify-Hmac-Sha256": createHmac("sha256", SECRET).update(body).digest("base64"),
});

async function store(path = ":memory:") {
  const app = await testApp({ path, shopifySecret: SECRET });
  const admin = await app.as("admin");
  const deliver = (body: string) => app.send("POST", "/v1/webhooks/shopify", body, sign(body));
  return { app, admin, deliver };
}

describe.skipIf(reason !== "")(`orders from a Shopify store${reason}`, () => {
  test("a paid order ends in entitlements, and an activation in a license that jose verifies", async () => {
    const { app, admin, deliver } = await store();
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const recorded = await deliver(bare("py_order.json"));
    expect(recorded).toMatchObject({
      status: 201,
      body: {
        status: "recorded",
        order: {
          orderId: "shopify:450789469",
          customerId: "shopify:207119551",
          orderedAt: "2008-01-10T16:00:00.000000Z",
          test: false,
        },
        entitlements: [{ sku: "IPOD2008GREEN" }, { sku: "IPOD2008RED" }, { sku: "IPOD2008BLACK" }],
      },
    });
    const code = recorded.body.entitlements[0].activationCode;
    const { body } = await app.send("POST", "/v1/activations", activation(code));
    const jwks = (await app.send("GET", "/.well-known/jwks.json")).body;
    const { payload } = await jwtVerify(body.license, createLocalJWKSet(jwks), {
      currentDate: new Date(NOW),
    });
    expect(payload).toMatchObject({ order: "shopify:450789469", product: { sku: "IPOD2008GREEN" } });
  });

  test("what came of the orders is in the marts after a load, each with its source", async () => {
    const home = await temporaryFolder();
    const { app, admin, deliver } = await store(ledgerOf(home));
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const recorded = await deliver(bare("py_order.json"));
    await deliver(bare("go_order.json"));
    await deliver("hello");
    await app.send("POST", "/v1/activations", activation(recorded.body.entitlements[0].activationCode));
    app.sql.close();

    const lake = await lakeOfHome(home, "2026-11-24T12:00:00.000000Z");
    expect(
      await lake.query("select order_id, sku, amount, currency from fct_order_line order by line_number"),
    ).toEqual(
      ["GREEN", "RED", "BLACK"].map((color) => ({
        order_id: "shopify:450789469",
        sku: `IPOD2008${color}`,
        amount: 19_900,
        currency: "USD",
      })),
    );
    expect(
      await lake.query(
        `select sku, source, channel, seats_bound, days_to_activate from fct_entitlement order by line_number`,
      ),
    ).toEqual([
      // Ordered on 10 January 2008, activated on 24 November 2026.
      { sku: "IPOD2008GREEN", source: "shopify", channel: "shopify", seats_bound: 1, days_to_activate: 6892 },
      { sku: "IPOD2008RED", source: "shopify", channel: "shopify", seats_bound: 0, days_to_activate: null },
      { sku: "IPOD2008BLACK", source: "shopify", channel: "shopify", seats_bound: 0, days_to_activate: null },
    ]);
    expect(await lake.query("select sku, os_type, arch, app_version from fct_activation")).toEqual([
      { sku: "IPOD2008GREEN", os_type: "windows", arch: "amd64", app_version: "7.2" },
    ]);
    expect(
      await lake.query("select customer_id, name, country from dim_customer where name is not null"),
    ).toEqual([{ customer_id: "shopify:207119551", name: "Bob Norman", country: "US" }]);
    expect(await lake.query("select order_id, code from fct_refusal")).toEqual([
      { order_id: "shopify:123456", code: "order_voided" },
    ]);
    expect(await lake.query("select source, stage, code from quarantine")).toEqual([
      { source: "shopify", stage: "parse", code: "malformed_json" },
    ]);
    const [curve] = await lake.query(
      "select entitlements, activated from time_to_activation_summary where dimension = 'channel' and segment = 'shopify'",
    );
    expect(curve).toEqual({ entitlements: 3, activated: 1 });
  });

  test("a voided and cancelled order issues nothing, and is on record", async () => {
    const { app, admin, deliver } = await store();
    await app.send("PUT", "/v1/catalog", catalog, admin);
    expect(await deliver(bare("go_order.json"))).toMatchObject({
      status: 200,
      body: { status: "refused", problem: { code: "order_voided" } },
    });
    expect((await app.send("GET", "/v1/orders/shopify:123456", undefined, admin)).status).toBe(404);
    const { body } = await app.send("GET", "/v1/customers/shopify:123456/history", undefined, admin);
    expect(body).toMatchObject({
      entitlements: [],
      events: [
        {
          type: "order.refused",
          source: "shopify",
          order_id: "shopify:123456",
          data: { code: "order_voided" },
        },
      ],
    });
  });

  test("an order that is cancelled later ends what it granted", async () => {
    const { app, admin, deliver } = await store();
    await app.send("PUT", "/v1/catalog", catalog, admin);
    await deliver(bare("py_order.json"));
    const cancelled = { ...JSON.parse(bare("py_order.json")), cancelled_at: "2026-11-20T00:00:00Z" };
    expect((await deliver(JSON.stringify(cancelled))).body).toEqual({ status: "cancelled", problem: null });
    const { body } = await app.send("GET", "/v1/orders/shopify:450789469", undefined, admin);
    expect(body.order.status).toBe("cancelled");
  });

  test("an unknown SKU is no error for the store: it waits in quarantine, and passes once the catalog knows it", async () => {
    const { app, admin, deliver } = await store();
    await app.send(
      "PUT",
      "/v1/catalog",
      { ...catalog, version: "none", products: [{ ...catalog.products[0], sku: "X" }] },
      admin,
    );
    const answer = await deliver(bare("py_order.json"));
    expect(answer).toMatchObject({
      status: 200,
      body: { status: "quarantined", problem: { code: "unknown_sku" } },
    });
    const [waiting] = listQuarantined(app.sql, 10);
    expect(waiting).toMatchObject({
      quarantine_id: answer.body.quarantineId,
      stage: "decide",
      code: "unknown_sku",
    });

    const still = waiting && (await replay(app.deps.ledgers, waiting, app.deps.clock(), "test"));
    expect(still?.kind).toBe("not_understood");
    expect(listQuarantined(app.sql, 10)).toHaveLength(1);

    await app.send("PUT", "/v1/catalog", catalog, admin);
    const passed = waiting && (await replay(app.deps.ledgers, waiting, app.deps.clock(), "test"));
    expect(passed?.kind).toBe("recorded");
    expect(listQuarantined(app.sql, 10)).toEqual([]);
    expect((await app.send("GET", "/v1/orders/shopify:450789469", undefined, admin)).status).toBe(200);
  });

  test.each([
    ["no JSON at all", "hello", "malformed_json", "parse"],
    ["no order", '{"customers": []}', "invalid_request", "map"],
  ])("%s under a good signature is kept, with where it failed", async (_what, body, code, stage) => {
    const { app, deliver } = await store();
    expect(await deliver(body)).toMatchObject({
      status: 200,
      body: { status: "quarantined", problem: { code } },
    });
    expect(listQuarantined(app.sql, 10)).toMatchObject([{ code, stage, input: body }]);
  });
});
