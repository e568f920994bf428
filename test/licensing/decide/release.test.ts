// A floating seat that goes back to its pool: what its host could still run is bounded, and told.

import { describe, expect, test } from "vitest";
import {
  decideActivate,
  decideRelease,
  decideReturn,
  type EntitlementState,
  evolve,
  exposureOf,
  type Instant,
  type Policy,
} from "../../../licensing/index.ts";
import { activate, DAY, fresh, HOUR, ids, START } from "../samples.ts";

const pool = (quantity: number, policy: Policy = { lease: "PT4H" }) =>
  fresh({ metric: "floating", quantity, policy });

/** One host after another takes a seat and gives it back at once, as long as the pool lets them. */
function takeTurns(before: EntitlementState, now: Instant, most: number, borrowFor?: string) {
  let state = before;
  const ends: Instant[] = [];
  for (let i = 0; i < most; i += 1) {
    const host = { ...activate(`${now}-${i}`), ...(borrowFor === undefined ? {} : { borrowFor }) };
    const taken = decideActivate(state, host, now, ids(`${now}-${i}`));
    if (!taken.ok) return { state, ends, refusal: taken.refusal };
    const held = taken.events.reduce<EntitlementState>(evolve, state);
    const seat = held.seats.get(taken.activationId);
    if (!seat?.license) throw new TypeError("no license came of it");
    const proof = { generation: seat.generation, hostHash: seat.hostHash };
    const released = decideRelease(held, seat, proof, now);
    // A client that is told no keeps its seat, which is counted.
    state = released.ok ? released.events.reduce<EntitlementState>(evolve, held) : held;
    if (!released.ok) return { state, ends, refusal: released.refusal };
    ends.push(seat.license.expiresAt ?? Infinity);
  }
  return { state, ends, refusal: undefined };
}

describe("a release", () => {
  test("leaves no more licenses behind at a time than there are seats, and says when it can again", () => {
    const { ends, refusal } = takeTurns(pool(3), START, 10);
    expect(ends).toHaveLength(3);
    expect(refusal).toMatchObject({
      code: "releases_used_up",
      rule: "releases",
      passesAt: START + 4 * HOUR,
    });
  });

  test("is for ever free where each license ends before the next host has done", () => {
    let state = pool(1);
    for (let turn = 0; turn < 50; turn += 1) {
      const next = takeTurns(state, START + turn * 4 * HOUR, 1);
      expect(next.refusal).toBeUndefined();
      ({ state } = next);
    }
    expect(state.entitlement.looseEnds).toHaveLength(1);
  });

  test("of a seat whose lease is over leaves nothing behind", () => {
    const full = takeTurns(pool(1), START, 1).state;
    const taken = decideActivate(full, activate("late"), START, ids("late"));
    const held = taken.ok ? taken.events.reduce<EntitlementState>(evolve, full) : full;
    const seat = held.seats.get("A-late");
    if (!seat) throw new TypeError("no seat");
    const proof = { generation: 1, hostHash: seat.hostHash };
    expect(decideReturn(held, seat, proof, START + 4 * HOUR - 1)).toMatchObject({ ok: false });
    expect(decideReturn(held, seat, proof, START + 4 * HOUR)).toMatchObject({ ok: true });
  });

  test.each<[string, Policy, string | undefined]>([
    ["of hours", { lease: "PT4H" }, undefined],
    ["of a day, and seats that are taken along for a week", { lease: "P1D", borrow: "P7D" }, "P7D"],
  ])(
    "by whoever takes turns for months costs what the exposure says, under a lease %s",
    (_what, policy, far) => {
      const { looseCopies, longestDays, copyDaysPerYear, copiesPerYear } = exposureOf(policy, "floating");
      let state = pool(2, policy);
      const copies: { at: Instant; end: Instant }[] = [];
      const played = 60;
      for (let now = START; now < START + played * DAY; now += 3 * HOUR) {
        const turn = takeTurns(state, now, 5, far);
        ({ state } = turn);
        copies.push(...turn.ends.map((end) => ({ at: now, end })));
      }
      const ran = copies.map(({ at, end }) => (end - at) / DAY);
      expect(copiesPerYear).toBeNull();
      expect(Math.max(...ran)).toBe(longestDays);
      expect(ran.reduce((a, b) => a + b, 0) / 2).toBeLessThanOrEqual((copyDaysPerYear ?? 0) - (365 - played));
      for (const { at } of copies) {
        const running = copies.filter((copy) => copy.at <= at && at < copy.end).length;
        expect(running).toBeLessThanOrEqual(2 * looseCopies);
      }
    },
  );
});
