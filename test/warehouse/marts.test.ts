import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import type { LoadResult } from "../../warehouse/course.ts";
import { type Lake, openLake } from "../../warehouse/read.ts";
import { bind, day, entitlementOf, refuse, sale } from "./facts.ts";
import { lakeOf, loadHome, writeSegments } from "./support.ts";
import { A, B, query, year } from "./year.ts";

// Most promises are about this one year, so it is loaded once.
let yearLake: Lake;
let yearLoad: LoadResult;
let yearHome: string;

beforeAll(async () => {
  yearHome = await mkdtemp(join(tmpdir(), "keyhouse-warehouse-"));
  await writeSegments(yearHome, year);
  yearLoad = await loadHome(yearHome, day(70));
  const opened = await openLake(join(yearHome, "lake"));
  if (!opened) throw new Error("nothing was loaded");
  yearLake = opened;
});
afterAll(async () => {
  yearLake.close();
  await rm(yearHome, { recursive: true });
});

test("every identity of every model holds over the year", () => {
  expect(yearLoad.warnings).toEqual([]);
});

test("an entitlement tells what came of it", async () => {
  const lake = yearLake;
  expect(
    await query(
      lake,
      `select order_id, outcome, status, days_to_activate, seats_bound, is_activated, is_censored, is_test
       from fct_entitlement order by order_id`,
    ),
  ).toEqual([
    ["A", "activated", "active", 2, 2, true, false, false],
    ["B", "activated", "cancelled", 0, 0, true, false, false],
    ["C", "cancelled", "cancelled", null, 0, false, false, false],
    ["D", "censored", "expired", null, 0, false, true, false],
    ["T", "activated", "active", 1, 1, true, false, true],
  ]);
});

test("what happened after the as-of time is not in the marts, and stays in events", async () => {
  const lake = await lakeOf(year, day(3));
  expect(
    await query(lake, "select order_id, outcome, days_to_activate from fct_entitlement order by order_id"),
  ).toEqual([
    ["A", "censored", null],
    ["B", "activated", 0],
  ]);
  expect(await lake.query("select events, events_by_as_of from meta")).toEqual([
    { events: year.length, events_by_as_of: 7 },
  ]);
});

test("an entitlement is delivered when its code was, and not at risk before", async () => {
  const drafts = [
    ...sale({ ...A, orderedAt: day(1), deliveredAt: day(4) }),
    ...bind(A, { at: day(6), activationId: "a1" }),
    ...sale({ ...B, orderedAt: day(1), deliveredAt: day(50) }),
  ];
  const lake = await lakeOf(drafts, day(10));
  expect(
    await query(lake, "select order_id, days_to_activate from fct_entitlement order by order_id"),
  ).toEqual([
    ["A", 2],
    ["B", null],
  ]);
  expect(
    await lake.query("select entitlements from time_to_activation_summary where dimension = 'all'"),
  ).toEqual([{ entitlements: 1 }]);
});

test("a seat ends by its own end, by a rehost, or with its entitlement", async () => {
  const drafts = [...year, ...bind(A, { at: day(40), activationId: "a2", host: "h3", generation: 2 })];
  const lake = await lakeOf(drafts, day(70));
  expect(
    await query(
      lake,
      `select activation_id, generation, host_hash, epoch(ended_at - timestamp '2026-01-01') / 86400, end_reason, licenses_issued
       from fct_activation where not is_test order by activation_id, generation`,
    ),
  ).toEqual([
    ["a1", 1, "h1", null, null, 1],
    ["a2", 1, "h2", 40, "rehosted", 1],
    ["a2", 2, "h3", null, null, 1],
    ["b1", 1, "h1", 20, "lease_ended", 1],
    ["b2", 1, "h9", 35, "entitlement_cancelled", 1],
  ]);
  expect(await lake.query("select seats_bound from fct_entitlement where order_id = 'A'")).toEqual([
    { seats_bound: 2 },
  ]);
});

test("a host counts once a month, on the platform of the seat that it took last", async () => {
  const lake = yearLake;
  expect(
    await query(
      lake,
      "select strftime(month, '%m'), os_type, os_version, arch, active_hosts, active_customers from agg_platform_month",
    ),
  ).toEqual([
    // h1 is of two customers; its Windows seat was the later one.
    ["01", "linux", null, "amd64", 1, 1],
    ["01", "windows", "11", "amd64", 1, 2],
    // In February customer 2 has no seat on h1 any more.
    ["02", "darwin", "11", "arm64", 1, 1],
    ["02", "linux", null, "amd64", 1, 1],
    ["02", "windows", "11", "amd64", 1, 1],
    ["03", "linux", null, "amd64", 1, 1],
    ["03", "windows", "11", "amd64", 1, 1],
  ]);
});

test("a seat is not in use after its term, nor in the month that begins as it ends", async () => {
  const drafts = [
    ...sale({ ...A, orderedAt: day(1), endsAt: day(31) }),
    ...bind(A, { at: day(2), activationId: "a1" }),
  ];
  const lake = await lakeOf(drafts, day(70));
  expect(await query(lake, "select strftime(month, '%m'), active_hosts from agg_platform_month")).toEqual([
    ["01", 1],
  ]);
});

test("a license model's month tells what was sold in it and what was in force at its end, by currency", async () => {
  const lake = yearLake;
  expect(
    await query(
      lake,
      `select strftime(month, '%m'), license_model, currency, entitlements_sold, seats_sold, amount, cast(amount_major as varchar),
         entitlements_cancelled, entitlements_active, seats_active, seats_bound, customers_active, is_partial
       from agg_license_model_month order by license_model, month`,
    ),
  ).toEqual([
    ["01", "perp-float", "JPY", 1, 1, 5_000, "5000.000", 0, 1, 1, 0, 1, false],
    ["02", "perp-float", "JPY", 0, 0, 0, "0.000", 1, 0, 0, 0, 0, false],
    ["03", "perp-float", "JPY", 0, 0, 0, "0.000", 0, 0, 0, 0, 0, true],
    ["01", "sub-node", "EUR", 1, 3, 30_000, "300.000", 0, 1, 3, 2, 1, false],
    ["02", "sub-node", "EUR", 0, 0, 0, "0.000", 0, 1, 3, 2, 1, false],
    ["03", "sub-node", "EUR", 0, 0, 0, "0.000", 0, 1, 3, 2, 1, true],
    ["01", "trial", "EUR", 2, 2, 20_000, "200.000", 1, 1, 1, 0, 1, false],
    ["02", "trial", "EUR", 0, 0, 0, "0.000", 0, 0, 0, 0, 0, false],
    ["03", "trial", "EUR", 0, 0, 0, "0.000", 0, 0, 0, 0, 0, true],
  ]);
});

test("orders marked as tests are in the facts, flagged, and in no count", async () => {
  const tests = year.filter((draft) => draft.order_id === "T" || draft.type === "catalog.published");
  const lake = await lakeOf(tests, day(70));
  expect(
    await lake.query(
      "select is_test from fct_entitlement union all select is_test from fct_order_line union all select is_test from fct_activation",
    ),
  ).toEqual([true, true, true].map((is_test) => ({ is_test })));
  for (const table of [
    "agg_platform_day",
    "agg_platform_week",
    "agg_platform_month",
    "agg_utilization_month",
    "agg_compliance_month",
    "agg_license_model_month",
    "time_to_activation",
    "time_to_activation_summary",
    "time_to_activation_test",
  ])
    expect([table, await lake.query(`from ${table}`)]).toEqual([table, []]);
  expect(await lake.query("select orders, entitlements from dim_customer")).toEqual([
    { orders: 0, entitlements: 0 },
  ]);
});

test("an entitlement's history leads from nothing to its state, each step from where the last one ended", async () => {
  const lake = yearLake;
  const history = (order: { orderId: string }) =>
    query(
      lake,
      `select change_number, what, subject, reason, status_before, status_after, seats_bound_before, seats_bound_after, is_state_change
       from entitlement_history where entitlement_id = '${entitlementOf(order)}'`,
    );
  expect(await history(B)).toEqual([
    [1, "Granted", "1 × Product OLD-1, Perpetual, floating", null, null, "active", 0, 0, true],
    [2, "Seat bound", "linux 6 amd64", null, "active", "active", 0, 1, true],
    [3, "License issued", "lic-b1-1", "activated", "active", "active", 1, 1, false],
    [4, "Seat ended", "b1", "lease_ended", "active", "active", 1, 0, true],
    [5, "Seat bound", "darwin 11 arm64", null, "active", "active", 0, 1, true],
    [6, "License issued", "lic-b2-1", "activated", "active", "active", 1, 1, false],
    [7, "Cancelled", "Product OLD-1", "customer_request", "active", "cancelled", 1, 0, true],
  ]);
  expect(await history({ orderId: "D" })).toEqual([
    [1, "Granted", "1 × Product CAD-PRO, Trial", null, null, "active", 0, 0, true],
    [2, "Term ended", "Product CAD-PRO", null, "active", "expired", 0, 0, true],
  ]);
});

test("refusals of orders and of activations stand side by side", async () => {
  const refused: Draft = {
    type: "order.refused",
    source: "shopify",
    occurred_at: day(9),
    order_id: "R",
    customer_id: "C-7",
    data: {
      code: "unknown_sku",
      rule: "catalog",
      detail: "no such product",
      channel: "shopify",
      is_test: false,
    },
  };
  // A refresh states no platform.
  const refresh: Draft[] = refuse(A, day(6), "license_superseded").map((draft) =>
    draft.type === "activation.refused"
      ? { ...draft, data: { ...draft.data, request: "refresh", os_type: null, arch: null } }
      : draft,
  );
  const lake = await lakeOf([...year, ...refresh, refused], day(70));
  expect(
    await query(
      lake,
      "select refused, request, code, order_id, sku, license_model, os_type, source from fct_refusal",
    ),
  ).toEqual([
    ["activation", "activate", "no_seats_left", "A", "CAD-PRO", "sub-node", "linux", "api"],
    ["activation", "refresh", "license_superseded", "A", "CAD-PRO", "sub-node", null, "api"],
    ["order", null, "unknown_sku", "R", null, null, null, "shopify"],
  ]);
});

test("days run without a hole over whole years, and know whether they are over", async () => {
  const lake = yearLake;
  expect(
    await lake.query(
      "select count(*) as days, min(date) as first, max(date) as last, count(*) filter (where is_complete) as over from dim_date",
    ),
  ).toEqual([{ days: 365, first: new Date("2026-01-01"), last: new Date("2026-12-31"), over: 70 }]);
});
