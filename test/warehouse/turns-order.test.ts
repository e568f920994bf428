// Turns at a time in the middle of the year, and turns that were recorded late.

import { expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { bind, day, sale } from "./facts.ts";
import { lakeOf } from "./support.ts";
import { turningYear } from "./turning-year.ts";
import { extend, renew, split, suspend, transfer, use } from "./turns.ts";
import { query } from "./year.ts";

const X = { orderId: "X" };

test.each([
  [
    37,
    [
      ["ent-L-1", "C-2", "CAD-PRO", 1, "active", 0],
      ["ent-M1-1", "C-6", "CAD-PRO", 1, "active", 0],
      ["ent-P-1", "C-8", "CAD-PRO", 1, "active", 0],
      ["ent-S-1", "C-3", "CAD-PRO", 4, "active", 0],
      ["ent-S-part", "C-4", "CAD-PRO", 2, "active", 0],
      ["ent-U-1", "C-2", "CAD-PRO", 1, "active", 0],
    ],
  ],
  [
    60,
    [
      ["ent-L-1", "C-2", "CAD-PRO", 1, "active", 0],
      ["ent-M1-1", "C-6", "CAD-PRO", 1, "active", 0],
      ["ent-P-1", "C-8", "CAD-PRO", 1, "suspended", 0],
      ["ent-S-1", "C-3", "CAD-PRO", 4, "active", 0],
      ["ent-S-part", "C-5", "CAD-PRO", 2, "active", 0],
      ["ent-U-1", "C-2", "CAD-MAX", 5, "active", 0],
    ],
  ],
  [
    120,
    [
      ["ent-L-1", "C-2", "CAD-PRO", 1, "expired", 0],
      ["ent-M1-1", "C-7", "CAD-PRO", 1, "active", 0],
      ["ent-P-1", "C-8", "CAD-PRO", 1, "active", 0],
      ["ent-S-1", "C-3", "CAD-PRO", 4, "active", 0],
      ["ent-S-part", "C-5", "CAD-PRO", 2, "active", 0],
      ["ent-U-1", "C-2", "CAD-MAX", 5, "active", 0],
    ],
  ],
])("as of day %i an entitlement is what it was then", async (asOf, then) => {
  const lake = await lakeOf(turningYear, day(asOf));
  expect(
    await query(
      lake,
      `select entitlement_id, customer_id, sku, quantity, status, renewals from fct_entitlement
       where entitlement_id in ('ent-L-1', 'ent-M1-1', 'ent-P-1', 'ent-S-1', 'ent-S-part', 'ent-U-1')`,
    ),
  ).toEqual(then);
});

test("a month that is over reads the same as it did when it ended", async () => {
  const columns = "* exclude (is_partial)";
  const month = (name: string) =>
    `select ${columns} from agg_license_model_month where month = '2026-${name}-01'`;
  const later = await lakeOf(turningYear, day(330));
  // The last instants of February, with the suspension, and of April, with the term that is not renewed yet.
  for (const [name, end] of [
    ["02", day(59 - 1e-6)],
    ["04", day(120 - 1e-6)],
  ] as const) {
    const then = await lakeOf(turningYear, end);
    expect(await query(then, month(name))).toEqual(await query(later, month(name)));
  }
});

test("what is recorded late takes its place in time, and no seat is lost by it", async () => {
  const bought = sale({ ...X, orderedAt: day(1), quantity: 3, endsAt: day(100) });
  const drafts: Draft[] = [
    ...bought,
    extend(X, { at: day(10), added: 2, quantity: 5 }),
    // Happened before, was recorded after: so it says that there are six, of which two are still to come.
    extend(X, { at: day(5), added: 1, quantity: 6 }),
    ...split(X, bought, { at: day(20), moved: 2, quantity: 4, child: "ent-X-part" }),
    // The seat was bound by C-2, though the ledger did not know yet that it was theirs by then.
    ...bind(X, { at: day(50), activationId: "x1" }),
    transfer(X, { at: day(40), from: "C-1", customerId: "C-2" }),
    renew(X, { at: day(90), customerId: "C-2", startsAt: day(100), endsAt: day(200) }),
    renew(X, { at: day(80), customerId: "C-2", startsAt: day(200), endsAt: day(300) }),
    suspend(X, { at: day(95), customerId: "C-2" }),
  ];
  const lake = await lakeOf(drafts, day(120));
  expect(
    await query(
      lake,
      `select epoch(occurred_at - timestamp '2026-01-01') / 86400, quantity_after, customer_id,
         epoch(ends_at_after - timestamp '2026-01-01') / 86400, status_after
       from entitlement_history where entitlement_id = 'ent-X-1' and is_state_change`,
    ),
  ).toEqual([
    [1, 3, "C-1", 100, "active"],
    [5, 4, "C-1", 100, "active"],
    [10, 6, "C-1", 100, "active"],
    [20, 4, "C-1", 100, "active"],
    [40, 4, "C-2", 100, "active"],
    [50, 4, "C-2", 100, "active"],
    // The one that was recorded second knew of the other's end, and the later end holds.
    [80, 4, "C-2", 300, "active"],
    [95, 4, "C-2", 300, "suspended"],
  ]);
  expect(await query(lake, "select customer_id from fct_activation")).toEqual([["C-2"]]);
  expect(
    await query(lake, "select entitlement_id, quantity from fct_entitlement order by entitlement_id"),
  ).toEqual([
    ["ent-X-1", 4],
    ["ent-X-part", 2],
  ]);
});

test("the order in which events were recorded changes no mart, where it changes nothing that they say", async () => {
  const [catalog, ...rest] = turningYear;
  if (!catalog) throw new Error("the year begins with its catalog");
  const tables = [
    "select * exclude (recorded_at) from fct_entitlement",
    "from fct_temporary_license",
    "select * exclude (clone_id) from fct_clone",
    "from agg_license_model_month",
    "from agg_platform_month",
    "from time_to_activation",
  ];
  const inTime = [catalog, ...rest.toSorted((a, b) => a.occurred_at.localeCompare(b.occurred_at))];
  const [grouped, sorted] = [await lakeOf(turningYear, day(330)), await lakeOf(inTime, day(330))];
  for (const table of tables) expect(await query(sorted, table)).toEqual(await query(grouped, table));
});

test("units of a metered right are counted where and when they were used, also those recorded late", async () => {
  const used = (at: number, units: number, total: number, overage = 0) =>
    use(X, { at: day(at), activationId: "x1", units, used: total, overage, period: [day(1), day(32)] });
  const drafts = [
    ...sale({ ...X, orderedAt: day(1), quantity: 10 }),
    ...bind(X, { at: day(2), activationId: "x1" }),
    used(9, 6, 6),
    used(8, 4, 10),
    used(12, 3, 13, 3),
    transfer(X, { at: day(11), from: "C-1", customerId: "C-2" }),
  ];
  const lake = await lakeOf(drafts, day(20));
  expect(
    await query(
      lake,
      "select customer_id, sum(units)::int, sum(units_over)::int, max(quantity)::int from fct_usage group by all order by 1",
    ),
  ).toEqual([
    ["C-1", 10, 0, 10],
    ["C-2", 3, 3, 10],
  ]);
  expect(
    await query(
      lake,
      "select what, subject, is_state_change from entitlement_history where event_type = 'usage.recorded'",
    ),
  ).toEqual([
    ["Units used", "4 more, 10 in the period", false],
    ["Units used", "6 more, 6 in the period", false],
    ["Units used", "3 more, 13 in the period", false],
  ]);
});
