import { describe, expect, test } from "vitest";
import { activation, appWithOrder, catalog, order, testApp } from "./support.ts";

describe("orders", () => {
  test("an order is answered with what its customer is entitled to", async () => {
    const { app, admin, entitlement } = await appWithOrder();
    expect(entitlement).toMatchObject({
      orderId: "SO-1001",
      sku: "CAD-PRO",
      licenseModel: "sub-node",
      quantity: 2,
      seatsBound: 0,
      priceBand: "standard",
      startsAt: "2026-11-05T10:00:00.000000Z",
      endsAt: "2027-11-05T10:00:00.000000Z",
    });
    expect(entitlement.activationCode).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    const again = await app.send("GET", "/v1/orders/SO-1001", undefined, admin);
    expect(again.body.entitlements).toEqual([entitlement]);
  });

  test("the same order again gives the same answer, and records nothing", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const first = await app.send("POST", "/v1/orders", order(), admin);
    const seq = (await app.send("GET", "/healthz")).body.lastSeq;
    // Another order of fields, another way to write the same instant: the same order.
    const { customer, ...rest } = order({ orderedAt: "2026-11-05T11:00:00+01:00" });
    const second = await app.send("POST", "/v1/orders", { customer, ...rest }, admin);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect((await app.send("GET", "/healthz")).body.lastSeq).toBe(seq);
  });

  test("another order under the same ID is a conflict, and changes nothing", async () => {
    const { app, admin, entitlement } = await appWithOrder();
    const other = await app.send("POST", "/v1/orders", order({ line: { quantity: 3 } }), admin);
    expect(other).toMatchObject({ status: 409, body: { code: "order_conflict" } });
    const kept = await app.send("GET", "/v1/orders/SO-1001", undefined, admin);
    expect(kept.body.entitlements).toEqual([entitlement]);
  });

  test("an order of an unknown product is refused by name, on record once, and passes once the catalog knows it", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const unknown = order({ line: { sku: "CAD-MAX" } });
    const refused = await app.send("POST", "/v1/orders", unknown, admin);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: "unknown_sku", errors: [{ field: "lines[0].sku" }] },
    });
    const seq = (await app.send("GET", "/healthz")).body.lastSeq;
    await app.send("POST", "/v1/orders", unknown, admin);
    expect((await app.send("GET", "/healthz")).body.lastSeq).toBe(seq);

    const product = { sku: "CAD-MAX", name: "Atlas CAD Max", brand: "Atlas" };
    const next = { ...catalog, version: "2026-12", products: [...catalog.products, product] };
    await app.send("PUT", "/v1/catalog", next, admin);
    expect((await app.send("POST", "/v1/orders", unknown, admin)).status).toBe(201);
  });

  test("cancelling ends the entitlements and every seat, and again is no news", async () => {
    const { app, admin, entitlement, code } = await appWithOrder();
    await app.send("POST", "/v1/activations", activation(code));
    const cancelled = await app.send("POST", "/v1/orders/SO-1001/cancel", { reason: "refund" }, admin);
    expect(cancelled).toMatchObject({ status: 200, body: { order: { status: "cancelled" } } });
    const after = await app.send("GET", `/v1/entitlements/${entitlement.entitlementId}`, undefined, admin);
    expect(after.body).toMatchObject({
      status: "cancelled",
      seatsBound: 0,
      activations: [{ state: "ended" }],
    });
    const seq = (await app.send("GET", "/healthz")).body.lastSeq;
    expect((await app.send("POST", "/v1/orders/SO-1001/cancel", undefined, admin)).status).toBe(200);
    expect((await app.send("GET", "/healthz")).body.lastSeq).toBe(seq);
    const refused = await app.send("POST", "/v1/activations", activation(code, { host: { id: "other" } }));
    expect(refused).toMatchObject({ status: 409, body: { code: "entitlement_cancelled" } });
  });

  test("a customer's history is every event that led to what they have", async () => {
    const { app, admin, code } = await appWithOrder();
    await app.send("POST", "/v1/activations", activation(code));
    await app.send("POST", "/v1/orders/SO-1001/cancel", {}, admin);
    const { body } = await app.send("GET", "/v1/customers/C-42/history", undefined, admin);
    expect(body.events.map((event: { type: string }) => event.type)).toEqual([
      "order.recorded",
      "entitlement.granted",
      "activation.bound",
      "license.issued",
      "order.cancelled",
      "entitlement.cancelled",
    ]);
    expect(body.events.map((event: { seq: number }) => event.seq)).toEqual([2, 3, 4, 5, 6, 7]);
    const rest = await app.send("GET", "/v1/customers/C-42/history?after=5", undefined, admin);
    expect(rest.body.events).toEqual(body.events.slice(4));
    expect((await app.send("GET", "/v1/customers/C-43/history", undefined, admin)).status).toBe(404);
  });
});
