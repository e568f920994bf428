import { describe, expect, test } from "vitest";
import {
  decideMove,
  decideOverride,
  decideTemporary,
  type EntitlementState,
  evolve,
  formatInstant,
  type Instant,
  type Policy,
  type Refusal,
} from "../../licensing/index.ts";
import { activate, at, DAY, seated, START, type Terms } from "./samples.ts";

/** Moves the one seat to a host that never had it. */
function move(state: EntitlementState, now: Instant, kind: "rehost" | "repair" = "rehost") {
  const [seat] = Array.from(state.seats.values());
  if (!seat) throw new TypeError("no seat");
  const to = activate(`host-at-${now}`);
  return decideMove(state, seat, kind, to, { generation: null }, now, `L-${now}`);
}

/** The state after moves, each of which has to be granted. */
function moved(state: EntitlementState, ...times: Instant[]): EntitlementState {
  return times.reduce((before, now) => {
    const decision = move(before, now);
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    return decision.events.reduce<EntitlementState>(evolve, before);
  }, state);
}

function refusalAt(state: EntitlementState, now: Instant): Refusal | null {
  const decision = move(state, now);
  return decision.ok ? null : decision.refusal;
}

const allow = (count: number, per: string, more: Terms = {}) =>
  seated({ ...more, policy: { rehosts: { count, per } } });

describe("an allowance in a sliding period", () => {
  test.each<[string, [number, string], string[], string, string | null]>([
    ["is open before it is used", [1, "P30D"], [], "2026-01-10T00:00:00Z", null],
    [
      "is closed to the microsecond before the period is over",
      [1, "P30D"],
      ["2026-01-10T00:00:00Z"],
      "2026-02-08T23:59:59.999999Z",
      "2026-02-09T00:00:00Z",
    ],
    ["is open again exactly then", [1, "P30D"], ["2026-01-10T00:00:00Z"], "2026-02-09T00:00:00Z", null],
    [
      "counts from the oldest of its uses, not from the last",
      [2, "P30D"],
      ["2026-01-10T00:00:00Z", "2026-01-30T00:00:00Z"],
      "2026-02-01T00:00:00Z",
      "2026-02-09T00:00:00Z",
    ],
    [
      "has one use when the oldest has left, and not two",
      [2, "P30D"],
      ["2026-01-10T00:00:00Z", "2026-01-30T00:00:00Z", "2026-02-09T00:00:00Z"],
      "2026-02-09T00:00:01Z",
      "2026-03-01T00:00:00Z",
    ],
    [
      "of a month ends at the last day of a shorter one",
      [1, "P1M"],
      ["2026-01-31T12:00:00Z"],
      "2026-02-28T11:59:59Z",
      "2026-02-28T12:00:00Z",
    ],
    ["of a month, over a month's end", [1, "P1M"], ["2026-01-31T12:00:00Z"], "2026-02-28T12:00:00Z", null],
    [
      "of a year from a leap day ends on 28 February",
      [1, "P1Y"],
      ["2028-02-29T00:00:00Z"],
      "2029-02-27T00:00:00Z",
      "2029-02-28T00:00:00Z",
    ],
  ])("%s", (_what, [count, per], uses, now, passesAt) => {
    const state = moved(allow(count, per), ...uses.map(at));
    const refusal = refusalAt(state, at(now));
    expect(refusal && [refusal.code, formatInstant(refusal.passesAt ?? 0)]).toEqual(
      passesAt && ["rehosts_used_up", formatInstant(at(passesAt))],
    );
  });

  test.each([{}, { rehosts: { count: 0, per: "P1Y" } }])(
    "that allows nothing never passes: %o",
    (policy: Policy) => {
      const refusal = refusalAt(seated({ policy }), START + DAY);
      expect([refusal?.code, refusal?.passesAt]).toEqual(["rehosts_used_up", undefined]);
    },
  );

  test.each([
    ["names no time at which the term is over", START + 30 * DAY, undefined],
    ["names the time while the term still runs then", START + 31 * DAY + 1, START + 31 * DAY],
  ])("%s", (_what, endsAt, passesAt) => {
    const state = moved(allow(1, "P30D", { endsAt }), START + DAY);
    const refusal = refusalAt(state, START + 2 * DAY);
    expect([refusal?.code, refusal?.passesAt]).toEqual(["rehosts_used_up", passesAt]);
  });

  test("counts what was used under the policy before, where a new one counts more", () => {
    const often = moved(allow(1, "P1D"), START + DAY, START + 2 * DAY, START + 3 * DAY);
    const now = START + 4 * DAY;
    const decree = { by: "staff", reason: "asked for" };
    const decision = decideOverride(often.entitlement, { rehosts: { count: 3, per: "P1Y" } }, decree, now);
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    const state = decision.events.reduce<EntitlementState>(evolve, often);
    expect(refusalAt(state, now)?.code).toBe("rehosts_used_up");
  });

  test("is its own: moves leave repairs as they are", () => {
    const policy = { rehosts: { count: 1, per: "P1Y" }, repairs: { count: 1, per: "P1Y" } };
    const state = moved(seated({ policy }), START + DAY);
    expect(refusalAt(state, START + 2 * DAY)?.code).toBe("rehosts_used_up");
    expect(move(state, START + 2 * DAY, "repair").ok).toBe(true);
  });

  test("is not touched by what makes good the vendor's mistake", () => {
    const policy = { temporary: { count: 1, per: "P1Y", duration: "P7D" } };
    const state = seated({ policy });
    const lend = (it: EntitlementState, kind: "failure" | "vendor_mistake") => {
      const [seat] = Array.from(it.seats.values());
      if (!seat) throw new TypeError("no seat");
      const decision = decideTemporary(it.entitlement, seat, kind, "h", START + DAY, "L-t");
      return decision.ok ? evolve(it, decision.event) : decision.refusal.code;
    };
    const mistaken = lend(state, "vendor_mistake");
    if (typeof mistaken === "string") throw new TypeError(mistaken);
    const failed = lend(mistaken, "failure");
    if (typeof failed === "string") throw new TypeError(failed);
    expect(lend(failed, "failure")).toBe("temporary_used_up");
    expect(lend(failed, "vendor_mistake")).not.toBe("temporary_used_up");
  });
});
