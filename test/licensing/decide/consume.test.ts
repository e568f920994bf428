import { describe, expect, test } from "vitest";
import {
  type Catalog,
  catalogSchema,
  decideActivate,
  decideConsume,
  decideSplit,
  decideUpgrade,
  type EntitlementState,
  evolve,
  type Instant,
} from "../../../licensing/index.ts";
import { activate, DAY, granted, ids, START } from "../samples.ts";

const decree = { by: "staff", reason: "asked for" };

/** A metered right of ten units a period, with a host that has a seat. */
function metered(per: string | null, endsAt: Instant | null = null, overdraft = 0): EntitlementState {
  const event = granted({ metric: "metered", quantity: 10, policy: { overdraft }, endsAt });
  const model = { ...event.data.model, consumption_per: per };
  const state = evolve(undefined, { ...event, data: { ...event.data, model } });
  const decision = decideActivate(state, activate("a"), START, ids("a"));
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  return decision.events.reduce<EntitlementState>(evolve, state);
}

function consume(state: EntitlementState, units: number, now: Instant) {
  const [seat] = Array.from(state.seats.values());
  if (!seat) throw new TypeError("no seat");
  return decideConsume(state.entitlement, seat, units, { generation: 1, hostHash: "hash-of-a" }, now);
}

function used(state: EntitlementState, units: number, now: Instant): EntitlementState {
  const decision = consume(state, units, now);
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  return evolve(state, decision.event);
}

describe("what is used up", () => {
  const rows: [string, EntitlementState, number, Instant, Instant | undefined][] = [
    ["passes when the next period begins", used(metered("P7D"), 8, START), 3, START + DAY, START + 7 * DAY],
    [
      "does not pass where the term ends first",
      used(metered("P7D", START + 5 * DAY), 8, START),
      3,
      START + DAY,
      undefined,
    ],
    [
      "does not pass where the term ends with the period",
      used(metered("P7D", START + 7 * DAY), 8, START),
      3,
      START,
      undefined,
    ],
    ["does not pass where no period has as many", used(metered("P7D"), 8, START), 11, START + DAY, undefined],
    ["does not pass where there is one period", used(metered(null), 8, START), 3, START + DAY, undefined],
  ];
  test.each(rows)("%s", (_what, state, units, now, passesAt) => {
    const decision = consume(state, units, now);
    expect(decision).toMatchObject({ ok: false, refusal: { code: "consumption_used_up" } });
    expect(decision.ok ? null : decision.refusal.passesAt).toBe(passesAt);
  });

  test("says of an overdraft how much of it is used, each unit once", () => {
    const once = used(metered("P7D", null, 5), 8, START);
    const overage = (state: EntitlementState, units: number) => {
      const decision = consume(state, units, START);
      return decision.ok ? decision.event.data.overage : decision.refusal.code;
    };
    expect([overage(once, 2), overage(once, 4), overage(used(once, 4, START), 3)]).toEqual([0, 2, 3]);
    expect(overage(once, 8)).toBe("consumption_used_up");
  });
});

test("a split leaves what was consumed with the parent, so that it is not consumed once more", () => {
  const { entitlement } = used(metered("P7D"), 8, START);
  const split = (quantity: number, now: Instant) =>
    decideSplit(entitlement, { quantity, childEntitlementId: "E-2", customerId: "C-1" }, decree, now);
  expect(split(2, START)).toMatchObject({ ok: true });
  expect(split(3, START)).toMatchObject({
    ok: false,
    refusal: { code: "consumption_used_up", passesAt: START + 7 * DAY },
  });
  expect(split(3, START + 7 * DAY)).toMatchObject({ ok: true });
});

test("other periods begin another count, also where an old one began later than the new one", () => {
  const model = (id: string, consumptionPer?: string) => ({
    id,
    name: id,
    term: { kind: "perpetual" },
    metric: "metered",
    consumptionPer,
  });
  const catalog: Catalog = catalogSchema.parse({
    version: "1",
    products: [{ sku: "CAD-PRO", name: "Pro", brand: "Atlas" }],
    licenseModels: [model("week", "P7D"), model("month", "P1M"), model("whole")],
  });
  const now = START + 10 * DAY;
  const state = used(metered("P7D"), 10, now);
  const left = (licenseModel: string) => {
    const decision = decideUpgrade(state.entitlement, { licenseModel }, catalog, decree, now);
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    const after = decision.events.reduce<EntitlementState>(evolve, state);
    return consume(after, 10, now).ok;
  };
  expect([left("week"), left("month"), left("whole")]).toEqual([false, true, true]);
});
