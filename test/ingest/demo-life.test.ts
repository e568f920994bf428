// What becomes of licenses in the demo's year: failures, moves, renewals, changes, and the merger of two lists of customers.

import { beforeAll, describe, expect, it } from "vitest";
import { DAY, HOUR, MERGED_AT } from "../../ingest/demo/calendar.ts";
import { catalogs, tierOf } from "../../ingest/demo/catalog.ts";
import { note, type Outcome, summary } from "../../ingest/demo/outcome.ts";
import { type OrderStep, PART, type Step } from "../../ingest/demo/steps.ts";
import { playYear } from "../../ingest/demo/year.ts";
import { catalogSchema, presets, priceBandOf, resolvePolicy } from "../../licensing/index.ts";

const ORDERS = 3000;
let steps: Step[];
beforeAll(() => {
  steps = playYear({ seed: 7, orders: ORDERS });
});
const only = <K extends Step["kind"]>(kind: K) =>
  steps.filter((step): step is Extract<Step, { kind: K }> => step.kind === kind);
const asked = (request: string) => only("seat").filter((step) => step.request === request);
const changed = (change: string) => only("change").filter((step) => step.change === change);
const rightOf = ({ orderId, right }: { orderId: string; right: string }) => `${orderId}/${right}`;
const seatOf = (step: OrderStep & { kind: "seat" | "activation" }) => `${rightOf(step)}/${step.seat}`;
const linesByRight = () =>
  new Map<string, { quantity: number; unitPrice: { amount: number } }>(
    only("order").flatMap(({ orderId, body }) =>
      body.lines.map((line) => [`${orderId}/${line.lineNumber}`, line] as const),
    ),
  );

describe("the catalog", () => {
  const catalog = catalogSchema.parse(catalogs.after);

  it("serves few who pay much by one preset, many who pay little by another, and the others as their model says", () => {
    const [highVolume, standard, highTouch] = catalog.priceBands;
    expect(resolvePolicy("node-locked", highVolume?.policy)).toMatchObject(presets["high-volume"]);
    expect(standard?.policy).toBeUndefined();
    expect(resolvePolicy("node-locked", highTouch?.policy)).toEqual(presets["high-touch"]);
    const used = new Set(catalog.licenseModels.map(({ policy }) => policy.preset));
    expect(used).toEqual(new Set(Object.keys(presets)));
  });

  it.each([0, 19_999, 20_000, 999_999, 1_000_000, 90_000_000])(
    "has the tier of a total of %i that the service finds",
    (total) => {
      expect(tierOf(total)).toBe(priceBandOf(catalog, total)?.id);
    },
  );

  it("has maintenance on what is perpetual, and a trial that begins with its first use", () => {
    const model = (id: string) => catalog.licenseModels.find((one) => one.id === id);
    expect(model("perpetual-node")?.maintenance).toBe("P1Y");
    expect(model("trial-30")?.term).toMatchObject({ from: "first-activation" });
  });
});

describe("a year of licenses", () => {
  it.each<[string, () => number, number, number]>([
    ["steps", () => steps.length - only("telling").length, 3.5, 7],
    ["tellings", () => only("telling").length, 1, 8],
    ["moves", () => asked("rehost").length, 0.1, 0.3],
    ["repairs", () => asked("repair").length, 0.02, 0.08],
    ["returns", () => asked("return").length, 0.02, 0.1],
    ["releases", () => asked("release").length, 0.05, 0.3],
    ["refreshes", () => asked("refresh").length, 0.2, 0.6],
    ["temporary licenses", () => asked("temporary").length, 0.02, 0.08],
    ["mistakes of the vendor's", () => lent("vendor_mistake").length, 0.001, 0.01],
    ["old hosts that come back", () => leftBehind().length, 0.003, 0.015],
    ["seats taken along", () => only("activation").filter(({ body }) => body.borrowFor).length, 0.005, 0.04],
    ["renewals", () => changed("renew").length, 0.1, 0.25],
    ["upgrades", () => changed("upgrade").length, 0.008, 0.03],
    ["upsells", () => changed("extend").length, 0.01, 0.04],
    ["suspensions", () => changed("suspend").length, 0.004, 0.02],
    ["overrides", () => changed("policy").length, 0.002, 0.012],
    ["splits and transfers", () => changed("split").length + changed("transfer").length, 0.002, 0.02],
    ["mergers", () => only("merge").length, 0.004, 0.02],
  ])("has a plausible number of %s an order", (_what, count, lowest, highest) => {
    expect(count() / ORDERS).toBeGreaterThan(lowest);
    expect(count() / ORDERS).toBeLessThan(highest);
  });

  it("asks for no seat before somebody asked to have it", () => {
    const taken = new Set<string>();
    const early = steps.filter((step) => {
      if (step.kind === "activation") taken.add(seatOf(step));
      return step.kind === "seat" && !taken.has(seatOf(step));
    });
    expect(early).toEqual([]);
  });

  it("tells of a seat from when somebody asked for it until it was given back, each event under an ID of its own", () => {
    const held = new Set<string>();
    const stray = steps.filter((step) => {
      if (step.kind === "activation") held.add(seatOf(step));
      if (step.kind === "seat" && (step.request === "return" || step.request === "release"))
        held.delete(seatOf(step));
      return step.kind === "telling" && !held.has(`${rightOf(step)}/${step.seat}`);
    });
    expect(stray).toEqual([]);
    const told = only("telling");
    expect(new Set(told.map(({ body }) => body.id)).size).toBe(told.length);
    const kinds = Map.groupBy(told, ({ body }) => body.type);
    expect(kinds.get("telemetry.first_run")?.length).toBeGreaterThan(ORDERS / 5);
    expect(kinds.get("telemetry.heartbeat")?.length).toBeGreaterThan(ORDERS / 2);
    const features = kinds.get("telemetry.feature_used") ?? [];
    expect(features.length).toBeGreaterThan(ORDERS / 5);
    expect(features.every(({ body }) => body.data !== undefined && body.data.feature !== "")).toBe(true);
  });

  it("tells by a repaired computer's new fingerprint, and by a moved seat's new computer", () => {
    const arrived = new Map<string, string>();
    const wrong = steps.filter((step) => {
      if (step.kind === "seat" && (step.request === "rehost" || step.request === "repair") && step.body.host)
        arrived.set(seatOf(step), step.body.host.id);
      if (step.kind !== "telling") return false;
      const host = arrived.get(`${rightOf(step)}/${step.seat}`);
      return host !== undefined && step.body.host.id !== host;
    });
    expect(wrong).toEqual([]);
  });

  it("changes no right before its order, and uses no part before the split", () => {
    const known = new Set<string>();
    const early = steps.filter((step) => {
      if (step.kind === "order")
        for (const { lineNumber } of step.body.lines) known.add(`${step.orderId}/${lineNumber}`);
      if (step.kind !== "change" && step.kind !== "activation") return false;
      if (step.kind === "change" && step.change === "split") known.add(`${rightOf(step)}${PART}`);
      return !known.has(rightOf(step));
    });
    expect(early).toEqual([]);
  });

  it("changes and uses nothing of a cancelled order, but for those who find out", () => {
    const cancelled = new Map(only("cancellation").map(({ orderId, at }) => [orderId, at]));
    const late = [...only("seat"), ...only("change")].filter(
      ({ orderId, at }) => at > (cancelled.get(orderId) ?? Infinity),
    );
    expect(late).toEqual([]);
  });

  it("moves high-touch customers at once, and bridges failures for them more often than for the many", () => {
    const lines = linesByRight();
    const tierOfStep = (step: { orderId: string; right: string }) => {
      const line = lines.get(rightOf(step));
      return line && tierOf(line.quantity * line.unitPrice.amount);
    };
    const bridged = (tier: string) => {
      const of = (all: OrderStep[]) => all.filter((step) => "right" in step && tierOfStep(step) === tier);
      return of(lent("failure")).length / of(asked("rehost")).length;
    };
    expect(bridged("high-touch")).toBeGreaterThan(2 * bridged("standard"));
    expect(bridged("standard")).toBeGreaterThan(bridged("high-volume"));
  });

  it("moves some seats of the high-volume tier more often than their policy allows", () => {
    const moves = Map.groupBy(asked("rehost"), seatOf);
    const tooMany = Array.from(moves.values()).filter(
      (ofSeat) => ofSeat.length > (presets["high-volume"].rehosts?.count ?? Infinity),
    );
    expect(tooMany.length).toBeGreaterThan(10);
    expect(tooMany.length / moves.size).toBeLessThan(0.2);
  });

  it("lets an old host come back with the license from before the move", () => {
    const moves = Map.groupBy(asked("rehost"), seatOf);
    for (const copy of leftBehind()) {
      const before = moves.get(seatOf(copy))?.filter(({ at }) => at < copy.at) ?? [];
      expect(before.length).toBeGreaterThan(0);
      expect(before.map(({ body }) => body.host?.id)).not.toContain(copy.body.host?.id);
    }
  });

  it("renews early, in time and late, and bridges some late ones", () => {
    const reasons = Map.groupBy(changed("renew"), ({ body }) => (body as { reason: string }).reason);
    expect(new Set(reasons.keys())).toEqual(new Set(["renewed early", "renewed in time", "renewed late"]));
    const late = new Set(reasons.get("renewed late")?.map(rightOf));
    const bridges = lent("renewal_pending");
    expect(bridges.length).toBeGreaterThan(0);
    // A bridge at the end of the year may have its renewal in the next one.
    const settled = bridges.filter(({ at }) => at < Date.UTC(2026, 9, 1));
    expect(settled.every((step) => late.has(rightOf(step)))).toBe(true);
  });

  it("begins a pool before anybody has a seat", () => {
    const pooled = changed("upgrade").filter(({ body }) => "licenseModel" in body);
    expect(pooled.length).toBeGreaterThan(0);
    const firstUse = new Map<string, number>();
    for (const step of only("activation"))
      if (!firstUse.has(rightOf(step))) firstUse.set(rightOf(step), step.at);
    for (const step of pooled) expect(step.at).toBeLessThan(firstUse.get(rightOf(step)) ?? Infinity);
  });

  it("gives floating seats back within a day", () => {
    const taken = Map.groupBy(only("activation"), seatOf);
    for (const step of asked("release")) {
      const latest = taken.get(seatOf(step))?.findLast(({ at }) => at <= step.at);
      expect(step.at - (latest?.at ?? 0)).toBeLessThanOrEqual(DAY + HOUR);
    }
  });

  it("merges who has a number at both brands, after all orders under the second one", () => {
    const customers = new Map<string, number>();
    for (const { at, body } of only("order")) customers.set(body.customer.id, at);
    const second = Array.from(customers.keys()).filter((id) => id.startsWith("L-"));
    expect(new Set(only("merge").map(({ customerId }) => customerId))).toEqual(new Set(second));
    for (const { at, customerId, body } of only("merge")) {
      expect(at).toBe(MERGED_AT);
      expect(customers.get(customerId)).toBeLessThan(MERGED_AT);
      expect(body.into).toBe(customerId.replace("L-", "C-"));
      expect(customers.has(body.into)).toBe(true);
    }
  });

  const lent = (reason: string) => asked("temporary").filter(({ body }) => body.reason === reason);
  const leftBehind = () => only("seat").filter(({ shows }) => shows === "left behind");
});

describe("what is told at the end", () => {
  it("lists what was done, the clones, and the refusals by how many there were", () => {
    const outcome: Outcome = { done: { order: 8000, rehost: 1300, merge: 80 }, refusals: {} };
    note(outcome.refusals, "license_superseded");
    for (let times = 0; times < 1200; times += 1) note(outcome.refusals, "no_seats_left");
    const told = summary(outcome);
    expect(told).toContain("8,000 orders, 0 of them cancelled");
    expect(told).toContain("1,300 moved to another host");
    expect(told).toContain("80 customers merged");
    expect(told).toContain("1 clones:");
    expect(told).toMatch(/1,201 refusals: no_seats_left 1,200, license_superseded 1$/);
  });
});
