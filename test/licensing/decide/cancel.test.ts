import { expect, test } from "vitest";
import { decideActivate, decideCancel, evolve, formatInstant, statusAt } from "../../../licensing/index.ts";
import { activate, DAY, fresh, HOUR, ids, START } from "../samples.ts";

const now = START + DAY;

/** Two of three seats bound. */
function inUse() {
  return ["a", "b"].reduce(
    (state, host, i) => {
      const decision = decideActivate(state, activate(host), START + i * HOUR, ids(i));
      return decision.ok ? decision.events.reduce(evolve, state) : state;
    },
    fresh({ quantity: 3 }),
  );
}

test("one fact ends the entitlement, with all its seats", () => {
  const state = inUse();
  const decision = decideCancel(state, "refund", now);
  expect(decision).toMatchObject({
    ok: true,
    events: [
      {
        type: "entitlement.cancelled",
        entitlement_id: "E-1",
        occurred_at: formatInstant(now),
        data: { reason: "refund", seats_ended: 2 },
      },
    ],
  });
  const after = decision.ok ? decision.events.reduce(evolve, state) : state;
  expect(after.entitlement.seatsBound).toBe(0);
  expect(Array.from(after.seats.values(), (seat) => seat.endedAt)).toEqual([now, now]);
  expect(statusAt(after.entitlement, now)).toBe("cancelled");
});

test("counts the seats that end also where the state holds none of them", () => {
  const decision = decideCancel({ ...inUse(), seats: new Map() }, "refund", now);
  expect(decision).toMatchObject({ events: [{ data: { seats_ended: 2 } }] });
});

test.each([now, now + DAY, START])("a second time is no news", (again) => {
  const first = decideCancel(fresh(), "refund", now);
  const after = first.ok ? first.events.reduce(evolve, fresh()) : fresh();
  expect(decideCancel(after, "another reason", again)).toEqual({ ok: true, events: [] });
});

test.each([
  ["before the order", START - 1],
  ["before a seat was taken", START + HOUR - 1],
])("a cancellation dated %s is out of order, and changes nothing", (_when, then) => {
  expect(decideCancel(inUse(), "refund", then)).toMatchObject({
    ok: false,
    refusal: { code: "history_out_of_order" },
  });
});
