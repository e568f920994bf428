// Renewals for a stated time, as a storefront counts it: told late, twice, out of order, of what is over.

import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideCancel,
  decideOrder,
  decideRenewFor,
  type Entitlement,
  type EntitlementEvent,
  type EntitlementGranted,
  type EntitlementState,
  evolve,
  formatInstant,
  type LicenseModel,
  orderSchema,
} from "../../../licensing/index.ts";
import { at, catalog, orderBody } from "../samples.ts";

const decree = { by: "store", reason: "paid" };
const price = { amount_minor: 500, currency: "EUR" };
const day = (date: string) => at(`${date}T00:00:00Z`);

/** Ordered on 5 January 2026 at 10:00, until the end of March. */
function granted(line: object = {}): EntitlementState {
  const [first] = orderBody.lines;
  const body = { ...orderBody, lines: [{ ...first, endsAt: "2026-04-01T00:00:00Z", ...line }] };
  const decision = decideOrder(orderSchema.parse(body), catalog, () => "E-1");
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  return evolve(undefined, decision.events[1] as EntitlementGranted);
}

const decide = (
  { entitlement }: EntitlementState,
  [from, until, told]: [string, string, string],
  paid: object = { price },
  model?: LicenseModel,
) =>
  decideRenewFor(
    entitlement,
    model,
    { startsAt: day(from), endsAt: day(until) },
    { ...decree, ...paid },
    day(told),
  );

function after(state: EntitlementState, ...times: [string, string, string][]): EntitlementState {
  return times.reduce((before, time) => {
    const decision = decide(before, time);
    if (!decision.ok) throw new TypeError(decision.refusal.code);
    return decision.events.reduce<EntitlementState>(evolve, before);
  }, state);
}

const endOf = ({ entitlement }: { entitlement: Entitlement }) =>
  formatInstant(entitlement.endsAt ?? 0).slice(0, 10);

function cancelled(state: EntitlementState, on: string): EntitlementState {
  const decision = decideCancel(state, "gone", day(on));
  if (!decision.ok) throw new TypeError(decision.refusal.code);
  return decision.events.reduce<EntitlementState>(evolve, state);
}

describe("a renewal for a stated time", () => {
  test.each<[string, [string, string, string][], string]>([
    ["that follows", [["2026-04-01", "2026-05-01", "2026-04-01"]], "2026-05-01"],
    ["after a gap", [["2026-06-01", "2026-07-01", "2026-06-02"]], "2026-07-01"],
    ["that is over by now", [["2026-01-05", "2026-04-01", "2026-01-06"]], "2026-04-01"],
    [
      "that comes after the next one, at its own time",
      [
        ["2026-05-01", "2026-06-01", "2026-05-01"],
        ["2026-04-01", "2026-05-01", "2026-04-01"],
      ],
      "2026-06-01",
    ],
  ])("%s ends where it says, and takes no end back", (_what, times, end) => {
    expect(endOf(after(granted(), ...times))).toBe(end);
  });

  test("says the time that its price is for", () => {
    const decision = decide(granted(), ["2026-01-05", "2026-02-05", "2026-01-06"]);
    expect(decision).toMatchObject({
      ok: true,
      events: [
        {
          type: "entitlement.renewed",
          occurred_at: "2026-01-06T00:00:00.000000Z",
          data: { starts_at: "2026-01-05T00:00:00.000000Z", ends_at: "2026-02-05T00:00:00.000000Z", price },
        },
      ],
    });
  });

  test("without a price or a later end is no news", () => {
    expect(decide(granted(), ["2026-01-05", "2026-04-01", "2026-01-06"], {})).toEqual({
      ok: true,
      events: [],
    });
    expect(decide(granted(), ["2026-04-01", "2026-04-02", "2026-01-06"], {})).toMatchObject({
      events: [{ type: "entitlement.renewed" }],
    });
  });

  test("of one that was cancelled is recorded for its price, before the cancellation and after", () => {
    const over = cancelled(granted(), "2026-03-01");
    for (const told of ["2026-02-01", "2026-03-02"])
      expect(decide(over, ["2026-04-01", "2026-05-01", told])).toMatchObject({
        events: [{ data: { price } }],
      });
    const [event] = (
      decide(over, ["2026-04-01", "2026-05-01", "2026-03-02"]) as { events: EntitlementEvent[] }
    ).events;
    const { entitlement } = event ? evolve(over, event) : over;
    expect(entitlement.cancelledAt).toBe(day("2026-03-01"));
  });

  test.each<[string, EntitlementState, [string, string, string], string]>([
    ["before the order", granted(), ["2026-01-05", "2026-02-05", "2026-01-05"], "history_out_of_order"],
    [
      "that reaches further, and is told as of before the last change",
      after(granted(), ["2026-04-01", "2026-05-01", "2026-04-02"]),
      ["2026-05-01", "2026-06-01", "2026-04-01"],
      "history_out_of_order",
    ],
    [
      "where there is no term",
      granted({ licenseModel: "perpetual", endsAt: undefined }),
      ["2026-01-05", "2027-01-05", "2026-01-06"],
      "nothing_to_renew",
    ],
  ])("%s is refused", (_what, state, time, code) => {
    expect(decide(state, time)).toMatchObject({ ok: false, refusal: { code } });
  });

  test("beyond all times is refused", () => {
    const { entitlement } = granted();
    const time = { startsAt: day("2026-04-01"), endsAt: Date.UTC(2200, 0, 2) * 1000 };
    const decision = decideRenewFor(entitlement, undefined, time, decree, day("2026-04-01"));
    expect(decision).toMatchObject({ ok: false, refusal: { code: "term_too_long", field: "endsAt" } });
  });

  test("takes maintenance along where it reaches further", () => {
    const model = { ...(catalog.licenseModels[0] as LicenseModel), maintenance: "P1Y" };
    const state = granted();
    const maintained = {
      ...state,
      entitlement: { ...state.entitlement, maintenanceEndsAt: day("2027-01-05") },
    };
    const [later] = (
      decide(maintained, ["2026-04-01", "2026-05-01", "2026-04-01"], {}, model) as {
        events: { data: unknown }[];
      }
    ).events;
    expect(later?.data).toMatchObject({ maintenance_ends_at: "2027-04-01T00:00:00.000000Z" });
  });

  test("comes to the same end in any order, each price with its own time", () => {
    const months = Array.from({ length: 8 }, (_, i) => {
      const first = (month: number) => formatInstant(Date.UTC(2026, month, 1) * 1000).slice(0, 10);
      return [first(3 + i), first(4 + i), first(3 + i)] as [string, string, string];
    });
    assert(
      fc.property(fc.shuffledSubarray(months, { minLength: 8 }), (told) => {
        let state = granted();
        const paid: string[] = [];
        for (const [from, until] of told) {
          // As soon after it as the history allows.
          const now = Math.max(day(from), state.entitlement.changedAt ?? 0);
          const decision = decideRenewFor(
            state.entitlement,
            undefined,
            { startsAt: day(from), endsAt: day(until) },
            { ...decree, price },
            now,
          );
          if (!decision.ok) return false;
          for (const event of decision.events) {
            state = evolve(state, event);
            if (event.type === "entitlement.renewed") paid.push(event.data.starts_at.slice(0, 10));
          }
        }
        return (
          endOf(state) === "2026-12-01" && paid.toSorted().join() === months.map(([from]) => from).join()
        );
      }),
      { numRuns: 100 },
    );
  });
});
