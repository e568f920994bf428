import { expect } from "vitest";
import type { Api } from "./api.ts";
import { type Cases, daysAgo, ordered } from "./vendor.ts";

/** What an order of two seats at 999.00 euros was paid. */
const PAID = 199_800;

const refundOf = (amount: number, changes: object = {}) => ({
  refundId: "RF-1",
  reason: "it was never used",
  lines: [{ lineNumber: 1, amount, currency: "EUR" }],
  ...changes,
});

const asks = (api: Api, orderId: string) => (body: object) =>
  api.vendor("POST", `/v1/orders/${orderId}/refunds`, body);

const tooLarge = { status: 409, body: { code: "refund_too_large", rule: "money" } };

export const refunds: Cases = {
  "a refund is recorded once: the same again is answered the same, another under its ID is a conflict":
    async (api) => {
      const { sent, events } = await ordered(api);
      const ask = asks(api, sent.orderId);
      const first = await ask(refundOf(1_000));
      expect(first).toMatchObject({
        status: 201,
        body: {
          orderId: sent.orderId,
          refundId: "RF-1",
          kind: "refund",
          lines: [{ lineNumber: 1, amount: 1_000, currency: "EUR", quantity: 0 }],
        },
      });
      expect(await ask(refundOf(1_000))).toMatchObject({ status: 200, body: first.body });
      expect(await ask(refundOf(1_001))).toMatchObject({ status: 409, body: { code: "refund_conflict" } });
      const told = (await events()).filter(({ type }) => type === "order.refunded");
      expect(told).toMatchObject([
        {
          order_id: sent.orderId,
          data: {
            refund_id: "RF-1",
            kind: "refund",
            reason: "it was never used",
            lines: [{ line_number: 1, amount_minor: 1_000, currency: "EUR", quantity: 0 }],
          },
        },
      ]);
    },

  "no more goes back than was paid less what went back, and of no other line or currency": async (api) => {
    const { sent, now } = await ordered(api);
    const ask = asks(api, sent.orderId);
    expect(await ask(refundOf(PAID + 1))).toMatchObject(tooLarge);
    expect((await ask(refundOf(PAID - 1))).status).toBe(201);
    expect(await ask(refundOf(2, { refundId: "RF-2" }))).toMatchObject(tooLarge);
    const line = { lineNumber: 1, amount: 1, currency: "EUR" };
    for (const wrong of [{ currency: "USD" }, { lineNumber: 2 }])
      expect(await ask(refundOf(1, { refundId: "RF-3", lines: [{ ...line, ...wrong }] }))).toMatchObject(
        tooLarge,
      );
    // All of it or nothing: the line that would do is not taken alone.
    const both = { refundId: "RF-4", lines: [line, { ...line, lineNumber: 2 }] };
    expect(await ask(refundOf(1, both))).toMatchObject(tooLarge);
    expect((await ask(refundOf(1, { refundId: "RF-5", kind: "credit" }))).status).toBe(201);
    expect(await ask(refundOf(1, { refundId: "RF-6" }))).toMatchObject(tooLarge);
    expect(await now()).toMatchObject({ status: "active" });
  },

  "16 refunds at once of a line that has money for one are one refund": async (api) => {
    const { sent } = await ordered(api);
    const ask = asks(api, sent.orderId);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => ask(refundOf(PAID, { refundId: `RF-${i}` }))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === "refund_too_large")).toHaveLength(15);
  },

  "what was paid for a renewal or for more seats may go back too, and is in its event": async (api) => {
    const { sent, entitlement, events } = await ordered(api, { licenseModel: "sub-node" });
    const at = `/v1/entitlements/${entitlement.entitlementId}`;
    const price = { amount: 5_000, currency: "EUR" };
    expect((await api.vendor("POST", `${at}/renew`, { price })).status).toBe(200);
    expect((await api.vendor("POST", `${at}/extend`, { added: 1, price })).status).toBe(200);
    expect((await api.vendor("POST", `${at}/upgrade`, { sku: "CAD-LITE", price })).status).toBe(200);
    const priced = (await events()).filter(({ data }) => "price" in data);
    expect(priced.map(({ type, data }) => [type, data.price])).toEqual(
      ["renewed", "extended", "upgraded"].map((turn) => [
        `entitlement.${turn}`,
        { amount_minor: 5_000, currency: "EUR" },
      ]),
    );
    const ask = asks(api, sent.orderId);
    expect(await ask(refundOf(PAID + 15_001))).toMatchObject(tooLarge);
    expect((await ask(refundOf(PAID + 15_000))).status).toBe(201);
  },

  "money beyond what a number holds is refused, and changes nothing": async (api) => {
    const { entitlement, events } = await ordered(api, { licenseModel: "sub-node" });
    const price = { amount: Number.MAX_SAFE_INTEGER, currency: "EUR" };
    const path = `/v1/entitlements/${entitlement.entitlementId}/renew`;
    expect(await api.vendor("POST", path, { price })).toMatchObject({
      status: 422,
      body: { code: "amount_too_large" },
    });
    expect(await events()).toHaveLength(2);
  },

  "a refund of the past comes after what it takes back": async (api) => {
    const { sent } = await ordered(api);
    const ask = asks(api, sent.orderId);
    expect(await ask(refundOf(1, { occurredAt: daysAgo(21) }))).toMatchObject({
      status: 409,
      body: { code: "history_out_of_order" },
    });
    expect(await ask(refundOf(1, { occurredAt: daysAgo(19) }))).toMatchObject({
      status: 201,
      body: { refundedAt: expect.stringMatching(/Z$/) },
    });
    expect(await ask(refundOf(1, { refundId: "RF-2", occurredAt: daysAgo(20) }))).toMatchObject({
      status: 409,
      body: { code: "history_out_of_order" },
    });
  },

  "a cancelled order's money may go back, one that is not there has none": async (api) => {
    const { sent } = await ordered(api);
    await api.vendor("POST", `/v1/orders/${sent.orderId}/cancel`, {});
    expect((await asks(api, sent.orderId)(refundOf(PAID))).status).toBe(201);
    expect(await asks(api, "SO-none")(refundOf(1))).toMatchObject({
      status: 404,
      body: { code: "unknown_order" },
    });
  },
};
