// The money of the demo's year: what changes cost, and what goes back.

import { describe, expect, it } from "vitest";
import type { Step } from "../../ingest/demo/steps.ts";
import { playYear } from "../../ingest/demo/year.ts";

const ORDERS = 3000;

describe("a year of money", () => {
  const steps = playYear({ seed: 7, orders: ORDERS });
  const only = <K extends Step["kind"]>(kind: K) =>
    steps.filter((step): step is Extract<Step, { kind: K }> => step.kind === kind);
  const changed = (change: string) => only("change").filter((step) => step.change === change);

  it("says what each renewal cost", () => {
    const prices = changed("renew").map(({ body }) => (body as { price: { amount: number } }).price.amount);
    expect(prices.length).toBeGreaterThan(0);
    expect(prices.filter((amount) => amount <= 0)).toEqual([]);
  });

  it("says what most upgrades and additions cost: all that do not come after the end of a term", () => {
    for (const change of ["upgrade", "extend"]) {
      const prices = changed(change).map(
        ({ body }) => (body as { price?: { amount: number } }).price?.amount,
      );
      const known = prices.filter((amount) => amount !== undefined);
      expect(known.length / prices.length).toBeGreaterThan(0.8);
      expect(known.filter((amount) => !Number.isInteger(amount) || amount <= 0)).toEqual([]);
    }
  });

  it("gives money back for most of what was cancelled, and now and then for what was not, never more than was paid", () => {
    const cancelled = new Map(only("cancellation").map(({ orderId, at }) => [orderId, at]));
    const orders = new Map(only("order").map(({ orderId, body }) => [orderId, body]));
    const refunds = only("refund");
    const after = refunds.filter(({ orderId }) => cancelled.has(orderId));
    expect(after.length / cancelled.size).toBeGreaterThan(0.7);
    expect((refunds.length - after.length) / ORDERS).toBeGreaterThan(0.005);
    expect(new Set(refunds.map(({ orderId }) => orderId)).size).toBe(refunds.length);
    expect(new Set(refunds.map(({ body }) => body.kind))).toEqual(new Set(["refund", "credit"]));
    for (const { orderId, at, body } of refunds) {
      expect(at).toBeGreaterThan(cancelled.get(orderId) ?? 0);
      for (const { lineNumber, amount, currency } of body.lines) {
        const line = orders.get(orderId)?.lines.find((one) => one.lineNumber === lineNumber);
        expect(amount).toBeLessThanOrEqual((line?.quantity ?? 0) * (line?.unitPrice.amount ?? 0));
        expect(currency).toBe(line?.unitPrice.currency);
      }
    }
  });
});
