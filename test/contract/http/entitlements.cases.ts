import { expect } from "vitest";
import { claimsOf } from "./activations.cases.ts";
import { activate, type Cases, daysAgo, host, inUse, ordered } from "./vendor.ts";

const other = host("fingerprint-2");
const years = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / (365.25 * 86_400_000));

export const entitlements: Cases = {
  "a customer's history is every event that led to what they have, a page at a time": async (api) => {
    const { sent, code, events, entitlementId } = await ordered(api);
    await activate(api, code);
    await api.vendor("POST", `/v1/orders/${sent.orderId}/cancel`, {});
    const all = await events();
    expect(all.map(({ type }) => type)).toEqual([
      "order.recorded",
      "entitlement.granted",
      "activation.bound",
      "license.issued",
      "order.cancelled",
      "entitlement.cancelled",
    ]);
    const path = `/v1/customers/${sent.customer.id}`;
    const rest = await api.vendor("GET", `${path}/history?after=${all[3]?.shard}.${all[3]?.seq}`);
    expect(rest.body.events).toEqual(all.slice(4));
    expect(JSON.stringify(all)).not.toContain(code);
    const listed = await api.vendor("GET", `${path}/entitlements`);
    expect(listed.body).toMatchObject({ entitlements: [{ entitlementId, status: "cancelled" }] });
  },

  "suspended it rests, reinstated it goes on": async (api) => {
    const { change, post, code } = await inUse(api);
    expect((await change("suspend", { reason: "unpaid" })).body.suspendedAt).not.toBeNull();
    expect(await post("refresh")).toMatchObject({ status: 409, body: { code: "entitlement_suspended" } });
    expect((await activate(api, code, other)).body.code).toBe("entitlement_suspended");
    expect((await change("reinstate", { reason: "paid" })).body.suspendedAt).toBeNull();
    expect((await post("refresh")).status).toBe(200);
  },

  "renewed it runs for another term; the same request again is one renewal": async (api) => {
    const { change, entitlement } = await ordered(api);
    const renewed = await change("renew");
    expect([renewed.status, years(entitlement.endsAt, renewed.body.endsAt)]).toEqual([200, 1]);
    const once = { "Idempotency-Key": "PO-7" };
    const first = await change("renew", { duration: "P2Y" }, once);
    expect(years(renewed.body.endsAt, first.body.endsAt)).toBe(2);
    expect((await change("renew", { duration: "P2Y" }, once)).body).toEqual(first.body);
    expect(await change("renew", { duration: "P3Y" }, once)).toMatchObject({
      status: 409,
      body: { code: "idempotency_conflict" },
    });
  },

  "an Idempotency-Key is its caller's and its path's: nobody meets another's": async (api) => {
    const [one, two] = [await ordered(api), await ordered(api)];
    const once = { "Idempotency-Key": "the-same" };
    expect((await one.change("extend", { added: 1 }, once)).body.quantity).toBe(3);
    expect((await two.change("extend", { added: 5 }, once)).body.quantity).toBe(7);
    const another = { ...once, ...(await api.as("licenses:write")) };
    expect((await one.change("extend", { added: 4 }, another)).body.quantity).toBe(7);
  },

  "a purchase that is sent 32 times at once under one Idempotency-Key is one purchase": async (api) => {
    const { change, now } = await ordered(api);
    const once = { "Idempotency-Key": "PO-8" };
    const answers = await Promise.all(Array.from({ length: 32 }, () => change("extend", { added: 3 }, once)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.quantity}`))).toEqual(
      new Set(["200 5"]),
    );
    expect((await now()).quantity).toBe(5);
  },

  "what has no term is not renewed": async (api) => {
    const { change } = await ordered(api, { licenseModel: "perp-bare" });
    expect(await change("renew")).toMatchObject({ status: 409, body: { code: "nothing_to_renew" } });
  },

  "after its term nothing is activated, and a renewal goes on where it ended": async (api) => {
    const { change, code, entitlement } = await ordered(api, {}, { orderedAt: daysAgo(400) });
    expect(await activate(api, code)).toMatchObject({ status: 409, body: { code: "entitlement_expired" } });
    expect(years(entitlement.endsAt, (await change("renew")).body.endsAt)).toBe(1);
    expect((await activate(api, code)).status).toBe(201);
  },

  "before its term nothing is activated, and the refusal says from when": async (api) => {
    const startsAt = daysAgo(-10);
    const { code } = await ordered(api, { startsAt });
    const refused = await activate(api, code);
    expect(refused).toMatchObject({ status: 409, body: { code: "entitlement_not_started" } });
    expect(Date.parse(refused.body.passesAt)).toBe(Date.parse(startsAt));
  },

  "upgraded to another product its seats stay, and their next license says so": async (api) => {
    const { change, post } = await inUse(api);
    expect(await change("upgrade", { sku: "CAD-LITE" })).toMatchObject({
      status: 200,
      body: { sku: "CAD-LITE", seatsBound: 1 },
    });
    const { body } = await post("refresh");
    expect(claimsOf(body.license)["product"]).toMatchObject({ sku: "CAD-LITE" });
    expect(await change("upgrade", { sku: "CAD-NONE" })).toMatchObject({
      status: 422,
      body: { code: "unknown_sku" },
    });
  },

  "it gets more seats, and is split and transferred with none lost": async (api) => {
    const { change, entitlementId } = await inUse(api);
    expect((await change("extend", { added: 3 })).body.quantity).toBe(5);
    const customerId = `C-child-${entitlementId}`;
    const split = await change("split", { quantity: 2, customerId });
    expect(split).toMatchObject({
      status: 201,
      body: {
        entitlement: { quantity: 3 },
        child: { quantity: 2, customerId, seatsBound: 0, parentEntitlementId: entitlementId },
      },
    });
    expect((await activate(api, split.body.child.activationCode, other)).status).toBe(201);
    expect(await change("split", { quantity: 3 })).toMatchObject({
      status: 409,
      body: { code: "seats_in_use" },
    });
    const heir = `C-heir-${entitlementId}`;
    expect((await change("transfer", { customerId: heir })).body.customerId).toBe(heir);
    const moved = await api.vendor("GET", `/v1/customers/${heir}/entitlements`);
    expect(moved.body.entitlements).toMatchObject([{ entitlementId, quantity: 3, seatsBound: 1 }]);
  },

  "a split that is sent again under its Idempotency-Key is one split, with one code": async (api) => {
    const { change } = await ordered(api, { quantity: 6 });
    const once = { "Idempotency-Key": "split-1" };
    const first = await change("split", { quantity: 2 }, once);
    const second = await change("split", { quantity: 2 }, once);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
  },

  "all of a customer's go to another after an acquisition": async (api) => {
    const { sent, entitlementId } = await inUse(api);
    const into = `C-buyer-of-${sent.customer.id}`;
    const path = `/v1/customers/${sent.customer.id}`;
    const merged = await api.vendor("POST", `${path}/merge`, { into, reason: "acquired" });
    expect(merged).toMatchObject({ status: 200, body: { merged: 1, isComplete: true } });
    expect((await api.vendor("GET", `${path}/entitlements`)).body.entitlements).toEqual([]);
    const { body } = await api.vendor("GET", `/v1/customers/${into}/entitlements`);
    expect(body.entitlements).toMatchObject([{ entitlementId, customerId: into }]);
  },

  "an override says who allowed what, and why, and what it may cost": async (api) => {
    const { change, events } = await ordered(api);
    const policy = { rehosts: { count: 50, per: "P1Y" } };
    expect(await change("policy", { policy })).toMatchObject({
      status: 422,
      body: { code: "invalid_request", errors: [{ field: "reason" }] },
    });
    const allowed = await change("policy", { policy, reason: "a lab of old machines" });
    expect(allowed.body.policy).toMatchObject({ rehosts: { count: 50 }, lease: "P30D" });
    expect(allowed.body.exposure.warnings).not.toEqual([]);
    expect((await events()).at(-1)).toMatchObject({
      type: "entitlement.policy_overridden",
      data: { reason: "a lab of old machines", by: expect.stringMatching(/./) },
    });
  },

  "a policy's worst case is told before it is published": async (api) => {
    const policy = { rehosts: { count: 12, per: "P1Y" } };
    const { status, body } = await api.vendor("POST", "/v1/policies/exposure", { policy });
    expect(status).toBe(200);
    expect(body).toMatchObject({ copiesPerYear: 12, longestDays: null });
    expect(body.warnings[0]).toContain("There is no lease");
  },

  "a change that does not fit says which field": async (api) => {
    const { change } = await ordered(api);
    const wrong: [string, object, string][] = [
      ["renew", { duration: "a year" }, "duration"],
      ["upgrade", {}, "sku"],
      ["extend", { added: 0 }, "added"],
      ["split", { quantity: 1.5 }, "quantity"],
      ["transfer", {}, "customerId"],
      ["suspend", { until: "tomorrow" }, "until"],
    ];
    for (const [what, body, field] of wrong)
      expect(await change(what, body), what).toMatchObject({
        status: 422,
        body: { code: "invalid_request", errors: [{ field }] },
      });
  },
};
