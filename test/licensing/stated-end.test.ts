// Terms whose end was agreed on when they were sold: the model's length counts from there on.

import { expect, test } from "vitest";
import {
  type Catalog,
  catalogSchema,
  decideActivate,
  decideOrder,
  decideRenew,
  decideUpgrade,
  type Decision,
  type EntitlementEvent,
  type EntitlementGranted,
  type EntitlementState,
  evolve,
  formatInstant,
  orderSchema,
} from "../../licensing/index.ts";
import { activate, at, ids, orderBody } from "./samples.ts";

const decree = { by: "staff", reason: "asked for" };
const models = [
  { id: "start", term: { kind: "subscription", duration: "P1Y" }, maintenance: "P1Y" },
  { id: "order", term: { kind: "subscription", duration: "P1Y", from: "order" } },
  { id: "first", term: { kind: "subscription", duration: "P1Y", from: "first-activation" } },
];
const catalog: Catalog = catalogSchema.parse({
  version: "1",
  products: [{ sku: "CAD-PRO", name: "Pro", brand: "Atlas" }],
  licenseModels: models.map((model) => ({ ...model, name: model.id, metric: "node-locked" })),
});

/** Ordered on 5 January 2026, to start on 1 March and to end with June. */
function sold(licenseModel: string): EntitlementState {
  const [line] = orderBody.lines;
  const term = { startsAt: "2026-03-01T00:00:00Z", endsAt: "2026-07-01T00:00:00Z" };
  const order = orderSchema.parse({ ...orderBody, lines: [{ ...line, licenseModel, ...term }] });
  const decision = decideOrder(order, catalog, () => "E-1");
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  return evolve(undefined, decision.events[1] as EntitlementGranted);
}

type Decide = (state: EntitlementState) => Decision<EntitlementEvent>;
const used: Decide = (state) => decideActivate(state, activate("a"), at("2026-04-01T00:00:00Z"), ids("a"));
const renewed: Decide = ({ entitlement }) =>
  decideRenew(entitlement, catalog.licenseModels[0], undefined, decree, at("2026-06-01T00:00:00Z"));
const upgraded: Decide = ({ entitlement }) =>
  decideUpgrade(entitlement, { licenseModel: "order" }, catalog, decree, at("2026-06-01T00:00:00Z"));

const time = (instant: number | null) => (instant === null ? null : formatInstant(instant).slice(0, 10));

test.each<[string, string, Decide[], (string | null)[]]>([
  ["is its end", "start", [], ["2026-03-01", "2026-07-01", "2027-03-01"]],
  [
    "stays where the model counts from the first activation",
    "first",
    [used],
    ["2026-03-01", "2026-07-01", null],
  ],
  ["is where a renewal begins", "start", [renewed], ["2026-03-01", "2027-07-01", "2027-07-01"]],
  [
    "stays in an upgrade to a term of the same length",
    "start",
    [upgraded],
    ["2026-03-01", "2026-07-01", "2027-03-01"],
  ],
])("an end that was agreed on %s", (_what, licenseModel, changes, expected) => {
  const { entitlement } = changes.reduce((state, decide) => {
    const decision = decide(state);
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    return decision.events.reduce<EntitlementState>(evolve, state);
  }, sold(licenseModel));
  expect([entitlement.startsAt, entitlement.endsAt, entitlement.maintenanceEndsAt].map(time)).toEqual(
    expected,
  );
});
