import { expect } from "vitest";
import { activate, catalog, type Cases, daysAgo, from, inUse, order, ordered, table } from "./vendor.ts";

export const orders: Cases = {
  "an order is answered with what its customer is entitled to, and again to those who ask": async (api) => {
    const { sent, entitlement } = await ordered(api);
    expect(entitlement).toMatchObject({
      orderId: sent.orderId,
      customerId: sent.customer.id,
      sku: "CAD-PRO",
      licenseModel: "sub-node",
      quantity: 2,
      seatsBound: 0,
      priceBand: "standard",
      startsAt: `${sent.orderedAt.slice(0, -1)}000Z`,
    });
    expect(entitlement.activationCode).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    const again = await api.vendor("GET", `/v1/orders/${sent.orderId}`);
    expect(again.body.entitlements).toEqual([entitlement]);
  },

  "a line ends when it says, where its license model has an end at all": async (api) => {
    const endsAt = daysAgo(-40);
    const { entitlement, code } = await ordered(api, { endsAt });
    expect(Date.parse(entitlement.endsAt)).toBe(Date.parse(endsAt));
    const { body } = await activate(api, code);
    expect(Date.parse(body.activation.licenseExpiresAt)).toBeLessThanOrEqual(Date.parse(endsAt));
    const endless = await api.vendor("POST", "/v1/orders", order({ licenseModel: "perp-node", endsAt }));
    expect(endless).toMatchObject({ status: 422, body: { code: "endless_term" } });
  },

  "the same order again gives the same answer, and records nothing": async (api) => {
    const sent = order();
    const first = await api.vendor("POST", "/v1/orders", sent);
    // Another order of fields, another way to write the same instant: the same order.
    const { customer, orderedAt, ...rest } = sent;
    const elsewhere = from(Date.parse(orderedAt), 3_600_000).replace("Z", "+01:00");
    const second = await api.vendor("POST", "/v1/orders", { customer, orderedAt: elsewhere, ...rest });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const { body } = await api.vendor("GET", `/v1/customers/${customer.id}/history`);
    expect(body.events).toHaveLength(2);
  },

  "64 times the same order at once is one order": async (api) => {
    const sent = order();
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => api.vendor("POST", "/v1/orders", sent)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(63);
    expect(new Set(answers.map(({ body }) => body.entitlements[0].activationCode)).size).toBe(1);
  },

  "another order under the same ID is a conflict, and changes nothing": async (api) => {
    const { sent, entitlement } = await ordered(api);
    const other = { ...sent, lines: [{ ...sent.lines[0], quantity: 3 }] };
    expect(await api.vendor("POST", "/v1/orders", other)).toMatchObject({
      status: 409,
      body: { code: "order_conflict" },
    });
    const kept = await api.vendor("GET", `/v1/orders/${sent.orderId}`);
    expect(kept.body.entitlements).toEqual([entitlement]);
  },

  "an order of many lines has an entitlement for each, with a code of its own": async (api) => {
    const sent = order();
    const lines = Array.from({ length: 50 }, (_, i) => ({ ...sent.lines[0], lineNumber: i + 1 }));
    const { status, body } = await api.vendor("POST", "/v1/orders", { ...sent, lines });
    expect(status).toBe(201);
    const codes = (body.entitlements as { activationCode: string }[]).map(
      ({ activationCode }) => activationCode,
    );
    expect(new Set(codes).size).toBe(50);
    await Promise.all(codes.map(async (code) => expect((await activate(api, code)).status).toBe(201)));
  },

  "an order of an unknown product is refused by name, on record once, and passes once the catalog knows it":
    async (api) => {
      const sku = "CAD-MAX";
      const unknown = order({ sku });
      for (const _ of ["first", "again"])
        expect(await api.vendor("POST", "/v1/orders", unknown)).toMatchObject({
          status: 422,
          body: { code: "unknown_sku", rule: "catalog", errors: [{ field: "lines[0].sku" }] },
        });
      const { body } = await api.vendor("GET", `/v1/customers/${unknown.customer.id}/history`);
      expect(body.events).toMatchObject([{ type: "order.refused", data: { code: "unknown_sku" } }]);
      const products = [...catalog.products, { sku, name: "Atlas CAD Max", brand: "Atlas" }];
      await api.vendor("PUT", "/v1/catalog", { ...catalog, version: "with-CAD-MAX", products });
      expect((await api.vendor("POST", "/v1/orders", unknown)).status).toBe(201);
    },

  "an order of a system whose clock is a little fast is of now, and can be activated at once": async (
    api,
  ) => {
    const before = Date.now();
    const { entitlement, code } = await ordered(api, {}, { orderedAt: from(before, 180_000) });
    expect(Date.parse(entitlement.orderedAt)).toBeLessThan(before + 170_000);
    expect((await activate(api, code)).status).toBe(201);
  },

  "cancelling ends the entitlements and every seat, and again is no news": async (api) => {
    const { sent, code, now, events } = await ordered(api);
    await activate(api, code);
    const path = `/v1/orders/${sent.orderId}/cancel`;
    const cancelled = await api.vendor("POST", path, { reason: "refund" });
    expect(cancelled).toMatchObject({ status: 200, body: { order: { status: "cancelled" } } });
    expect(await now()).toMatchObject({
      status: "cancelled",
      seatsBound: 0,
      activations: [{ state: "ended" }],
    });
    const count = (await events()).length;
    expect((await api.vendor("POST", path)).status).toBe(200);
    expect(await events()).toHaveLength(count);
    expect(await activate(api, code)).toMatchObject({ status: 409, body: { code: "entitlement_cancelled" } });
  },

  "a cancellation dated before what it ends is out of order, and changes nothing": async (api) => {
    const { sent } = await inUse(api, {}, {}, { occurredAt: daysAgo(10) });
    const path = `/v1/orders/${sent.orderId}`;
    const early = await api.vendor("POST", `${path}/cancel`, { occurredAt: daysAgo(11) });
    expect(early).toMatchObject({ status: 409, body: { code: "history_out_of_order" } });
    expect((await api.vendor("GET", path)).body.order.status).toBe("recorded");
  },

  ...table(
    "of what is not there, %s is not found",
    [
      ["GET /v1/orders/SO-none", "unknown_order"],
      ["POST /v1/orders/SO-none/cancel", "unknown_order"],
      ["GET /v1/entitlements/ent_00none", "not_found"],
      ["GET /v1/customers/C-none/entitlements", "not_found"],
      ["GET /v1/customers/C-none/history", "not_found"],
      ["POST /v1/customers/C-none/merge", "unknown_customer"],
      ["POST /v1/entitlements/ent_00none/renew", "unknown_entitlement"],
      ["POST /v1/entitlements/ent_00none/extend", "unknown_entitlement"],
      ["POST /v1/entitlements/ent_00none/split", "unknown_entitlement"],
      ["POST /v1/licenses/lic_00none/revoke", "unknown_license"],
      ["POST /v1/activations/act_00none/refresh", "unknown_activation"],
    ],
    async (api, call, code) => {
      const [method = "", path = ""] = call.split(" ");
      const bodies: Record<string, object> = {
        merge: { into: "C-1" },
        extend: { added: 1 },
        split: { quantity: 1 },
      };
      const body = method === "GET" ? undefined : (bodies[path.split("/").at(-1) ?? ""] ?? {});
      expect(await api.vendor(method, path, body)).toMatchObject({ status: 404, body: { code } });
    },
  ),
};
