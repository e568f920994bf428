// The promise about copies, held against sequences of commands that nobody thought of.

import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ActivateCommand,
  decideActivate,
  decideCancel,
  type EntitlementEvent,
  type EntitlementState,
  evolve,
  isSeatOf,
  type Metric,
  type Seat,
  seatLimit,
} from "../../licensing/index.ts";
import { activate, granted, HOUR, ids, START, type Terms } from "./samples.ts";

type Command =
  { kind: "activate"; host: number; user: number | null; now: number } | { kind: "cancel"; now: number };

const metrics: Metric[] = ["node-locked", "floating", "named-user", "site", "metered"];

const terms = (metric: Metric): fc.Arbitrary<Terms> =>
  fc.record({
    metric: fc.constant(metric),
    quantity: fc.integer({ min: 1, max: 3 }),
    policy: fc.record(
      {
        lease: fc.constantFrom("PT1H", "PT5H"),
        overdraft: fc.constantFrom<(number | string)[]>(0, 1, "50%"),
      },
      { requiredKeys: metric === "floating" ? ["lease"] : [] },
    ),
    endsAt: fc.constantFrom(null, START + 30 * HOUR),
  });

// Times in whole hours, so that commands meet the ends of leases and terms exactly, as often as not.
const hour = fc.integer({ min: -2, max: 40 }).map((hours) => START + hours * HOUR);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant("activate" as const),
      host: fc.integer({ min: 0, max: 5 }),
      user: fc.constantFrom(null, 0, 1, 2, 3, 4, 5),
      now: hour,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), now: hour }) },
);

/** Sequences as a clock gives them, and as history comes in when nobody sorted it. */
const commands = fc
  .tuple(fc.array(command, { maxLength: 30 }), fc.boolean())
  .map(([list, isSorted]) => (isSorted ? list.toSorted((a, b) => a.now - b.now) : list));

const requestOf = ({ host, user }: Extract<Command, { kind: "activate" }>): ActivateCommand =>
  activate(`host-${host}`, user === null ? null : `user-${user}`);

function decide(state: EntitlementState, it: Command, n: number) {
  return it.kind === "cancel"
    ? decideCancel(state, "refund", it.now)
    : decideActivate(state, requestOf(it), it.now, ids(n));
}

const isRunning = ({ license }: Seat, now: number) => (license?.expiresAt ?? Infinity) > now;

/** What decideActivate's docstring says that the ledger loads, and not one seat more. */
function slice({ entitlement, seats }: EntitlementState, it: Command): EntitlementState {
  if (it.kind === "cancel") return { entitlement, seats: new Map() };
  const bound = Array.from(seats.values()).filter((seat) => seat.endedAt === null);
  const [next] = bound
    .filter((seat) => isRunning(seat, it.now))
    .toSorted((a, b) => (a.license?.expiresAt ?? Infinity) - (b.license?.expiresAt ?? Infinity));
  const needed = bound.filter(
    (seat) => isSeatOf(seat, entitlement, requestOf(it)) || !isRunning(seat, it.now) || seat === next,
  );
  return { entitlement, seats: new Map(needed.map((seat) => [seat.activationId, seat])) };
}

interface Run {
  /** The state that was held from event to event. */
  held: EntitlementState;
  events: EntitlementEvent[];
  steps: { command: Command; before: EntitlementState; after: EntitlementState; n: number }[];
}

function run(it: Terms, list: readonly Command[]): Run {
  const first = granted(it);
  const start: Run = { held: evolve(undefined, first), events: [first], steps: [] };
  return list.reduce(({ held, events, steps }, next, n) => {
    const decision = decide(held, next, n);
    const news = decision.ok ? decision.events : [];
    const after = news.reduce<EntitlementState>(evolve, held);
    const step = { command: next, before: held, after, n };
    return { held: after, events: [...events, ...news], steps: [...steps, step] };
  }, start);
}

const seatsOf = (state: EntitlementState) => Array.from(state.seats.values());
const boundAt = (state: EntitlementState, now: number) =>
  seatsOf(state).filter((seat) => seat.boundAt <= now && now < (seat.endedAt ?? Infinity));

function always(metric: Metric, holds: (done: Run) => void): void {
  assert(
    fc.property(terms(metric), commands, (it, list) => holds(run(it, list))),
    { numRuns: 300 },
  );
}

describe.each(metrics)("whatever is asked of an entitlement whose metric is %s", (metric) => {
  test("seats bound never exceed quantity and overdraft, at any instant", () => {
    always(metric, ({ held, steps }) => {
      const limit = seatLimit(held.entitlement) ?? Infinity;
      for (const { after } of steps) expect(after.entitlement.seatsBound).toBeLessThanOrEqual(limit);
      // Looked at afterwards, with every end in place, no instant had more; only at a bind can there be one more.
      for (const { boundAt: now } of seatsOf(held))
        expect(boundAt(held, now).length).toBeLessThanOrEqual(limit);
    });
  });

  test("seats counted are the seats that are bound and have not ended", () => {
    always(metric, ({ steps }) => {
      for (const { after } of steps)
        expect(after.entitlement.seatsBound).toBe(
          seatsOf(after).filter(({ endedAt }) => endedAt === null).length,
        );
    });
  });

  test("a refused command changes nothing, and keeps being refused at that time", () => {
    always(metric, ({ steps }) => {
      const refused = steps.filter(({ command: it, before, n }) => !decide(before, it, n).ok);
      for (const { command: it, before, after, n } of refused) {
        expect(after).toBe(before);
        expect(decide(after, it, n)).toEqual(decide(before, it, n));
      }
    });
  });

  test("the same command again is no news: no second seat, no second license", () => {
    always(metric, ({ steps }) => {
      const granting = steps.filter(({ command: it, before, n }) => decide(before, it, n).ok);
      const again = granting.map(({ command: it, after, n }) => decide(after, it, n + 1000));
      expect(again).toEqual(granting.map(() => expect.objectContaining({ ok: true, events: [] })));
    });
  });

  test("no host (or user) holds two seats", () => {
    always(metric, ({ held }) => {
      const holders = seatsOf(held).filter(({ endedAt }) => endedAt === null);
      const names = holders.map(({ hostHash, userHash }) => userHash ?? hostHash);
      expect(new Set(names).size).toBe(names.length);
    });
  });

  test("folding all events from the beginning gives the state that was held", () => {
    always(metric, ({ held, events }) => {
      const folded = events.reduce<EntitlementState | undefined>(evolve, undefined);
      expect(folded).toEqual(held);
      expect(JSON.parse(JSON.stringify(folded?.entitlement))).toEqual(held.entitlement);
    });
  });

  test("the seats that the docstring names are enough: the same decision, and the same entitlement after it", () => {
    always(metric, ({ steps }) => {
      for (const { command: it, before, after, n } of steps) {
        const part = slice(before, it);
        const decision = decide(part, it, n);
        expect(decision).toEqual(decide(before, it, n));
        const next = decision.ok ? decision.events.reduce<EntitlementState>(evolve, part) : part;
        expect(next.entitlement).toEqual(after.entitlement);
        for (const [id, seat] of next.seats) expect(seat).toEqual(after.seats.get(id));
      }
    });
  });

  test("a refusal that says when the request would pass keeps its word", () => {
    always(metric, ({ steps }) => {
      const broken = steps.filter(({ command: it, before, n }) => {
        const decision = decide(before, it, n);
        if (decision.ok || decision.refusal.passesAt === undefined) return false;
        const { passesAt: now, code } = decision.refusal;
        // Before a term begins nobody is asked for a user's name, nor whether a seat is left.
        return now <= it.now || !(decide(before, { ...it, now }, n).ok || code === "entitlement_not_started");
      });
      expect(broken).toEqual([]);
    });
  });

  test("after a cancellation nobody holds a seat, and nobody gets one", () => {
    always(metric, ({ held }) => {
      const { cancelledAt, seatsBound } = held.entitlement;
      if (cancelledAt === null) return;
      expect(seatsBound).toBe(0);
      expect(seatsOf(held).every(({ endedAt }) => endedAt !== null)).toBe(true);
      const again = decideActivate(held, activate("host-0", "user-0"), cancelledAt, ids("again"));
      expect(again).toMatchObject({ ok: false, refusal: { code: "entitlement_cancelled" } });
    });
  });
});
