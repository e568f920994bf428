// What policies let through and turn away: the query over a small lake, and the words for what it says.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { openHome } from "../../reports/lake.ts";
import { bandRates, bandsOf, type PolicyRow, reasonsOf } from "../../reports/src/components/policy.ts";
import { bind, catalog, day, end, refuse, sale } from "../warehouse/facts.ts";
import { clone, lend, override } from "../warehouse/turns.ts";
import { removeHome, vendorHome } from "./support.ts";

const query = join(import.meta.dirname, "../../reports/src/tables/policy.arrow.sql");

async function policyOf(drafts: Draft[], audience: "internal" | "product"): Promise<PolicyRow[]> {
  const home = await vendorHome(drafts.toSorted((a, b) => (a.occurred_at < b.occurred_at ? -1 : 1)));
  const lake = await openHome(home, audience);
  try {
    return (await lake.query(await readFile(query, "utf8"))) as unknown as PolicyRow[];
  } finally {
    lake.close();
    await removeHome(home);
  }
}

/** One seat that a customer of a band holds for a hundred days. */
function holding(
  customer: number,
  priceBand: string,
  model?: "trial",
): { of: { orderId: string }; drafts: Draft[] } {
  const of = {
    orderId: `SO-${customer}`,
    orderedAt: day(100),
    customerId: `C-${customer}`,
    priceBand,
    ...(model === undefined ? {} : { model }),
  };
  const seat = { activationId: `A-${customer}`, customerId: of.customerId };
  const drafts = [
    ...sale(of),
    ...bind(of, { at: day(100), host: `host-${customer}`, ...seat }),
    ...end(of, { at: day(200), ...seat }),
  ];
  return { of, drafts };
}

const total = (rows: readonly PolicyRow[], measure: string, band = "standard") =>
  rows.find((row) => row.sku === "" && row.code === "" && row.measure === measure && row.price_band === band);

test("rates are of the time that seats were held, band by band; trials are left out", async () => {
  const one = holding(1, "standard");
  const two = holding(2, "high-touch");
  const three = holding(3, "standard", "trial");
  const rows = await policyOf(
    [
      ...catalog(day(0)),
      ...[one, two, three].flatMap(({ drafts }) => drafts),
      ...refuse(three.of, day(150)),
      ...bind(two.of, { at: day(120), activationId: "A-2", customerId: "C-2", host: "other", generation: 2 }),
      clone(two.of, {
        at: day(121),
        customerId: "C-2",
        activationId: "A-2",
        host: "host-2",
        presented: 1,
        generation: 2,
      }),
      lend(two.of, {
        at: day(122),
        customerId: "C-2",
        activationId: "A-2",
        host: "third",
        endsAt: day(125),
        generation: 2,
      }),
      override(one.of, { at: day(123) }),
    ],
    "internal",
  );
  const per = (measure: string, band: string) => total(rows, measure, band)?.events;
  expect(total(rows, "cloned")?.seat_years).toBeCloseTo(100 / 365.25, 3);
  expect(per("turned_away", "standard")).toBe(0);
  expect(per("overridden", "standard")).toBe(1);
  expect(per("cloned", "standard")).toBe(0);
  for (const measure of ["cloned", "lent", "rehosted"]) expect(per(measure, "high-touch")).toBe(1);
});

describe("whoever was turned away", () => {
  const one = holding(1, "standard");
  const away = async (...drafts: Draft[]) => {
    const rows = await policyOf([...catalog(day(0)), ...one.drafts, ...drafts], "internal");
    const row = total(rows, "turned_away");
    return [row?.events, row?.got_within_week, row?.undecided];
  };
  const seatOf = (at: string) => bind(one.of, { at, activationId: "A-9", host: "host-refused" });

  test.each([
    {
      name: "counts once, however often the client tries again",
      drafts: [150, 151, 157].flatMap((at) => refuse(one.of, day(at))),
      is: [1, 0, 0],
    },
    {
      name: "counts again a week after the last try",
      drafts: [150, 158].flatMap((at) => refuse(one.of, day(at))),
      is: [2, 0, 0],
    },
    {
      name: "counts by rule",
      drafts: [...refuse(one.of, day(150)), ...refuse(one.of, day(150.5), "entitlement_suspended")],
      is: [1, 0, 0],
    },
    {
      name: "got it, where a seat was bound to the same computer within a week",
      drafts: [...refuse(one.of, day(150)), ...seatOf(day(156))],
      is: [1, 1, 0],
    },
    {
      name: "did not, where that took longer",
      drafts: [...refuse(one.of, day(150)), ...seatOf(day(158))],
      is: [1, 0, 0],
    },
    {
      name: "did not, where another computer got one",
      drafts: [
        ...refuse(one.of, day(150)),
        ...bind(one.of, { at: day(151), activationId: "A-9", host: "another" }),
      ],
      is: [1, 0, 0],
    },
    { name: "is not decided while the week is not over", drafts: refuse(one.of, day(297)), is: [1, 0, 1] },
    { name: "is left out after a year", drafts: [], is: [0, 0, 0] },
  ])("$name", async ({ drafts, is }) => expect(await away(...drafts)).toEqual(is));
});

test("the product site tells of no band with fewer than five customers, and of nothing that concerned fewer", async () => {
  const many = Array.from({ length: 6 }, (_, n) => holding(n, "standard"));
  const few = Array.from({ length: 4 }, (_, n) => holding(10 + n, "high-touch"));
  const drafts = [
    ...catalog(day(0)),
    ...[...many, ...few].flatMap((held) => held.drafts),
    ...many.flatMap(({ of }, n) =>
      refuse(of, day(150)).map((draft) => ({ ...draft, customer_id: `C-${n}` })),
    ),
    override(many[0]!.of, { at: day(160), customerId: "C-0" }),
  ];
  const told = await policyOf(drafts, "product");
  expect(bandsOf(told)).toEqual(["standard"]);
  expect(total(told, "turned_away")?.events).toBe(6);
  expect(total(told, "overridden")?.events).toBeNull();
  expect(total(told, "cloned")?.events).toBe(0);
  const all = await policyOf(drafts, "internal");
  expect(bandsOf(all)).toEqual(["high-touch", "standard"]);
  expect(total(all, "overridden")?.events).toBe(1);
});

const row = (
  band: string,
  measure: string,
  events: number | null,
  more: Partial<PolicyRow> = {},
): PolicyRow => ({
  sku: "",
  name: "",
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
    row("high-volume", "cloned", 1, { sku: "A", band_customers: 1 }),
    row("high-touch", "cloned", 1, { sku: "A", band_customers: 2 }),
  ];
  expect(bandsOf(rows)).toEqual(["high-touch", "high-volume"]);
  expect(bandRates(rows, "A").map(({ band }) => band)).toEqual(["High touch", "High volume"]);
});

test("reasons are summed over bands, most frequent first, and divided by what came of them", () => {
  const away = (band: string, code: string, events: number, got: number, undecided: number) =>
    row(band, "turned_away", events, { code, got_within_week: got, undecided });
  const rows = [
    row("standard", "turned_away", 9),
    away("standard", "no_seats_left", 5, 2, 1),
    away("high-touch", "no_seats_left", 2, 0, 0),
    away("standard", "entitlement_expired", 9, 0, 0),
    away("standard", "few", 1, 1, 0),
  ];
  expect(reasonsOf(rows, "", null)).toEqual([
    { reason: "Term has ended", events: 9, got: 0, undecided: 0, not: 9 },
    { reason: "All seats in use", events: 7, got: 2, undecided: 1, not: 4 },
    { reason: "Reasons of few customers", events: 1, got: 1, undecided: 0, not: 0 },
  ]);
  expect(reasonsOf(rows, "", "high-touch").map(({ events }) => events)).toEqual([2]);
  expect(reasonsOf(rows, "A", null)).toEqual([]);
});
