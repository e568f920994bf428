// Changes of a right: each row is at fault in one thing, and what stands above it in the order of precedence is not.

import { describe, expect, test } from "vitest";
import {
  decideActivate,
  decideCancel,
  decideExtend,
  decideMove,
  decideOverride,
  decideRefresh,
  decideReinstate,
  decideRelease,
  decideReturn,
  decideSplit,
  decideSuspend,
  decideTemporary,
  decideTransfer,
  type EntitlementEvent,
  type EntitlementState,
  evolve,
  type Policy,
  type Refusal,
  type Seat,
  seatLimit,
} from "../../../licensing/index.ts";
import { activate, DAY, fresh, ids, seated, START, type Terms } from "../samples.ts";

type Decided = { ok: true; events: EntitlementEvent[] } | { ok: false; refusal: Refusal };

const decree = { by: "staff", reason: "asked for" };
const NOW = START + 10 * DAY;

function after(state: EntitlementState, decision: Decided): EntitlementState {
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  return decision.events.reduce<EntitlementState>(evolve, state);
}

function seatOf(state: EntitlementState): Seat {
  const [seat] = Array.from(state.seats.values());
  if (!seat) throw new TypeError("no seat");
  return seat;
}

const codeOf = (decision: { ok: true } | { ok: false; refusal: Refusal }) =>
  decision.ok ? "ok" : decision.refusal.code;

const suspended = (state: EntitlementState, at = NOW) =>
  after(state, decideSuspend(state.entitlement, decree, at));
const cancelled = (state: EntitlementState) => after(state, decideCancel(state, "refund", NOW));
const policy: Policy = {
  rehosts: { count: 5, per: "P1Y" },
  returns: { count: 5, per: "P1Y" },
  temporary: { count: 5, per: "P1Y", duration: "P7D" },
  lease: "P30D",
};
const moved = (state: EntitlementState) =>
  after(state, decideMove(state, seatOf(state), "rehost", activate("b"), { generation: null }, NOW, "L-2"));
const returned = (state: EntitlementState) =>
  after(state, decideReturn(state, seatOf(state), { generation: null, hostHash: null }, NOW));

describe("what is shown for a seat, first found first said", () => {
  const old = { generation: 1, hostHash: "hash-of-a" };
  const bound = seated({ policy });
  const rows: [string, EntitlementState, string][] = [
    [
      "a copy, of a seat that ended, of a right that was cancelled",
      cancelled(returned(moved(bound))),
      "license_superseded",
    ],
    ["a copy, of a right that was cancelled", cancelled(moved(bound)), "license_superseded"],
    ["a copy, of a right that rests", suspended(moved(bound)), "license_superseded"],
    ["a copy, of a right that is over", moved(seated({ policy, endsAt: NOW + 1 })), "license_superseded"],
    ["a right that was cancelled, and its seats with it", cancelled(bound), "entitlement_cancelled"],
    ["a seat that ended, of a right that rests", suspended(returned(bound)), "seat_ended"],
  ];
  test.each(rows)("%s", (_what, state, code) => {
    const now = NOW + DAY;
    const seat = seatOf(state);
    const { entitlement } = state;
    expect([
      codeOf(decideRefresh(state, seat, old, now, "L-9")),
      codeOf(decideReturn(state, seat, old, now)),
      codeOf(decideMove(state, seat, "rehost", activate("c"), old, now, "L-9")),
      codeOf(decideMove(state, seat, "repair", activate("c"), old, now, "L-9")),
      codeOf(decideTemporary(entitlement, seat, "failure", "h", now, "L-9", old)),
      codeOf(decideTemporary(entitlement, seat, "renewal_pending", "h", now, "L-9", old)),
    ]).toEqual(Array.from({ length: 6 }, () => code));
  });

  test("another host, of a right that rests", () => {
    const state = suspended(bound);
    const proof = { generation: 1, hostHash: "hash-of-c" };
    expect(codeOf(decideRefresh(state, seatOf(state), proof, NOW, "L-9"))).toBe("wrong_host");
  });

  test("a copy gets nothing that makes good the vendor's mistake; a seat that ended by mistake does", () => {
    const lend = (state: EntitlementState) =>
      codeOf(decideTemporary(state.entitlement, seatOf(state), "vendor_mistake", "h", NOW, "L-9", old));
    expect([lend(moved(bound)), lend(returned(bound))]).toEqual(["license_superseded", "ok"]);
  });

  test("a named user's seat is the user's at any computer, and floats for nobody", () => {
    const state = seated({ metric: "named-user", policy });
    const proof = { generation: 1, hostHash: "hash-of-c" };
    expect(codeOf(decideRefresh(state, seatOf(state), proof, NOW, "L-9"))).toBe("ok");
    expect(codeOf(decideRelease(state, seatOf(state), proof, NOW))).toBe("not_floating");
  });
});

describe("a suspension", () => {
  test("is ended by what comes after it, not by what happened before", () => {
    const { entitlement } = suspended(seated());
    expect(codeOf(decideReinstate(entitlement, decree, NOW - 1))).toBe("history_out_of_order");
    expect(codeOf(decideReinstate(entitlement, decree, NOW))).toBe("ok");
  });

  test.each([
    ["suspended", decideSuspend(suspended(fresh()).entitlement, decree, NOW + 1)],
    ["reinstated", decideReinstate(fresh().entitlement, decree, NOW)],
  ])("%s again is no news", (_what, decision) => {
    expect(decision).toEqual({ ok: true, events: [] });
  });

  test("is not escaped by a split", () => {
    const { entitlement } = suspended(fresh({ quantity: 2 }));
    const split = { quantity: 1, childEntitlementId: "E-2", customerId: "C-1" };
    expect(codeOf(decideSplit(entitlement, split, decree, NOW))).toBe("entitlement_suspended");
  });
});

describe("a split", () => {
  function split(terms: Terms, quantity: number, bound = false) {
    const parent = bound ? seated(terms) : fresh(terms);
    const part = { quantity, childEntitlementId: "E-2", customerId: "C-7" };
    const decision = decideSplit(parent.entitlement, part, decree, NOW);
    if (!decision.ok) return decision.refusal.code;
    const [event, granted] = decision.events;
    return [evolve(parent, event).entitlement, evolve(undefined, granted).entitlement] as const;
  }

  test.each<[Policy["overdraft"], number, number, [number, number]]>([
    [undefined, 5, 2, [3, 2]],
    [2, 5, 2, [5, 2]],
    ["10%", 20, 10, [11, 11]],
    ["10%", 19, 10, [9, 11]],
    ["50%", 3, 1, [3, 1]],
    [1, 2, 1, [2, 1]],
  ])("makes no seat: overdraft %s, %i seats less %i", (overdraft, quantity, part, limits) => {
    const both = split({ quantity, policy: overdraft === undefined ? {} : { overdraft } }, part);
    if (typeof both === "string") throw new TypeError(both);
    expect(both.map(seatLimit)).toEqual(limits);
    expect(both.map((one) => one.quantity)).toEqual([quantity - part, part]);
    const whole = seatLimit(
      fresh({ quantity, policy: overdraft === undefined ? {} : { overdraft } }).entitlement,
    );
    expect(limits[0] + limits[1]).toBeLessThanOrEqual(whole ?? 0);
  });

  test("gives the part the same terms, for its customer, of this parent, without money", () => {
    const both = split({ quantity: 3, endsAt: START + 90 * DAY, policy }, 1);
    if (typeof both === "string") throw new TypeError(both);
    const [parent, child] = both;
    const { model, product, startsAt, endsAt, policy: own } = parent;
    expect(child).toMatchObject({
      model,
      product,
      startsAt,
      endsAt,
      policy: own,
      customerId: "C-7",
      parentEntitlementId: "E-1",
      seatsBound: 0,
    });
  });

  test("gives the part what is left of the allowances, and what staff allowed the whole", () => {
    const state = after(
      moved(seated({ quantity: 3, policy })),
      decideOverride(fresh({ policy }).entitlement, { offline: "P9D", overdraft: 2 }, decree, NOW),
    );
    const decision = decideSplit(
      state.entitlement,
      { quantity: 1, childEntitlementId: "E-2", customerId: "C-7" },
      decree,
      NOW,
    );
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    const [, child] = decision.events;
    // What is stored is text.
    const { entitlement } = evolve(undefined, JSON.parse(JSON.stringify(child)) as typeof child);
    expect(entitlement.uses).toEqual(state.entitlement.uses);
    expect(entitlement.uses.rehosts).toEqual([NOW]);
    expect(entitlement.overrides).toEqual({ offline: "P9D" });
  });

  test.each<[string, Terms, number, boolean]>([
    ["the whole", { quantity: 2 }, 2, false],
    ["more than there is", { quantity: 2 }, 3, false],
    ["a seat that is bound", { quantity: 1, policy: { overdraft: 0 } }, 1, true],
  ])("of %s is refused", (_what, terms, quantity, isBound) => {
    expect(split(terms, quantity, isBound)).toBe("seats_in_use");
  });

  test("moves no seat that is bound: the parent keeps enough", () => {
    const both = split({ quantity: 2 }, 1, true);
    if (typeof both === "string") throw new TypeError(both);
    expect(both.map(({ seatsBound }) => seatsBound)).toEqual([1, 0]);
  });
});

describe("a transfer", () => {
  test("takes the right, its seats and its allowances along", () => {
    const state = moved(seated({ policy }));
    const next = after(state, decideTransfer(state.entitlement, "C-7", decree, NOW));
    expect(next.entitlement).toEqual({ ...state.entitlement, customerId: "C-7", changedAt: NOW });
    expect(next.seats).toBe(state.seats);
  });

  test("to the same customer is no news", () => {
    expect(decideTransfer(fresh().entitlement, "C-42", decree, NOW)).toEqual({ ok: true, events: [] });
  });
});

describe("more and fewer seats", () => {
  test("are not there for what happened before they were added", () => {
    const state = after(seated(), decideExtend(seated().entitlement, 1, decree, NOW));
    expect(state.entitlement).toMatchObject({ quantity: 2, changedAt: NOW });
    const asked = (now: number) => codeOf(decideActivate(state, activate("b"), now, ids("b")));
    expect([asked(NOW - 1), asked(NOW)]).toEqual(["history_out_of_order", "ok"]);
  });

  test("an override that leaves too few is refused", () => {
    const state = seated({ quantity: 1, policy: { overdraft: 1 } });
    expect(codeOf(decideOverride(state.entitlement, { overdraft: 0 }, decree, NOW))).toBe("ok");
    const full = { ...state.entitlement, seatsBound: 2 };
    expect(codeOf(decideOverride(full, { overdraft: 0 }, decree, NOW))).toBe("seats_in_use");
  });

  const changes: [string, (state: EntitlementState, now: number) => Decided][] = [
    ["a suspension", ({ entitlement }, now) => decideSuspend(entitlement, decree, now)],
    ["more seats", ({ entitlement }, now) => decideExtend(entitlement, 1, decree, now)],
    ["a transfer", ({ entitlement }, now) => decideTransfer(entitlement, "C-9", decree, now)],
    ["an override", ({ entitlement }, now) => decideOverride(entitlement, { lease: "P1D" }, decree, now)],
    ["a cancellation", (state, now) => decideCancel(state, "refund", now)],
    ["an activation", (state, now) => decideActivate(state, activate("z"), now, ids("z"))],
    [
      "a refresh",
      (state, now) => decideRefresh(state, seatOf(state), { generation: null, hostHash: null }, now, "L-9"),
    ],
  ];
  test.each(changes)("%s dated before another change is out of order", (_what, decide) => {
    const state = seated({ quantity: 3 });
    const changed = after(state, decideExtend(state.entitlement, 1, decree, NOW));
    expect(codeOf(decide(changed, NOW - 1))).toBe("history_out_of_order");
    expect(codeOf(decide(changed, NOW))).toBe("ok");
  });

  const lessen: [string, (state: EntitlementState) => Decided][] = [
    ["an override", ({ entitlement }) => decideOverride(entitlement, { lease: "P1D" }, decree, START)],
    ["a transfer", ({ entitlement }) => decideTransfer(entitlement, "C-7", decree, START)],
  ];
  test.each(lessen)("%s dated before a seat was taken is out of order", (_what, decide) => {
    const later = moved(seated({ policy }));
    expect(codeOf(decide(later))).toBe("history_out_of_order");
  });
});
