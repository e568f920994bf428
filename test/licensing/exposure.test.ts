// What a policy is said to cost at the worst, against someone who does the worst.

import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDuration,
  decideActivate,
  decideMove,
  decideReturn,
  decideTemporary,
  type EntitlementEvent,
  type EntitlementState,
  evolve,
  exposureOf,
  type Instant,
  type Policy,
  presets,
  type Refusal,
} from "../../licensing/index.ts";
import { activate, at, DAY, fresh, ids, START } from "./samples.ts";

/** A license that runs on a host which its seat has left, or beside the seat: when it was got, left, and when it stops. */
interface Copy {
  at: Instant;
  stopsAt: Instant;
}

/** Takes everything that one seat's policy gives, day by day, and keeps what is left behind. */
function greed(policy: Policy, days: number, from = START): Copy[] {
  let state: EntitlementState = fresh({ policy, startsAt: from });
  const copies: Copy[] = [];
  let hosts = 0;
  const grace = (end: Instant | null): Instant =>
    end === null ? Infinity : policy.grace === undefined ? end : addDuration(end, policy.grace);
  const take = (
    decision: { ok: true; events: EntitlementEvent[] } | { ok: false; refusal: Refusal },
  ): boolean => {
    if (decision.ok) state = decision.events.reduce<EntitlementState>(evolve, state);
    return decision.ok;
  };
  const held = () => Array.from(state.seats.values()).find(({ endedAt }) => endedAt === null);
  for (let day = 0; day < days; day += 1) {
    const now = from + day * DAY;
    for (;;) {
      hosts += 1;
      const host = activate(`host-${hosts}`);
      if (!held()) take(decideActivate(state, host, now, ids(hosts)));
      // The longest license that there is, before it is left behind.
      const own = held();
      if (!own) return copies;
      const offline = { ...activate(`host-${hosts}`), hostHash: own.hostHash ?? "", isOffline: true };
      take(decideActivate(state, offline, now, ids(`offline-${hosts}`)));
      const seat = held() ?? own;
      const next = activate(`next-${hosts}`);
      const proof = { generation: seat.generation, hostHash: seat.hostHash };
      const isLeft =
        take(decideMove(state, seat, "rehost", next, proof, now, `L-r-${hosts}`)) ||
        take(decideMove(state, seat, "repair", next, proof, now, `L-p-${hosts}`)) ||
        take(decideReturn(state, seat, proof, now));
      if (!isLeft) break;
      copies.push({ at: now, stopsAt: grace(seat.license?.expiresAt ?? null) });
    }
    for (;;) {
      const seat = held();
      if (!seat) break;
      const decision = decideTemporary(state.entitlement, seat, "failure", "h", now, `L-t-${copies.length}`);
      if (!decision.ok) break;
      state = evolve(state, decision.event);
      copies.push({ at: now, stopsAt: grace(Date.parse(decision.event.data.expires_at) * 1000) });
    }
  }
  return copies;
}

const per = fc.constantFrom("P7D", "P30D", "P1M", "P2M", "P100D", "P300D", "P1Y");
const length = fc.constantFrom("P1D", "P14D", "P1M", "P6M");
const countPer = fc.record({ count: fc.nat({ max: 2 }), per });
const policies: fc.Arbitrary<Policy> = fc.record(
  {
    rehosts: countPer,
    returns: countPer,
    repairs: countPer,
    temporary: fc.record({ count: fc.nat({ max: 2 }), per, duration: length }),
    lease: length,
    grace: length,
    offline: length,
  },
  { requiredKeys: [] },
);

function holds(policy: Policy, days: number, from: Instant): void {
  const { copiesPerYear, longestDays, copyDaysPerYear } = exposureOf(policy, "node-locked");
  const copies = greed(policy, days, from);
  for (const { at: begin } of copies) {
    const inYear = copies.filter((copy) => copy.at >= begin && copy.at < begin + 365 * DAY);
    expect(inYear.length).toBeLessThanOrEqual(copiesPerYear ?? Infinity);
    const ran = inYear.map((copy) => (copy.stopsAt - copy.at) / DAY);
    expect(Math.max(...ran)).toBeLessThanOrEqual(longestDays ?? Infinity);
    expect(ran.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual((copyDaysPerYear ?? Infinity) + 0.5);
  }
}

describe("the exposure of a policy", () => {
  test("bounds what is left behind by whoever uses every allowance as early as it can", () => {
    assert(
      fc.property(policies, fc.constantFrom("2026-01-31", "2027-07-01", "2028-02-29"), (policy, day) =>
        holds(policy, 420, at(`${day}T00:00:00Z`)),
      ),
      { numRuns: 60 },
    );
  });

  test.each(Object.entries(presets))("of %s is what someone greedy gets, and no more", (_name, policy) => {
    holds(policy, 400, START);
    expect(greed(policy, 365).length).toBe(exposureOf(policy, "node-locked").copiesPerYear);
  });

  test.each<[string, Policy, number, RegExp | null]>([
    ["nothing that is allowed", {}, 0, null],
    ["moves without a lease", { rehosts: { count: 1, per: "P1Y" } }, 1, /no lease/],
    ["two periods that begin within a year", { rehosts: { count: 2, per: "P300D" }, lease: "P1D" }, 4, null],
    [
      "periods of 28 days, fourteen of which begin within a year",
      { rehosts: { count: 1, per: "P28D" }, lease: "P1D" },
      14,
      null,
    ],
    [
      "more days of copies than a second seat",
      { rehosts: { count: 13, per: "P1Y" }, lease: "P30D" },
      13,
      /second seat/,
    ],
    ["a grace beyond the lease", { lease: "P1D", grace: "P2D" }, 0, /grace is longer/],
  ])("counts and warns: %s", (_what, policy, copiesPerYear, warning) => {
    const exposure = exposureOf(policy, "node-locked");
    expect(exposure.copiesPerYear).toBe(copiesPerYear);
    expect(exposure.warnings.join(" ")).toMatch(warning ?? /^$/);
  });
});
