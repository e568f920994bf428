// When a right begins and ends, through its whole lineage; and by which policy it is used.

import { describe, expect, test } from "vitest";
import {
  type Catalog,
  catalogSchema,
  decideActivate,
  decideOrder,
  decideOverride,
  decideRenew,
  decideUpgrade,
  type EntitlementGranted,
  type EntitlementState,
  evolve,
  formatInstant,
  orderSchema,
  resolvePolicy,
} from "../../licensing/index.ts";
import { activate, at, ids, orderBody } from "./samples.ts";

const decree = { by: "staff", reason: "asked for" };
const model = (id: string, term: object, more: object = {}) => ({
  id,
  name: id,
  term,
  metric: "node-locked",
  ...more,
});
const year = { kind: "subscription", duration: "P1Y" };

const catalog: Catalog = catalogSchema.parse({
  version: "1",
  products: [
    { sku: "CAD-PRO", name: "Pro", brand: "Atlas" },
    { sku: "CAD-MAX", name: "Max", brand: "Atlas" },
  ],
  licenseModels: [
    model("perpetual", { kind: "perpetual" }, { maintenance: "P1Y" }),
    model("order", { ...year, from: "order" }),
    model("start", { ...year, from: "start" }, { maintenance: "P1Y" }),
    model("first", { ...year, from: "first-activation" }),
    model("trial", { kind: "trial", duration: "P30D", from: "first-activation" }),
    model("month", { kind: "subscription", duration: "P1M", from: "start" }),
    model("preset", year, { policy: { preset: "high-volume", lease: "P2D" } }),
  ],
  priceBands: [
    { id: "small", below: 1000 },
    { id: "large", policy: { preset: "high-touch", grace: "P1D" } },
  ],
});

function order(licenseModel: string, startsAt = "2026-03-01T00:00:00Z", amount = 100): EntitlementState {
  const [line] = orderBody.lines;
  const unitPrice = { amount, currency: "EUR" };
  const body = { ...orderBody, lines: [{ ...line, licenseModel, startsAt, quantity: 1, unitPrice }] };
  const decision = decideOrder(orderSchema.parse(body), catalog, () => "E-1");
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  return evolve(undefined, decision.events[1] as EntitlementGranted);
}

type Change = (state: EntitlementState) => EntitlementState;

const used =
  (time: string): Change =>
  (state) => {
    const decision = decideActivate(state, activate("a"), at(time), ids("a"));
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    return decision.events.reduce<EntitlementState>(evolve, state);
  };

const renewed =
  (time: string, duration?: string): Change =>
  (state) => {
    const found = catalog.licenseModels.find(({ id }) => id === state.entitlement.model.id);
    const decision = decideRenew(state.entitlement, found, duration, decree, at(time));
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    return decision.events.reduce<EntitlementState>(evolve, state);
  };

const upgraded =
  (time: string, to: { sku?: string; licenseModel?: string }): Change =>
  (state) => {
    const decision = decideUpgrade(state.entitlement, to, catalog, decree, at(time));
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    return decision.events.reduce<EntitlementState>(evolve, state);
  };

const time = (instant: number | null) => (instant === null ? null : formatInstant(instant).slice(0, 16));
const termOf = ({ entitlement }: EntitlementState) => [
  time(entitlement.startsAt),
  time(entitlement.endsAt),
  time(entitlement.maintenanceEndsAt),
];

// Ordered on 5 January 2026 at 10:00, to start on 1 March.
const START = "2026-03-01T00:00";
const rows: [string, EntitlementState, Change[], (string | null)[]][] = [
  ["perpetual: no end, and maintenance", order("perpetual"), [], [START, null, "2027-03-01T00:00"]],
  ["from the order", order("order"), [], [START, "2027-01-05T10:00", null]],
  ["from the start", order("start"), [], [START, "2027-03-01T00:00", "2027-03-01T00:00"]],
  ["from the first activation, before it", order("first"), [], [START, null, null]],
  [
    "from the first activation, after it",
    order("first"),
    [used("2026-04-01T00:00:00Z")],
    ["2026-04-01T00:00", "2027-04-01T00:00", null],
  ],
  [
    "a leap day",
    order("start", "2028-02-29T00:00:00Z"),
    [],
    ["2028-02-29T00:00", "2029-02-28T00:00", "2029-02-28T00:00"],
  ],
  [
    "the last of a month",
    order("month", "2026-01-31T00:00:00Z"),
    [],
    ["2026-01-31T00:00", "2026-02-28T00:00", null],
  ],
  [
    "renewed early: the new term follows the last",
    order("start"),
    [renewed("2026-04-01T00:00:00Z")],
    [START, "2028-03-01T00:00", "2028-03-01T00:00"],
  ],
  [
    "renewed late: what was used in between is paid for",
    order("start"),
    [renewed("2027-06-01T00:00:00Z")],
    [START, "2028-03-01T00:00", "2028-03-01T00:00"],
  ],
  [
    "renewed for another time",
    order("order"),
    [renewed("2026-04-01T00:00:00Z", "P3M")],
    [START, "2027-04-05T10:00", null],
  ],
  [
    "renewed twice, over the ends of months",
    order("month", "2026-01-31T00:00:00Z"),
    [renewed("2026-02-01T00:00:00Z"), renewed("2026-02-01T00:00:00Z")],
    ["2026-01-31T00:00", "2026-04-28T00:00", null],
  ],
  [
    "upgraded to another product alone: all else stays",
    order("start"),
    [upgraded("2026-06-01T00:00:00Z", { sku: "CAD-MAX" })],
    [START, "2027-03-01T00:00", "2027-03-01T00:00"],
  ],
  [
    "upgraded to a term of the same length: it goes on",
    order("start"),
    [upgraded("2026-06-01T00:00:00Z", { licenseModel: "order" })],
    [START, "2027-03-01T00:00", "2027-03-01T00:00"],
  ],
  [
    "upgraded to another length: it begins now",
    order("month"),
    [upgraded("2026-03-10T00:00:00Z", { licenseModel: "order" })],
    [START, "2027-03-10T00:00", null],
  ],
  [
    "upgraded to perpetual",
    order("month"),
    [upgraded("2026-03-10T00:00:00Z", { licenseModel: "perpetual" })],
    [START, null, "2027-03-10T00:00"],
  ],
  [
    "upgraded before its first activation to a term as long that waits for none: it begins now",
    order("first"),
    [upgraded("2026-03-10T00:00:00Z", { licenseModel: "order" })],
    [START, "2027-03-10T00:00", null],
  ],
  [
    "upgraded before its use to a term that waits for the first activation: it waits",
    order("perpetual"),
    [upgraded("2026-03-10T00:00:00Z", { licenseModel: "trial" }), used("2026-03-20T00:00:00Z")],
    ["2026-03-20T00:00", "2026-04-19T00:00", null],
  ],
  [
    "upgraded after its use to a term that waits for the first activation: that does not come again, and it begins now",
    order("perpetual"),
    [used("2026-03-05T00:00:00Z"), upgraded("2026-03-10T00:00:00Z", { licenseModel: "trial" })],
    [START, "2026-04-09T00:00", null],
  ],
];

test.each(rows)("a term: %s", (_what, granted, changes, expected) => {
  expect(termOf(changes.reduce((state, change) => change(state), granted))).toEqual(expected);
});

describe("nothing to renew", () => {
  test.each([
    ["where there is no term", order("perpetual")],
    ["where it has not begun", order("first")],
  ])("%s", (_what, { entitlement }) => {
    const decision = decideRenew(entitlement, undefined, "P1Y", decree, at("2026-04-01T00:00:00Z"));
    expect(decision).toMatchObject({ ok: false, refusal: { code: "nothing_to_renew" } });
  });
});

test("no term ends later than any time that may be sent, however often it is renewed", () => {
  const renew = ({ entitlement }: EntitlementState) =>
    decideRenew(entitlement, undefined, "P50Y", decree, at("2026-04-01T00:00:00Z"));
  const long = [1, 2, 3].reduce((state) => renewed("2026-04-01T00:00:00Z", "P50Y")(state), order("start"));
  expect(time(long.entitlement.endsAt)).toBe("2177-03-01T00:00");
  expect(renew(long)).toMatchObject({ refusal: { code: "term_too_long", field: "duration" } });
});

describe("a policy", () => {
  const policyOf = ({ entitlement }: EntitlementState) => entitlement.policy;

  test("says its own before what its preset says", () => {
    expect(policyOf(order("preset"))).toEqual({
      rehosts: { count: 2, per: "P1Y" },
      returns: { count: 2, per: "P1Y" },
      repairs: { count: 1, per: "P1Y" },
      lease: "P2D",
      grace: "P3D",
    });
  });

  test("of a price band comes before the model's, and the band's own before its preset's", () => {
    const policy = policyOf(order("preset", START + ":00Z", 5000));
    expect(policy).toMatchObject({ rehosts: { count: 24 }, lease: "P90D", grace: "P1D", overdraft: "10%" });
  });

  test("of a price band holds for the model of an upgrade too", () => {
    const change = upgraded("2026-06-01T00:00:00Z", { licenseModel: "order" });
    expect(policyOf(change(order("preset", START + ":00Z", 5000)))).toMatchObject({
      lease: "P90D",
      grace: "P1D",
    });
    expect(policyOf(change(order("preset")))).toEqual({});
  });

  test("of one entitlement, that staff said, outlives a change of its model", () => {
    const { entitlement } = order("preset");
    const state = order("preset");
    const allowed = decideOverride(
      entitlement,
      { rehosts: { count: 9, per: "P1Y" } },
      decree,
      at(START + ":00Z"),
    );
    if (!allowed.ok) throw new TypeError(allowed.refusal.detail);
    const overridden = allowed.events.reduce<EntitlementState>(evolve, state);
    const change = upgraded("2026-06-01T00:00:00Z", { licenseModel: "order" });
    expect(policyOf(change(overridden))).toEqual({ rehosts: { count: 9, per: "P1Y" } });
  });

  test.each([
    ["high-touch", "P1D", "P90D"],
    ["standard", "PT4H", "P30D"],
    ["high-volume", "PT1H", "P14D"],
  ] as const)(
    "of the preset %s lends a floating seat for %s, and leases any other for %s",
    (preset, lent, leased) => {
      expect(resolvePolicy("floating", { preset }).lease).toBe(lent);
      expect(resolvePolicy("named-user", { preset }).lease).toBe(leased);
      expect(resolvePolicy("floating", { lease: "PT9H" }, { preset }).lease).toBe(lent);
      expect(resolvePolicy("floating", { preset, lease: "PT9H" }).lease).toBe("PT9H");
    },
  );

  test("stays where only the product is another, also where its model has left the catalog", () => {
    const state = order("preset");
    const without = { ...catalog, licenseModels: catalog.licenseModels.filter(({ id }) => id !== "preset") };
    const decision = decideUpgrade(
      state.entitlement,
      { sku: "CAD-MAX" },
      without,
      decree,
      at("2026-04-01T00:00:00Z"),
    );
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    const after = decision.events.reduce<EntitlementState>(evolve, state);
    expect(after.entitlement).toEqual({
      ...state.entitlement,
      product: { sku: "CAD-MAX", name: "Max", brand: "Atlas", features: [] },
      changedAt: at("2026-04-01T00:00:00Z"),
    });
  });
});
