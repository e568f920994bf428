import { describe, expect, test } from "vitest";
import {
  type Catalog,
  decideOrder,
  evolve,
  formatInstant,
  type Order,
  orderSchema,
} from "../../../licensing/index.ts";
import { at, catalog, orderBody } from "../samples.ts";

type LineBody = (typeof orderBody.lines)[number] & { endsAt?: string };
const [line] = orderBody.lines as [LineBody];

/** The order of the design page with other lines. */
function order(...changes: (Partial<Record<keyof LineBody, unknown>> & { deliveredAt?: string })[]): Order {
  const lines = changes.map((change, i) => Object.assign({}, line, { lineNumber: i + 1 }, change));
  return orderSchema.parse({ ...orderBody, lines });
}

const decide = (it: Order, from: Catalog = catalog) =>
  decideOrder(it, from, ({ lineNumber }) => `E-${lineNumber}`);

function refusalOf(it: Order, from: Catalog = catalog) {
  const decision = decide(it, from);
  return decision.ok ? undefined : decision.refusal;
}

function events(it: Order, from: Catalog = catalog) {
  const decision = decide(it, from);
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  const [recorded, ...granted] = decision.events;
  return {
    recorded: recorded as Extract<typeof recorded, { type: "order.recorded" }>,
    granted: granted.map((event) => event as Extract<typeof event, { type: "entitlement.granted" }>),
  };
}

describe("an order is granted", () => {
  test("whole: one entitlement for each line, in order, after the order itself", () => {
    const { recorded, granted } = events(
      order({}, { sku: "CAD-VIEW", licenseModel: "perpetual", quantity: 2 }),
    );
    expect(recorded.type).toBe("order.recorded");
    expect(granted.map(({ type, entitlement_id, sku }) => [type, entitlement_id, sku])).toEqual([
      ["entitlement.granted", "E-1", "CAD-PRO"],
      ["entitlement.granted", "E-2", "CAD-VIEW"],
    ]);
    expect(recorded.data.lines.map(({ entitlement_id, quantity }) => [entitlement_id, quantity])).toEqual([
      ["E-1", 5],
      ["E-2", 2],
    ]);
  });

  test("with money in minor units, and the band of the line's total", () => {
    const { granted } = events(
      order(
        { quantity: 1, unitPrice: { amount: 19_999, currency: "EUR" } },
        { quantity: 2, unitPrice: { amount: 10_000, currency: "EUR" } },
        { quantity: 1000, unitPrice: { amount: 1000, currency: "JPY" } },
      ),
    );
    expect(granted.map(({ data }) => [data.amount_minor, data.currency, data.price_band])).toEqual([
      [19_999, "EUR", "high-volume"],
      [20_000, "EUR", "standard"],
      [1_000_000, "JPY", "high-touch"],
    ]);
  });

  test.each([
    [
      "the order's time where the line names none",
      { startsAt: undefined },
      "2026-01-05T10:00:00Z",
      "2027-01-05T10:00:00Z",
    ],
    ["the line's time", { startsAt: "2026-03-01T00:00:00Z" }, "2026-03-01T00:00:00Z", "2027-03-01T00:00:00Z"],
    ["a leap day", { startsAt: "2028-02-29T00:00:00Z" }, "2028-02-29T00:00:00Z", "2029-02-28T00:00:00Z"],
  ])("for a term from %s", (_what, change, startsAt, endsAt) => {
    const [granted] = events(order(change)).granted;
    expect([granted?.data.starts_at, granted?.data.ends_at]).toEqual(
      [startsAt, endsAt].map((t) => formatInstant(at(t))),
    );
  });

  test("up to the end that was agreed on, whatever the model's term is counted from", () => {
    const endsAt = "2026-09-30T00:00:00Z";
    const later = { startsAt: "2026-03-01T00:00:00Z", endsAt };
    const { granted } = events(order({ endsAt }, later));
    expect(granted.map(({ data }) => data.ends_at)).toEqual(
      [endsAt, endsAt].map((t) => formatInstant(at(t))),
    );
    expect(granted[0]?.data.model.duration).toBe("P1Y");
  });

  test("without end where the model is perpetual", () => {
    const [granted] = events(order({ licenseModel: "perpetual" })).granted;
    expect([granted?.data.model.term, granted?.data.model.duration, granted?.data.ends_at]).toEqual([
      "perpetual",
      null,
      null,
    ]);
  });

  test("under the model that the product names, where the line names none", () => {
    const [granted] = events(order({ sku: "CAD-VIEW", licenseModel: undefined })).granted;
    expect(granted?.data.model.id).toBe("perpetual");
  });

  test("with the delivery that was told, else with the order", () => {
    const { granted } = events(order({}, { deliveredAt: "2026-01-07T00:00:00Z" }));
    expect(granted.map(({ data }) => data.delivered_at)).toEqual(
      ["2026-01-05T10:00:00Z", "2026-01-07T00:00:00Z"].map((t) => formatInstant(at(t))),
    );
  });

  test("with all that later decisions need: a new catalog changes nothing that was sold", () => {
    const [granted] = events(order({})).granted;
    expect(granted?.data.policy).toEqual({ rehosts: { count: 2, per: "P1Y" }, lease: "P30D" });
    expect(granted?.data.product).toEqual({
      sku: "CAD-PRO",
      name: "Atlas CAD Pro",
      brand: "Atlas",
      version: "7",
      features: ["3d", "export"],
    });
  });

  test("without the customer's name or address in any event", () => {
    const { recorded, granted } = events(order({}));
    expect(JSON.stringify([recorded, granted])).not.toMatch(/Example GmbH|it@example\.com/);
  });

  test("also where its term ends after the last year that a sender may name", () => {
    const [granted] = events(order({ startsAt: "2199-12-31T23:59:59Z" })).granted;
    expect(granted?.data.ends_at).toBe("2200-12-31T23:59:59.000000Z");
    expect(granted && formatInstant(evolve(undefined, granted).entitlement.endsAt ?? 0)).toBe(
      granted?.data.ends_at,
    );
  });
});

describe("an order is refused whole", () => {
  const noDefault = { sku: "CAD-PRO", licenseModel: undefined };
  const tooMuch = { quantity: 1_000_000, unitPrice: { amount: Number.MAX_SAFE_INTEGER, currency: "EUR" } };
  test.each([
    ["an unknown product", order({ sku: "GONE" }), "unknown_sku", "lines[0].sku"],
    [
      "an unknown product before its unknown model",
      order({ sku: "GONE", licenseModel: "gone" }),
      "unknown_sku",
      "lines[0].sku",
    ],
    ["no model, and none by default", order(noDefault), "license_model_missing", "lines[0].licenseModel"],
    ["an unknown model", order({ licenseModel: "gone" }), "unknown_license_model", "lines[0].licenseModel"],
    [
      "an unknown model before an amount too large",
      order({ ...tooMuch, licenseModel: "gone" }),
      "unknown_license_model",
      "lines[0].licenseModel",
    ],
    [
      "an end, and a model that has none",
      order({ licenseModel: "perpetual", endsAt: "2027-01-05T10:00:00Z" }),
      "endless_term",
      "lines[0].endsAt",
    ],
    ["an amount that is not exact", order(tooMuch), "amount_too_large", "lines[0].unitPrice.amount"],
    ["its second line", order({}, { sku: "GONE" }), "unknown_sku", "lines[1].sku"],
    [
      "the first of two faults",
      order({ licenseModel: "gone" }, { sku: "GONE" }),
      "unknown_license_model",
      "lines[0].licenseModel",
    ],
  ])("for %s", (_what, it, code, field) => {
    const refusal = refusalOf(it);
    expect([refusal?.code, refusal?.field]).toEqual([code, field]);
    expect(refusal?.passesAt).toBeUndefined();
  });

  test("up to the largest amount that is exact, not beyond", () => {
    const of = (quantity: number, amount: number) =>
      order({ quantity, unitPrice: { amount, currency: "EUR" } });
    expect(refusalOf(of(1, Number.MAX_SAFE_INTEGER))).toBeUndefined();
    expect(refusalOf(of(2, 2 ** 52))?.code).toBe("amount_too_large");
    expect(refusalOf(of(3, 3_002_399_751_580_330))).toBeUndefined();
    expect(refusalOf(of(3, 3_002_399_751_580_331))?.code).toBe("amount_too_large");
  });
});
