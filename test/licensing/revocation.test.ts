// What is listed, and for how long: see test/simulation for the same against a plain set, over whole lives.

import { describe, expect, test } from "vitest";
import {
  decideActivate,
  decideCancel,
  decideMove,
  decideOverride,
  decideRefresh,
  decideReinstate,
  decideRevoke,
  decideSuspend,
  decideTemporary,
  type EntitlementEvent,
  type EntitlementState,
  evolve,
  type Policy,
  type Refusal,
  revocationOf,
  type Seat,
} from "../../licensing/index.ts";
import { activate, DAY, fresh, ids, seated, START } from "./samples.ts";

type Decided = { ok: true; events: EntitlementEvent[] } | { ok: false; refusal: Refusal };
type Change = (state: EntitlementState) => Decided;

const decree = { by: "staff", reason: "asked for" };
const rehosts = { count: 5, per: "P1Y" };

function seatOf({ seats }: EntitlementState): Seat {
  const [seat] = Array.from(seats.values());
  if (!seat) throw new TypeError("no seat");
  return seat;
}

/** Of a seat, its name and the generation up to which all is listed; else what is listed, and its name. */
type Entry = (string | number | boolean | null)[];

/** The changes of the list over some commands. */
function listed(state: EntitlementState, ...changes: Change[]): Entry[] {
  const list: Entry[] = [];
  let now = state;
  for (const change of changes) {
    const decision = change(now);
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    for (const event of decision.events) {
      const entry = revocationOf(now, event);
      if (entry?.kind === "activation") list.push([entry.id, entry.generation, entry.isRevoked, entry.until]);
      else if (entry) list.push([entry.kind, entry.id, entry.isRevoked, entry.until]);
      now = evolve(now, event);
    }
  }
  return list;
}

const refresh =
  (day: number): Change =>
  (state) =>
    decideRefresh(state, seatOf(state), { generation: null, hostHash: null }, START + day * DAY, `L-${day}`);
const rehost =
  (day: number): Change =>
  (state) =>
    decideMove(
      state,
      seatOf(state),
      "rehost",
      activate(`b-${day}`),
      { generation: null },
      START + day * DAY,
      `L-${day}`,
    );
const revoke =
  (day: number): Change =>
  (state) =>
    decideRevoke(state, seatOf(state), START + day * DAY);
const offline =
  (day: number): Change =>
  (state) =>
    decideActivate(state, { ...activate("a"), isOffline: true }, START + day * DAY, ids(day));
const temporary =
  (day: number): Change =>
  (state) => {
    const decision = decideTemporary(
      state.entitlement,
      seatOf(state),
      "failure",
      "hash-of-b",
      START + day * DAY,
      `L-${day}`,
    );
    return decision.ok ? { ok: true, events: [decision.event] } : decision;
  };
const override =
  (policy: Policy): Change =>
  ({ entitlement }) =>
    decideOverride(entitlement, policy, decree, START + DAY);

const lease = (more: Policy = {}) => seated({ policy: { lease: "P10D", rehosts, ...more } });
const rows: [string, EntitlementState, Change[], Entry[]][] = [
  ["a new seat, and its refreshes: nothing", lease(), [refresh(5), refresh(9)], []],
  [
    "the license that a move leaves, until it ends",
    lease(),
    [rehost(2)],
    [["A-a", 1, true, START + 10 * DAY]],
  ],
  [
    "each license that several moves leave",
    lease(),
    [rehost(2), rehost(3)],
    [
      ["A-a", 1, true, START + 10 * DAY],
      ["A-a", 2, true, START + 12 * DAY],
    ],
  ],
  [
    "all that a host got for its seat, as long as the longest of it runs",
    lease({ offline: "P90D" }),
    [offline(1), refresh(2), rehost(3)],
    [
      ["license", "L-1", true, START + 91 * DAY],
      ["A-a", 1, true, START + 91 * DAY],
    ],
  ],
  [
    "a longer one of an older generation on",
    lease({ offline: "P90D" }),
    [offline(1), rehost(3), rehost(4)],
    [
      ["A-a", 1, true, START + 91 * DAY],
      ["A-a", 2, true, START + 91 * DAY],
    ],
  ],
  [
    "a temporary license beside the seat",
    lease({ temporary: { count: 1, per: "P1Y", duration: "P20D" } }),
    [temporary(1), revoke(2)],
    [["A-a", 1, true, START + 21 * DAY]],
  ],
  [
    "without a grace where seats float: the next host has the seat at once",
    seated({ metric: "floating", policy: { lease: "P10D", grace: "P3D" } }),
    [revoke(2)],
    [["A-a", 1, true, START + 10 * DAY]],
  ],
  [
    "until its grace is over, for so long it would run",
    lease({ grace: "P3D" }),
    [rehost(2)],
    [["A-a", 1, true, START + 13 * DAY]],
  ],
  [
    "also in its grace, when its lease is over",
    lease({ grace: "P3D" }),
    [rehost(12)],
    [["A-a", 1, true, START + 13 * DAY]],
  ],
  ["not after it", lease({ grace: "P3D" }), [rehost(13)], []],
  [
    "by the grace that it was made with, though the policy has less by now",
    lease({ grace: "P3D" }),
    [override({ grace: "P1D" }), rehost(2)],
    [["A-a", 1, true, START + 13 * DAY]],
  ],
  ["without end where it has none", seated({ policy: { rehosts } }), [revoke(2)], [["A-a", 1, true, null]]],
  [
    "a license for a host that never calls, when the host gets a shorter one",
    lease({ offline: "P90D" }),
    [offline(1), refresh(2)],
    [["license", "L-1", true, START + 91 * DAY]],
  ],
];

describe("the list of revocations names", () => {
  test.each(rows)("%s", (_what, state, changes, expected) => {
    expect(listed(state, ...changes)).toEqual(expected);
  });

  test("a whole entitlement while it rests, and for good when it is cancelled", () => {
    const changes: Change[] = [
      ({ entitlement }) => decideSuspend(entitlement, decree, START + DAY),
      ({ entitlement }) => decideReinstate(entitlement, decree, START + 2 * DAY),
      (state) => decideCancel(state, "refund", START + 3 * DAY),
    ];
    expect(listed(fresh(), ...changes)).toEqual([
      ["entitlement", "E-1", true, null],
      ["entitlement", "E-1", false, null],
      ["entitlement", "E-1", true, null],
    ]);
  });
});

test("a floating seat that is taken along is not shortened by a refresh: it would be another's while it still runs", () => {
  const state = seated({ metric: "floating", policy: { lease: "P1D", borrow: "P9D" } });
  const borrow: Change = (it) =>
    decideActivate(it, { ...activate("a"), borrowFor: "P9D" }, START, ids("far"));
  const after = [borrow, refresh(1)].reduce((it, change) => {
    const decision = change(it);
    return decision.ok ? decision.events.reduce<EntitlementState>(evolve, it) : it;
  }, state);
  expect(seatOf(after).license).toMatchObject({ licenseId: "L-1", expiresAt: START + 9 * DAY });
  const other = (day: number) => decideActivate(after, activate("b"), START + day * DAY, ids("b"));
  expect(other(8)).toMatchObject({
    ok: false,
    refusal: { code: "no_seats_left", passesAt: START + 9 * DAY },
  });
  expect(other(9)).toMatchObject({ ok: true });
});
