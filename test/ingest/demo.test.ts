import { beforeAll, describe, expect, it } from "vitest";
import { DAY, writeTime, YEAR } from "../../ingest/demo/calendar.ts";
import { catalogs } from "../../ingest/demo/catalog.ts";
import { chaptersOf } from "../../ingest/demo/player.ts";
import { progressText, showProgress } from "../../ingest/demo/progress.ts";
import { createRandom, sfc32 } from "../../ingest/demo/random.ts";
import type { Step } from "../../ingest/demo/steps.ts";
import { playYear } from "../../ingest/demo/year.ts";
import { type Catalog, catalogSchema, decideOrder, orderSchema } from "../../licensing/index.ts";

describe("chance", () => {
  // Made with the sfc32 of https://github.com/bryc/code/blob/master/jshash/PRNGs.md, seeded as PractRand does.
  it.each([
    [0, 0, [1363572419, 145230303, 808754475, 4216505632]],
    [1, 0, [2012149540, 1872316204, 1707632675, 1779833415]],
    [42, 0, [1264412219, 1947509147, 3919439299, 1251167922]],
    [0x89abcdef, 0x01234567, [2222009751, 4121156040, 1557176981, 903895892]],
  ])("is sfc32: seed %i, %i", (low, high, expected) => {
    const next = sfc32(low, high);
    expect(expected.map(() => next())).toEqual(expected);
  });

  it("draws with the mean and the spread that it promises", () => {
    const random = createRandom("test");
    const draws = Array.from({ length: 20_000 }, () => Math.log(random.lognormal(3, 0.5)));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(Math.log(3), 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
    const waits = Array.from({ length: 20_000 }, () => random.exponential(7));
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length / 7).toBeCloseTo(1, 1);
  });

  it("never draws what has no weight", () => {
    const random = createRandom("test");
    const drawn = Array.from({ length: 500 }, () => random.weighted([0, 1, 0, 2, 0], (weight) => weight));
    expect(new Set(drawn)).toEqual(new Set([1, 2]));
  });

  it("gives a fork draws of its own, whatever its parent drew", () => {
    const parent = createRandom("test");
    const before = parent.fork("a").uniform();
    parent.uniform();
    expect(parent.fork("a").uniform()).toBe(before);
    expect(parent.fork("b").uniform()).not.toBe(before);
  });
});

describe("the year", () => {
  const ORDERS = 3000;
  let steps: Step[];
  const only = <K extends Step["kind"]>(kind: K) =>
    steps.filter((step): step is Extract<Step, { kind: K }> => step.kind === kind);
  beforeAll(() => {
    steps = playYear({ seed: 7, orders: ORDERS });
  });

  it("is the same for the same seed, and another for another", () => {
    const small = { seed: 1, orders: 200 };
    expect(playYear(small)).toEqual(playYear(small));
    expect(playYear(small)).not.toEqual(playYear({ ...small, seed: 2 }));
  });

  it("has catalogs that the schema accepts, the second with the brand that was bought", () => {
    const brands = only("catalog").map(
      ({ body }) => new Set(catalogSchema.parse(body).products.map(({ brand }) => brand)),
    );
    expect(brands).toEqual([new Set(["Atlas"]), new Set(["Atlas", "Lumora"])]);
  });

  it("has orders that the catalog of their time can grant, but for a few with an old product", () => {
    let catalog: Catalog | undefined;
    const results = { granted: 0, refused: 0 };
    for (const step of steps) {
      if (step.kind === "catalog") catalog = catalogSchema.parse(step.body);
      if (step.kind !== "order" || !catalog) continue;
      const decision = decideOrder(orderSchema.parse(step.body), catalog, ({ lineNumber }) =>
        String(lineNumber),
      );
      results[decision.ok ? "granted" : "refused"] += 1;
    }
    expect(results.granted).toBe(ORDERS);
    expect(results.refused).toBeGreaterThan(0);
    expect(results.refused).toBeLessThan(ORDERS * 0.01);
  });

  it("lies within the year, in the order in which it happens", () => {
    expect(steps[0]?.kind).toBe("catalog");
    const times = steps.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((at) => at >= YEAR.startsAt && at < YEAR.endsAt)).toBe(true);
    const told = steps.filter((step) => step.kind !== "catalog" && step.kind !== "order");
    expect(told.map(({ body }) => body)).toEqual(
      told.map(({ body, at }) => ({ ...body, occurredAt: writeTime(at) })),
    );
  });

  it("begins every order with the order itself", () => {
    const first = new Map<string, Step["kind"]>();
    for (const step of steps)
      if ("orderId" in step && !first.has(step.orderId)) first.set(step.orderId, step.kind);
    expect(new Set(first.values())).toEqual(new Set(["order"]));
    expect(first.size).toBe(ORDERS);
  });

  it("tells the same of a customer in each of their orders, so that their order does not matter", () => {
    const profiles = Map.groupBy(
      only("order").map(({ body }) => body.customer),
      ({ id }) => id,
    );
    for (const [, told] of profiles)
      expect(new Set(told.map((profile) => JSON.stringify(profile))).size).toBe(1);
    // Half of the orders come from those who ordered before, and a few customers order all the time.
    expect(profiles.size / ORDERS).toBeGreaterThan(0.4);
    expect(profiles.size / ORDERS).toBeLessThan(0.6);
    expect(Math.max(...Array.from(profiles.values(), (orders) => orders.length))).toBeGreaterThan(15);
  });

  it("sends mail to example domains only (RFC 2606)", () => {
    const mailboxes = [
      ...only("order").map(({ body }) => body.customer.email),
      ...only("activation").flatMap(({ body }) => body.user ?? []),
    ];
    expect(mailboxes.every((mailbox) => /^[^@\s]+@example\.(com|org|net)$/.test(mailbox ?? ""))).toBe(true);
  });

  it.each<[string, () => number, number, number]>([
    ["activations an order", () => only("activation").length / ORDERS, 2.4, 3.6],
    ["cancellations an order", () => only("cancellation").length / ORDERS, 0.035, 0.065],
    ["lines that nobody ever tries to activate", () => 1 - linesTried().size / linesOf().length, 0.14, 0.26],
    [
      "orders of more than one line",
      () => share(only("order"), ({ body }) => body.lines.length > 1),
      0.1,
      0.22,
    ],
    ["test orders", () => share(only("order"), ({ body }) => body.test === true), 0.001, 0.015],
    ["lines of one seat", () => share(linesOf(), ({ quantity }) => quantity === 1), 0.4, 0.7],
    ["lines of ten seats and more", () => share(linesOf(), ({ quantity }) => quantity >= 10), 0.02, 0.12],
    [
      "codes that were typed wrong",
      () => share(only("activation"), ({ isMistyped }) => isMistyped),
      0.003,
      0.03,
    ],
  ])("has a plausible share of %s", (_what, measure, lowest, highest) => {
    expect(measure()).toBeGreaterThan(lowest);
    expect(measure()).toBeLessThan(highest);
  });

  it("sells in every channel, currency, price range and license model", () => {
    const seen = (values: unknown[]) => new Set(values).size;
    expect(seen(only("order").map(({ body }) => body.channel))).toBe(3);
    expect(seen(linesOf().map(({ unitPrice }) => unitPrice.currency))).toBe(4);
    expect(seen(linesOf().map(({ licenseModel }) => licenseModel))).toBe(catalogs.after.licenseModels.length);
    const totals = linesOf().map(({ quantity, unitPrice }) => quantity * unitPrice.amount);
    expect(totals.some((total) => total >= 1_000_000)).toBe(true);
    expect(share(totals, (total) => total < 20_000)).toBeGreaterThan(0.2);
  });

  it("lets resellers' customers wait longer than those of the shop", () => {
    const waits = (channel: string) => firstWaits(channel).toSorted((a, b) => a - b);
    const median = (values: number[]) => values[Math.floor(values.length / 2)] ?? NaN;
    expect(median(waits("online"))).toBeLessThan(median(waits("direct")) / 2);
    expect(median(waits("direct"))).toBeLessThan(median(waits("reseller")));
  });

  it("shifts the platforms over the year", () => {
    const early = only("activation").filter(({ at }) => at < YEAR.startsAt + 90 * DAY);
    const late = only("activation").filter(({ at }) => at > YEAR.endsAt - 90 * DAY);
    const on = (type: string, version?: string) => (step: (typeof early)[number]) => {
      const { os } = step.body.platform;
      return os.type.toLowerCase() === type && (version === undefined || os.version === version);
    };
    expect(share(late, on("windows", "10"))).toBeLessThan(share(early, on("windows", "10")) * 0.6);
    expect(share(late, on("linux"))).toBeGreaterThan(share(early, on("linux")));
    const isArmMac = (step: (typeof early)[number]) => /arm64|aarch64/.test(step.body.platform.arch);
    const isMac = (step: (typeof early)[number]) => /^(darwin|macOS)$/.test(step.body.platform.os.type);
    expect(share(late.filter(isMac), isArmMac)).toBeGreaterThan(share(early.filter(isMac), isArmMac));
  });

  it("has computers that run more than one product", () => {
    const products = Map.groupBy(only("activation"), ({ body }) => body.host.id);
    const many = Array.from(products.values()).filter(
      (uses) => new Set(uses.map(({ orderId, right }) => `${orderId}/${right}`)).size > 1,
    );
    expect(many.length / products.size).toBeGreaterThan(0.05);
  });

  const share = <T>(items: readonly T[], has: (item: T) => boolean) =>
    items.filter(has).length / items.length;
  const linesOf = () => only("order").flatMap(({ body }) => body.lines);
  const linesTried = () => new Set(only("activation").map(({ orderId, right }) => `${orderId}/${right}`));
  function firstWaits(channel: string): number[] {
    const first = new Map<string, number>();
    for (const { orderId, at } of only("activation")) if (!first.has(orderId)) first.set(orderId, at);
    return only("order")
      .filter(({ body, orderId }) => body.channel === channel && first.has(orderId))
      .map(({ at, orderId }) => (first.get(orderId) ?? NaN) - at);
  }
});

describe("what may go side by side", () => {
  it("keeps the steps of an order in line, and parts the year at each catalog and at the merger", () => {
    const steps = playYear({ seed: 3, orders: 400 });
    const chapters = chaptersOf(steps);
    expect(chapters).toHaveLength(3);
    const merged = steps.filter(({ kind }) => kind === "merge");
    expect(merged.length).toBeGreaterThan(0);
    expect(chapters.at(-1)?.barriers).toEqual(merged);
    expect(chapters.flatMap(({ barriers, byOrder }) => [...barriers, ...byOrder.flat()])).toHaveLength(
      steps.length,
    );
    for (const { byOrder } of chapters)
      for (const group of byOrder) {
        expect(new Set(group.map(({ orderId }) => orderId)).size).toBe(1);
        expect(group).toEqual(steps.filter((step) => (group as Step[]).includes(step)));
      }
  });
});

describe("progress", () => {
  it("says how much is done, how fast it goes, and what is left", () => {
    expect(progressText(2500, 10_000, 5000)).toBe(
      "[######..................] 25 %  2,500 of 10,000 steps, 500/s, 15 s left",
    );
    expect(progressText(0, 0, 0)).toContain("100 %");
  });

  it("writes a line every tenth where nobody looks on", () => {
    const written: string[] = [];
    let now = 0;
    const progress = showProgress(1000, { write: (text: string) => written.push(text) }, () => (now += 1));
    for (let done = 0; done < 1000; done += 1) progress.step();
    progress.end();
    expect(written).toHaveLength(10);
    expect(written.at(-1)).toMatch(/100 %.*\n$/);
  });
});
