import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoadResult } from "../../warehouse/course.ts";
import { type Lake, openLake } from "../../warehouse/read.ts";
import { day } from "./facts.ts";
import { loadHome, writeSegments } from "./support.ts";
import { S, turningYear } from "./turning-year.ts";
import { query } from "./year.ts";

// Most promises are about this one year, so it is loaded once.
let lake: Lake;
let loaded: LoadResult;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keyhouse-turns-"));
  await writeSegments(home, turningYear);
  loaded = await loadHome(home, day(330));
  const opened = await openLake(join(home, "lake"));
  if (!opened) throw new Error("nothing was loaded");
  lake = opened;
});
afterAll(async () => {
  lake.close();
  await rm(home, { recursive: true });
});

/** The day of the test calendar that an instant is in. */
const dayOf = (column: string) => `epoch(${column} - timestamp '2026-01-01') / 86400`;

test("every identity of every model holds over a year of turns", () => {
  expect(loaded.warnings).toEqual([]);
});

test("an entitlement is what its turns made of it", async () => {
  expect(
    await query(
      lake,
      `select entitlement_id, customer_id, sku, license_model, quantity, ${dayOf("ends_at")}, status, renewals, upgrades,
         parent_entitlement_id
       from fct_entitlement`,
    ),
  ).toEqual([
    ["ent-F-1", "C-9", "CAD-PRO", "trial", 1, 50, "expired", 0, 0, null],
    ["ent-L-1", "C-2", "CAD-PRO", "sub-node", 1, 465, "active", 1, 0, null],
    ["ent-M1-1", "C-7", "CAD-PRO", "sub-node", 1, 369, "active", 0, 0, null],
    ["ent-M2-1", "C-7", "CAD-PRO", "sub-node", 1, 370, "cancelled", 0, 0, null],
    ["ent-M3-1", "C-7", "CAD-PRO", "sub-node", 1, 371, "active", 0, 0, null],
    // Suspended, though the term has ended as well: it does not run for either reason, and this one someone decided.
    ["ent-P-1", "C-8", "CAD-PRO", "sub-node", 1, 200, "suspended", 0, 0, null],
    ["ent-R-1", "C-1", "CAD-PRO", "sub-node", 2, 665, "active", 1, 0, null],
    ["ent-S-1", "C-3", "CAD-PRO", "sub-node", 4, 368, "active", 0, 0, null],
    ["ent-S-part", "C-5", "CAD-PRO", "sub-node", 2, 368, "active", 0, 0, "ent-S-1"],
    ["ent-U-1", "C-2", "CAD-MAX", "perp-float", 5, null, "active", 0, 1, null],
  ]);
});

test("its use is counted: seats, moves, returns, temporary licenses, copies", async () => {
  expect(
    await query(
      lake,
      `select seats_bound, activations, licenses_issued, rehosts, repairs, returns, temporary_licenses, clones
       from fct_entitlement where order_id = 'R'`,
    ),
  ).toEqual([[1, 2, 4, 1, 1, 1, 1, 1]]);
});

test("what was sold stays as it was sold", async () => {
  const sold = await query(
    lake,
    `select granted_customer_id, granted_sku, granted_license_model, granted_quantity, amount
     from fct_entitlement where order_id in ('S', 'U') order by entitlement_id`,
  );
  expect(sold).toEqual([
    ["C-3", "CAD-PRO", "sub-node", 5, 50_000],
    ["C-4", "CAD-PRO", "sub-node", 2, 0],
    ["C-2", "CAD-PRO", "sub-node", 1, 10_000],
  ]);
  expect(
    await query(
      lake,
      "select customer_id, sku, license_model, quantity, amount from fct_order_line where order_id in ('S', 'U') order by order_id",
    ),
  ).toEqual([sold[0], sold[2]]);
});

test("a wait is of what was sold, and a part that was split off waits for nothing", async () => {
  expect(
    await query(
      lake,
      `select dimension, segment, entitlements, activated from time_to_activation_summary
       where dimension in ('all', 'license_model', 'product')`,
    ),
  ).toEqual([
    ["all", "all", 9, 6],
    ["license_model", "sub-node", 8, 5],
    ["license_model", "trial", 1, 1],
    ["product", "CAD-PRO", 9, 6],
  ]);
});

test("a seat's generation ends where the next one begins, or as it was given back; its customer is the one of the time", async () => {
  expect(
    await query(
      lake,
      `select activation_id, generation, bind_reason, ${dayOf("bound_at")}, ${dayOf("ended_at")}, end_reason, customer_id, license_model
       from fct_activation where order_id in ('R', 'S', 'U', 'M1') order by activation_id, generation`,
    ),
  ).toEqual([
    ["m1", 1, "activated", 10, null, null, "C-6", "sub-node"],
    ["p1", 1, "activated", 35, null, null, "C-4", "sub-node"],
    ["p2", 1, "activated", 45, null, null, "C-5", "sub-node"],
    ["r1", 1, "activated", 2, 22, "rehosted", "C-1", "sub-node"],
    ["r1", 2, "rehosted", 22, 60, "repaired", "C-1", "sub-node"],
    ["r1", 3, "repaired", 60, null, null, "C-1", "sub-node"],
    ["r2", 1, "activated", 61, 90, "returned", "C-1", "sub-node"],
    ["s1", 1, "activated", 5, null, null, "C-3", "sub-node"],
    ["u1", 1, "activated", 65, null, null, "C-2", "perp-float"],
  ]);
});

test("temporary licenses and copies stand with whom and what they concern", async () => {
  expect(
    await query(
      lake,
      `select kind, host_hash, ${dayOf("not_before_at")}, ${dayOf("expires_at")}, days_lent, customer_id, sku, license_model, price_band, is_running
       from fct_temporary_license order by license_id`,
    ),
  ).toEqual([
    ["renewal_pending", "h4", 101, 108, 7, "C-2", "CAD-PRO", "sub-node", "standard", false],
    ["failure", "h-spare", 20, 34, 14, "C-1", "CAD-PRO", "sub-node", "standard", false],
  ]);
  expect(
    await query(
      lake,
      "select activation_id, presented_generation, generation, host_hash, is_on_left_host, days_since_left, customer_id from fct_clone",
    ),
  ).toEqual([["r1", 1, 2, "h1", true, 18, "C-1"]]);
});

test("after a merger the one customer holds everything, and the other is remembered", async () => {
  expect(
    await query(
      lake,
      "select customer_id, orders, entitlements from dim_customer where customer_id in ('C-6', 'C-7')",
    ),
  ).toEqual([
    ["C-6", 2, 0],
    ["C-7", 1, 3],
  ]);
  // From the month of the transfer on the host counts for the new owner.
  expect(
    await query(
      lake,
      `select strftime(month, '%m'), active_customers from agg_platform_month where month <= '2026-03-01'`,
    ),
  ).toEqual([
    // In February C-5 with the part that it took over; in March C-7 in C-6's place, and C-9's trial is over.
    ["01", 5],
    ["02", 6],
    ["03", 5],
  ]);
});

test("a product that was never ordered, only upgraded to, is a product all the same", async () => {
  expect(
    await query(lake, "select name, features, is_in_catalog from dim_product where sku = 'CAD-MAX'"),
  ).toEqual([["Product CAD-MAX", ["3d", "5-axis"], false]]);
});

test("a month tells what was sold, what was renewed, and what stood at its end under the model of the time", async () => {
  expect(
    await query(
      lake,
      `select strftime(month, '%m'), license_model, entitlements_sold, seats_sold, renewals, upgrades, seats_extended, entitlements_cancelled,
         entitlements_active, entitlements_suspended, seats_active, seats_bound, customers_active
       from agg_license_model_month where license_model <> 'trial' and month <= '2026-05-01' order by license_model, month`,
    ),
  ).toEqual([
    ["02", "perp-float", 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1],
    ["03", "perp-float", 0, 0, 0, 0, 4, 0, 1, 0, 5, 1, 1],
    ["04", "perp-float", 0, 0, 0, 0, 0, 0, 1, 0, 5, 1, 1],
    ["05", "perp-float", 0, 0, 0, 0, 0, 0, 1, 0, 5, 1, 1],
    // The part that was split off on the last day of January is in force and was not sold.
    ["01", "sub-node", 8, 13, 0, 0, 1, 0, 9, 0, 14, 4, 7],
    ["02", "sub-node", 0, 0, 0, 0, 0, 0, 7, 1, 12, 6, 6],
    ["03", "sub-node", 0, 0, 0, 0, 0, 1, 7, 0, 12, 7, 6],
    // L's term ended in April, and was renewed in May.
    ["04", "sub-node", 0, 0, 0, 0, 0, 0, 6, 0, 11, 5, 5],
    ["05", "sub-node", 0, 0, 1, 0, 0, 0, 7, 0, 12, 6, 6],
  ]);
});

test("a split neither makes nor loses a seat or a price", async () => {
  expect(
    await query(
      lake,
      `select sum(quantity)::int, sum(amount)::int from fct_entitlement where order_id = '${S.orderId}'`,
    ),
  ).toEqual([[6, 50_000]]);
});
