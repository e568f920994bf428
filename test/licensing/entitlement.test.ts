import { describe, expect, test } from "vitest";
import {
  type ActivationBound,
  type EntitlementEvent,
  evolve,
  formatInstant,
  keysOf,
  type Policy,
  seatLimit,
  statusAt,
} from "../../licensing/index.ts";
import { DAY, fresh, granted, START } from "./samples.ts";

const keys = keysOf(fresh().entitlement, START);
const bound: ActivationBound = {
  type: "activation.bound",
  ...keys,
  activation_id: "A-1",
  data: {
    generation: 1,
    reason: "activated",
    host_hash: "h",
    user_hash: null,
    os_type: "linux",
    os_version: null,
    arch: "amd64",
    os_type_raw: null,
    arch_raw: null,
    app_version: null,
  },
};
const issued: EntitlementEvent = {
  type: "license.issued",
  ...keys,
  activation_id: "A-1",
  license_id: "L-1",
  data: { generation: 1, not_before: formatInstant(START), expires_at: null, reason: "activated" },
};
const ended: EntitlementEvent = {
  type: "activation.ended",
  ...keys,
  activation_id: "A-1",
  data: { reason: "lease_ended" },
};

describe("evolve", () => {
  test("leaves the state before as it was", () => {
    const before = fresh();
    const copy = structuredClone(before);
    [bound, issued, ended].reduce(evolve, before);
    expect(before).toEqual(copy);
  });

  const misfits: [string, EntitlementEvent[]][] = [
    ["no grant before a seat", [bound]],
    ["a second grant", [granted(), granted()]],
    ["an event of another entitlement", [granted(), { ...bound, entitlement_id: "E-2" }]],
    ["a seat bound twice", [granted(), bound, bound]],
    ["a license for no seat", [granted(), issued]],
    ["an end of no seat", [granted(), ended]],
    ["a seat ended twice", [granted(), bound, issued, ended, ended]],
    ["a time that is none", [granted(), { ...bound, occurred_at: "yesterday" }]],
  ];
  test.each(misfits)("throws for %s: the caller folded the wrong events", (_what, events) => {
    expect(() => events.reduce<ReturnType<typeof evolve> | undefined>(evolve, undefined)).toThrow(TypeError);
  });

  test("keeps the state where a host was turned away", () => {
    const state = fresh();
    const refused: EntitlementEvent = {
      type: "activation.refused",
      ...keys,
      data: {
        request: "activate",
        code: "no_seats_left",
        rule: "seats",
        passes_at: null,
        host_hash: "h",
        os_type: "linux",
        os_version: null,
        arch: "amd64",
        app_version: null,
      },
    };
    expect(evolve(state, refused)).toBe(state);
  });
});

describe("seatLimit", () => {
  const limits: [number, Policy["overdraft"], number][] = [
    [5, undefined, 5],
    [5, 0, 5],
    [5, 2, 7],
    [1, "0%", 1],
    [9, "10%", 9],
    [10, "10%", 11],
    [19, "10%", 20],
    [29, "100%", 58],
    [1_000_000, "999%", 10_990_000],
    [1_000_000, 1_000_000, 2_000_000],
  ];
  test.each(limits)("%i seats with an overdraft of %s may be %i", (quantity, overdraft, expected) => {
    const policy = overdraft === undefined ? {} : { overdraft };
    expect(seatLimit(fresh({ quantity, policy }).entitlement)).toBe(expected);
  });

  test.each(["site", "metered"] as const)("there is none where the metric is %s", (metric) => {
    expect(seatLimit(fresh({ metric, policy: { overdraft: 1 } }).entitlement)).toBeNull();
  });
});

describe("statusAt", () => {
  const term = { startsAt: START, endsAt: START + DAY };
  test.each([
    ["a microsecond before the start", START - 1, "not_started"],
    ["at the start", START, "active"],
    ["a microsecond before the end", START + DAY - 1, "active"],
    ["at the end", START + DAY, "expired"],
  ])("%s", (_when, now, expected) => {
    expect(statusAt(fresh(term).entitlement, now)).toBe(expected);
  });

  test.each([
    ["before its cancellation", START, "active"],
    ["at its cancellation", START + 1, "cancelled"],
    ["after its cancellation and its end", START + DAY, "cancelled"],
  ])("%s", (_when, now, expected) => {
    expect(statusAt({ ...fresh(term).entitlement, cancelledAt: START + 1 }, now)).toBe(expected);
  });
});
