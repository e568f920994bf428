import { describe, expect, test } from "vitest";
import {
  type ActivateCommand,
  decideActivate,
  decideCancel,
  type EntitlementState,
  evolve,
  formatInstant,
  type Instant,
  licenseEnd,
} from "../../../licensing/index.ts";
import { activate, at, DAY, fresh, HOUR, ids, SECOND, START, type Terms } from "../samples.ts";

type Request = [host: string, now: Instant, user?: string];

/** What came of a request: the types of the events, or the code of the refusal. */
function outcome(state: EntitlementState, command: ActivateCommand, now: Instant): string[] | string {
  const decision = decideActivate(state, command, now, ids("new"));
  return decision.ok ? decision.events.map(({ type }) => type) : decision.refusal.code;
}

function refusalOf(state: EntitlementState, command: ActivateCommand, now: Instant) {
  const decision = decideActivate(state, command, now, ids("new"));
  return decision.ok ? undefined : decision.refusal;
}

/** The state after requests, each of which has to be granted. */
function after(terms: Terms, ...requests: Request[]): EntitlementState {
  return requests.reduce((state, [host, now, user], i) => {
    const decision = decideActivate(state, activate(host, user), now, ids(i));
    if (!decision.ok) throw new TypeError(decision.refusal.detail);
    return decision.events.reduce(evolve, state);
  }, fresh(terms));
}

function cancelled(state: EntitlementState, now: Instant): EntitlementState {
  const decision = decideCancel(state, "refund", now);
  return decision.ok ? decision.events.reduce(evolve, state) : state;
}

const SEAT = ["activation.bound", "license.issued"];
const LAPSE = ["activation.ended"];
const lent = { metric: "floating", policy: { lease: "PT1H" } } as const;

describe("refusals, first found first said", () => {
  const term = { startsAt: START + DAY, endsAt: START + 3 * DAY };
  const withinTerm = START + 2 * DAY;
  // Each row is at fault in what its name says, and in all that stands below it as far as that can be.
  const named = { ...term, metric: "named-user" } as const;
  const full = after(named, ["a", withinTerm, "ada"]);
  const rows: [string, EntitlementState, Instant, string][] = [
    ["the order was cancelled later", cancelled(full, START + 2.5 * DAY), START, "history_out_of_order"],
    [
      "cancelled, and the term is over",
      cancelled(full, START + 2.5 * DAY),
      START + 3 * DAY,
      "entitlement_cancelled",
    ],
    ["cancelled, and the term has not begun", cancelled(fresh(named), START), START, "entitlement_cancelled"],
    ["the term has not begun, and the user is missing", full, START, "entitlement_not_started"],
    ["the term is over, and the user is missing", full, START + 3 * DAY, "entitlement_expired"],
    ["the user is missing, and all seats are in use", full, withinTerm, "user_required"],
  ];
  test.each(rows)("%s", (_what, state, now, code) => {
    expect(outcome(state, activate("b"), now)).toBe(code);
  });

  test("all seats are in use", () => {
    expect(outcome(full, activate("b", "bob"), withinTerm)).toBe("no_seats_left");
  });

  test.each([
    ["a microsecond before the term", START + DAY - 1, "entitlement_not_started"],
    ["at its start", START + DAY, SEAT],
    ["a microsecond before its end", START + 3 * DAY - 1, SEAT],
    ["exactly at its end", START + 3 * DAY, "entitlement_expired"],
  ])("%s", (_when, now, expected) => {
    expect(outcome(fresh(term), activate("a"), now)).toEqual(expected);
  });

  test("a term that has not begun says when the request would pass", () => {
    const refusal = refusalOf(fresh(term), activate("a"), START);
    expect(refusal?.passesAt).toBe(term.startsAt);
    expect(outcome(fresh(term), activate("a"), term.startsAt)).toEqual(SEAT);
  });

  test("the end of a term, a cancellation and a full house do not pass by waiting", () => {
    const seats = after({}, ["a", START]);
    expect(refusalOf(fresh({ endsAt: START + 1 }), activate("a"), START + 1)?.passesAt).toBeUndefined();
    expect(refusalOf(cancelled(fresh(), START), activate("a"), START)?.passesAt).toBeUndefined();
    expect(refusalOf(seats, activate("b"), START)?.passesAt).toBeUndefined();
  });
});

describe("seats", () => {
  const counts: [string, Terms, number][] = [
    ["one by default", {}, 1],
    ["as many as were bought", { quantity: 3 }, 3],
    ["an overdraft beyond them", { quantity: 2, policy: { overdraft: 2 } }, 4],
    ["an overdraft in percent, rounded down", { quantity: 3, policy: { overdraft: "50%" } }, 4],
    ["no overdraft of less than a seat", { quantity: 3, policy: { overdraft: "33%" } }, 3],
    ["a floating pool", { ...lent, quantity: 2 }, 2],
  ];
  test.each(counts)("%s", (_what, terms, expected) => {
    const hosts = Array.from({ length: expected }, (_, i): Request => [`host-${i}`, START + i]);
    const state = after(terms, ...hosts);
    expect(state.entitlement.seatsBound).toBe(expected);
    expect(outcome(state, activate("one more"), START + SECOND)).toBe("no_seats_left");
  });

  test.each(["site", "metered"] as const)("without limit where the metric is %s", (metric) => {
    const hosts = Array.from({ length: 50 }, (_, i): Request => [`host-${i}`, START + i]);
    const state = after({ metric }, ...hosts);
    expect(outcome(state, activate("one more"), START + SECOND)).toEqual(SEAT);
    expect(state.entitlement.seatsBound).toBe(50);
  });

  test("a host that asks again keeps its seat: no event, and none refused", () => {
    const state = after({}, ["a", START]);
    expect(outcome(state, activate("a"), START + DAY)).toEqual([]);
    expect(decideActivate(state, activate("a"), START + DAY, ids("new"))).toMatchObject({ ok: true });
  });

  test("a host is known by itself: another user or platform on it takes no second seat", () => {
    const state = after({}, ["a", START]);
    const upgraded = activate("a", "bob");
    upgraded.platform.osVersion = "12";
    expect(outcome(state, upgraded, START + DAY)).toEqual([]);
  });

  test("a named user is known by name: another host of theirs takes no second seat, another user does", () => {
    const state = after({ metric: "named-user", quantity: 2 }, ["a", START, "ada"]);
    expect(outcome(state, activate("b", "ada"), START)).toEqual([]);
    expect(outcome(state, activate("a", "bob"), START)).toEqual(SEAT);
    expect(outcome(state, activate("a"), START)).toBe("user_required");
  });

  test("tells a user's hash only where the metric binds users", () => {
    const [hosts, users] = (["node-locked", "named-user"] as const).map((metric) =>
      Array.from(after({ metric }, ["a", START, "ada"]).seats.values(), ({ userHash }) => userHash),
    );
    expect(hosts).toEqual([null]);
    expect(users).toEqual(["hash-of-ada"]);
  });
});

describe("a license", () => {
  const start = at("2026-01-31T10:00:00Z");
  test.each([
    ["has no end without lease and term", undefined, null, null],
    ["ends with the term", undefined, "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"],
    ["ends with the lease before the term", "P1M", "2026-06-01T00:00:00Z", "2026-02-28T10:00:00Z"],
    ["ends with the term before the lease", "P1Y", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"],
    ["ends with the lease where there is no term", "PT1S", null, "2026-01-31T10:00:01Z"],
  ])("%s", (_what, lease, endsAt, expected) => {
    const instant = (text: string | null) => (text === null ? null : at(text));
    expect(licenseEnd(lease, instant(endsAt), start)).toBe(instant(expected));
  });

  test.each([
    ["still runs a microsecond before its lease ends", HOUR - 1, []],
    ["is made anew exactly when its lease ends", HOUR, ["license.issued"]],
  ])("%s", (_what, later, expected) => {
    const state = after({ policy: { lease: "PT1H" } }, ["a", START]);
    expect(outcome(state, activate("a"), START + later)).toEqual(expected);
  });

  test("is made anew for the same seat, with another ID", () => {
    const state = after({ policy: { lease: "PT1H" } }, ["a", START]);
    const decision = decideActivate(state, activate("a"), START + HOUR, ids("new"));
    expect(decision).toMatchObject({
      events: [{ activation_id: "A-0", license_id: "L-new", data: { reason: "reissued", generation: 1 } }],
    });
    expect(
      after({ policy: { lease: "PT1H" } }, ["a", START], ["a", START + HOUR]).entitlement.seatsBound,
    ).toBe(1);
  });
});

describe("a floating seat", () => {
  const full = () => after(lent, ["a", START]);

  test("is refused while it is lent, and the refusal says when its lease ends", () => {
    const refusal = refusalOf(full(), activate("b"), START + HOUR - 1);
    expect([refusal?.code, refusal?.passesAt]).toEqual(["no_seats_left", START + HOUR]);
  });

  test("is taken over exactly when its lease ends; the end is dated then, however late it is noticed", () => {
    expect(outcome(full(), activate("b"), START + HOUR)).toEqual([...LAPSE, ...SEAT]);
    const decision = decideActivate(full(), activate("b"), START + DAY, ids("new"));
    expect(decision).toMatchObject({
      events: [{ occurred_at: formatInstant(START + HOUR), activation_id: "A-0" }, {}, {}],
    });
  });

  test("stays with its host after its lease, where nobody else took it", () => {
    expect(outcome(full(), activate("a"), START + DAY)).toEqual(["license.issued"]);
  });

  test("is lost to its host after another took it", () => {
    const state = after(lent, ["a", START], ["b", START + HOUR]);
    expect(outcome(state, activate("a"), START + HOUR + 1)).toBe("no_seats_left");
  });

  test("passes when the next lease in use ends, whatever ended before", () => {
    const state = after(lent, ["a", START], ["b", START + 2 * HOUR]);
    expect(refusalOf(state, activate("c"), START + 2.5 * HOUR)?.passesAt).toBe(START + 3 * HOUR);
  });

  test("never passes where the term ends no later than the next lease", () => {
    const state = after({ ...lent, endsAt: START + HOUR / 2 }, ["a", START]);
    const refusal = refusalOf(state, activate("b"), START + 1);
    expect([refusal?.code, refusal?.passesAt]).toEqual(["no_seats_left", undefined]);
  });

  test("all that lapsed fall free at once, and only they", () => {
    const state = after({ ...lent, quantity: 3 }, ["a", START], ["b", START], ["c", START + 1]);
    expect(outcome(state, activate("d"), START + HOUR)).toEqual([...LAPSE, ...LAPSE, ...SEAT]);
  });

  test("only a lease that is lent lapses: a node-locked seat stays its host's", () => {
    const state = after({ policy: { lease: "PT1H" } }, ["a", START]);
    expect(outcome(state, activate("b"), START + DAY)).toBe("no_seats_left");
  });

  test("is not granted in a past in which more seats were taken than are now", () => {
    const state = after({ ...lent, quantity: 2 }, ["a", START], ["b", START], ["c", START + DAY]);
    expect(state.entitlement.seatsBound).toBe(1);
    expect(outcome(state, activate("d"), START + HOUR / 2)).toBe("history_out_of_order");
    expect(outcome(state, activate("c"), START + HOUR / 2)).toEqual([]);
    expect(outcome(state, activate("d"), START + HOUR)).toEqual(SEAT);
  });
});
