// What policies let through and turn away: the query over a small lake, and the words for what it says.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import type { Audience } from "../../reports/audience.ts";
import { openHome } from "../../reports/lake.ts";
import { bandRates, bandsOf, type PolicyRow, reasonsOf } from "../../reports/src/components/policy.ts";
import { bind, catalog, day, end, refuse, sale } from "../warehouse/facts.ts";
import { clone, lend, override } from "../warehouse/turns.ts";
import { removeHome, vendorHome } from "./support.ts";

const query = join(import.meta.dirname, "../../reports/src/tables/policy.arrow.sql");

/** What the query says of a lake to each of two audiences. */
async function policyOf(drafts: Draft[]): Promise<{ internal: PolicyRow[]; product: PolicyRow[] }> {
  const home = await vendorHome(drafts.toSorted((a, b) => (a.occurred_at < b.occurred_at ? -1 : 1)));
  const sql = await readFile(query, "utf8");
  const told = async (audience: Audience) => {
    const lake = await openHome(home, audience);
    try {
      return (await lake.query(sql)) as unknown as PolicyRow[];
    } finally {
      lake.close();
    }
  };
  try {
    return { internal: await told("internal"), product: await told("product") };
  } finally {
    await removeHome(home);
  }
}

/** One seat that a customer of a band holds for a hundred days, on a host of the customer's name. */
function holding(
  customerId: string,
  priceBand: string,
  from = 100,
  model: "trial" | "sub-node" = "sub-node",
) {
  const of = { orderId: `SO-${customerId}`, orderedAt: day(from), customerId, priceBand, model };
  const seat = { activationId: `A-${customerId}`, customerId };
  const drafts = [
    ...sale(of),
    ...bind(of, { at: day(from), host: `host-${customerId}`, ...seat }),
    ...end(of, { at: day(from + 100), ...seat }),
  ];
  return { of, drafts };
}

/** A computer of the customer's that was turned away. */
const away = (of: { orderId: string; customerId: string }, at: number, code?: string): Draft[] =>
  refuse(of, day(at), code).map(
    (draft) =>
      ({
        ...draft,
        customer_id: of.customerId,
        data: { ...draft.data, host_hash: `second-${of.customerId}` },
      }) as Draft,
  );

const total = (rows: readonly PolicyRow[], measure: string, band = "standard") =>
  rows.find(
    (row) => row.scope === "" && row.code === "" && row.measure === measure && row.price_band === band,
  );

test("rates are of the time that seats were held, band by band; trials are left out", async () => {
  const one = holding("one", "standard");
  const two = holding("two", "high-touch");
  const three = holding("three", "standard", 100, "trial");
  const seat = { customerId: "two", activationId: "A-two" };
  const { internal } = await policyOf([
    ...catalog(day(0)),
    ...[one, two, three].flatMap(({ drafts }) => drafts),
    ...away(three.of, 150),
    ...bind(two.of, { at: day(120), ...seat, host: "other", generation: 2 }),
    clone(two.of, { at: day(121), ...seat, host: "host-two", presented: 1, generation: 2 }),
    lend(two.of, { at: day(122), ...seat, host: "third", endsAt: day(125), generation: 2 }),
    override(one.of, { at: day(123), customerId: "one" }),
  ]);
  expect(total(internal, "cloned")?.seat_years).toBeCloseTo(100 / 365.25, 3);
  const events = (measure: string, band: string) => total(internal, measure, band)?.events;
  expect(events("turned_away", "standard")).toBe(0);
  expect(events("overridden", "standard")).toBe(1);
  expect(events("cloned", "standard")).toBe(0);
  for (const measure of ["cloned", "lent", "rehosted"]) expect(events(measure, "high-touch")).toBe(1);
});

/** What happened to a customer, and how often it was turned away, got it within a week, is too recent to say. */
const cases: {
  name: string;
  drafts: (of: ReturnType<typeof holding>["of"], host: string) => Draft[];
  is: [events: number, got: number, undecided: number];
  from?: number;
}[] = [
  {
    name: "counts once, however often the client tries again",
    drafts: (of) => [150, 151, 157].flatMap((at) => away(of, at)),
    is: [1, 0, 0],
  },
  {
    name: "counts again a week after the last try",
    drafts: (of) => [150, 158].flatMap((at) => away(of, at)),
    is: [2, 0, 0],
  },
  {
    name: "counts once where one rule finds another reason",
    drafts: (of) => [...away(of, 150), ...away(of, 151, "seat_ended")],
    is: [1, 0, 0],
  },
  {
    name: "got it, where a seat was bound to the same computer within a week",
    drafts: (of, host) => [...away(of, 150), ...second(of, 156, host)],
    is: [1, 1, 0],
  },
  {
    name: "did not, where that took longer",
    drafts: (of, host) => [...away(of, 150), ...second(of, 158, host)],
    is: [1, 0, 0],
  },
  {
    name: "did not, where another computer got one",
    drafts: (of) => [...away(of, 150), ...second(of, 151, "another")],
    is: [1, 0, 0],
  },
  {
    name: "did not, where it got one before",
    drafts: (of, host) => [...second(of, 149, host), ...away(of, 150)],
    is: [1, 0, 0],
  },
  { name: "is not decided while the week is not over", drafts: (of) => away(of, 297), is: [1, 0, 1] },
  {
    name: "got it, though the week is not over",
    drafts: (of, host) => [...away(of, 297), ...second(of, 298, host)],
    is: [1, 1, 0],
  },
  { name: "is left out after a year", drafts: (of) => away(of, -66), is: [0, 0, 0], from: -80 },
];

const second = (of: { orderId: string; customerId: string }, at: number, host: string): Draft[] =>
  bind(of, { at: day(at), activationId: `B-${of.customerId}`, customerId: of.customerId, host });

describe("whoever was turned away", () => {
  let rows: PolicyRow[];

  // One lake for all: each case is a customer with a band of its own.
  beforeAll(async () => {
    const drafts = cases.flatMap(({ drafts: more, from }, index) => {
      const held = holding(`c${index}`, `band-${index}`, from);
      return [...held.drafts, ...more(held.of, `second-c${index}`)];
    });
    rows = (await policyOf([...catalog(day(0)), ...drafts])).internal;
  });

  test.each(cases.map(({ name, is }, index) => ({ name, is, index })))("$name", ({ is, index }) => {
    const found = total(rows, "turned_away", `band-${index}`);
    expect([found?.events, found?.got_within_week, found?.undecided]).toEqual(is);
  });
});

test("the product site tells of no band with fewer than five customers, and of nothing that concerned fewer", async () => {
  const many = Array.from({ length: 6 }, (_, n) => holding(`m${n}`, "standard"));
  const few = Array.from({ length: 4 }, (_, n) => holding(`f${n}`, "high-touch"));
  const { internal, product } = await policyOf([
    ...catalog(day(0)),
    ...[...many, ...few].flatMap((held) => held.drafts),
    ...many.flatMap(({ of }) => away(of, 150)),
    override(many[0]!.of, { at: day(160), customerId: "m0" }),
  ]);
  expect(bandsOf(product)).toEqual(["standard"]);
  expect(total(product, "turned_away")?.events).toBe(6);
  expect(total(product, "overridden")?.events).toBeNull();
  expect(total(product, "cloned")?.events).toBe(0);
  expect(bandsOf(internal).toSorted()).toEqual(["high-touch", "standard"]);
  expect(total(internal, "overridden")?.events).toBe(1);
});

test("a reason of few is told together with the next smallest, so that nobody can take the others from the whole", async () => {
  // Of ten customers six find no seat, seven ask again when their term has ended, and two wait for its start.
  const all = Array.from({ length: 10 }, (_, n) => holding(`r${n}`, "standard"));
  const met = (from: number, to: number, at: number, code: string) =>
    all.slice(from, to).flatMap(({ of }) => away(of, at, code));
  const { internal, product } = await policyOf([
    ...catalog(day(0)),
    ...all.flatMap(({ drafts }) => drafts),
    ...met(0, 6, 150, "no_seats_left"),
    ...met(0, 7, 160, "entitlement_expired"),
    ...met(8, 10, 170, "entitlement_not_started"),
  ]);
  const reasons = (rows: readonly PolicyRow[]) =>
    rows.filter((row) => row.scope === "" && row.code !== "").map(({ code, events }) => [code, events]);
  expect(reasons(internal)).toEqual([
    ["entitlement_expired", 7],
    ["entitlement_not_started", 2],
    ["no_seats_left", 6],
  ]);
  expect(reasons(product)).toEqual([
    ["entitlement_expired", 7],
    ["few", 8],
  ]);
});

test("a brand, a product and a region are told by themselves, of what is theirs", async () => {
  const one = holding("one", "standard");
  const two = holding("two", "standard");
  const other = { ...two.of, sku: "CAD-LT", brand: "Lumora" };
  const { internal } = await policyOf([
    ...catalog(day(0)),
    ...one.drafts,
    ...away(one.of, 150),
    ...sale(other),
    ...bind(other, {
      at: day(100),
      host: "host-two",
      activationId: "A-two",
      customerId: "two",
      sku: "CAD-LT",
    }),
  ]);
  const away12 = internal
    .filter(({ measure, code }) => measure === "turned_away" && code === "")
    .map(({ scope, band_customers, events }) => [scope, band_customers, events]);
  expect(away12).toEqual([
    ["", 2, 1],
    ["brand:Atlas", 1, 1],
    ["brand:Lumora", 1, 0],
    ["product:CAD-LT", 1, 0],
    ["product:CAD-PRO", 1, 1],
  ]);
});

const row = (
  band: string,
  measure: string,
  events: number | null,
  more: Partial<PolicyRow> = {},
): PolicyRow => ({
  scope: "",
  price_band: band,
  measure,
  code: "",
  seat_years: 200,
  band_customers: 10,
  events,
  got_within_week: 0,
  undecided: 0,
  ...more,
});

test("a rate is for every 100 seats held for a year, with the interval of its count", () => {
  const [rate] = bandRates([row("standard", "cloned", 25)], "");
  expect(rate).toMatchObject({ band: "Standard", rate: 12.5, events: 25 });
  expect(rate?.low).toBeCloseTo(16.18 / 2, 2);
  expect(rate?.high).toBeCloseTo(36.9 / 2, 2);
});

test("what may not be told has no rate and no interval", () =>
  expect(bandRates([row("standard", "cloned", null)], "")[0]).toMatchObject({ rate: null, low: 0, high: 0 }));

test("bands stand by the seats that a customer holds, on the page of each product alike", () => {
  const rows = [
    row("high-volume", "cloned", 1, { band_customers: 200 }),
    row("high-touch", "cloned", 1, { band_customers: 5 }),
    row("high-volume", "cloned", 1, { scope: "A", band_customers: 1 }),
    row("high-touch", "cloned", 1, { scope: "A", band_customers: 2 }),
  ];
  expect(bandsOf(rows)).toEqual(["high-touch", "high-volume"]);
  expect(bandRates(rows, "A").map(({ band }) => band)).toEqual(["High touch", "High volume"]);
});

test("reasons are summed over bands, most frequent first, and divided by what came of them", () => {
  const of = (band: string, code: string, events: number, got: number, undecided: number) =>
    row(band, "turned_away", events, { code, got_within_week: got, undecided });
  const rows = [
    row("standard", "turned_away", 9),
    of("standard", "no_seats_left", 5, 2, 1),
    of("high-touch", "no_seats_left", 2, 0, 0),
    of("standard", "entitlement_expired", 9, 0, 0),
    of("standard", "few", 1, 1, 0),
  ];
  expect(reasonsOf(rows, "", null)).toEqual([
    { reason: "Term has ended", events: 9, got: 0, undecided: 0, not: 9 },
    { reason: "All seats in use", events: 7, got: 2, undecided: 1, not: 4 },
    { reason: "Reasons of few customers", events: 1, got: 1, undecided: 0, not: 0 },
  ]);
  expect(reasonsOf(rows, "", "high-touch").map(({ events }) => events)).toEqual([2]);
  expect(reasonsOf(rows, "A", null)).toEqual([]);
});
