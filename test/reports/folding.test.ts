// What the pages of money and of compliance tell to each audience, of a lake that is counted by hand.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Audience } from "../../reports/audience.ts";
import { openHome } from "../../reports/lake.ts";
import { bind, catalog, day, sale } from "../warehouse/facts.ts";
import { removeHome, vendorHome } from "./support.ts";

const tables = join(import.meta.dirname, "../../reports/src/tables");

let home: string;

// Eight customers with a term that ends 50 days after the as-of time; six of one product, two of another. Two hold a seat too many.
beforeAll(async () => {
  const drafts = Array.from({ length: 8 }, (_, n) => {
    const keys = { customerId: `C-${n}`, sku: n < 6 ? "CAD-PRO" : "CAD-LT" };
    const of = { orderId: `SO-${n}`, orderedAt: day(1), endsAt: day(350), price: 1000, ...keys };
    const seats = Array.from({ length: n < 2 ? 2 : 1 }, (_seat, seat) =>
      bind(of, { at: day(2), activationId: `A-${n}-${seat}`, host: `host-${n}-${seat}`, ...keys }),
    );
    return [...sale(of), ...seats.flat()];
  });
  home = await vendorHome([...catalog(day(0)), ...drafts.flat()]);
});

afterAll(() => removeHome(home));

/** What is told of a scope. */
async function told(table: string, audience: Audience, of = ""): Promise<Record<string, unknown>[]> {
  const lake = await openHome(home, audience);
  try {
    const rows = await lake.query(await readFile(join(tables, `${table}.arrow.sql`), "utf8"));
    return rows.filter(({ scope }) => scope === of);
  } finally {
    lake.close();
  }
}

test("terms that end soon are told by product, and outside of none by itself from which another would follow", async () => {
  const due = async (audience: Audience) =>
    (await told("renewalsDue", audience)).map(({ name, terms, customers, value }) => [
      name,
      terms,
      customers,
      value,
    ]);
  expect(await due("internal")).toEqual([
    ["Product CAD-PRO", 6, 6, 6000],
    ["Product CAD-LT", 2, 2, 2000],
  ]);
  // Two are not told of; and whoever knew of six would know of them from the eight.
  expect(await due("product")).toEqual([["Other products", 8, 8, 8000]]);
  expect(await told("renewalsDue", "product", "product:CAD-LT")).toEqual([]);
});

test("seats over are counted, and of fewer than five customers only inside", async () => {
  expect(await told("complianceNow", "internal")).toMatchObject([
    { seats_bound: 10, over_customers: 2, over_entitlements: 2, over_seats: 2, clone_hosts: 0 },
  ]);
  expect(await told("complianceNow", "product")).toMatchObject([
    { seats_bound: 10, over_customers: null, over_entitlements: null, over_seats: null, clone_hosts: 0 },
  ]);
  const over = async (audience: Audience) =>
    (await told("complianceKinds", audience)).map(({ dimension, total }) => [dimension, total]);
  expect(await over("internal")).toEqual([
    ["model", 2],
    ["product", 2],
  ]);
  expect(await over("product")).toEqual([]);
  const months = async (audience: Audience) =>
    (await told("complianceMonths", audience)).map((row) => [
      (row.month_at as Date).toISOString().slice(0, 7),
      row.overdraft_seats,
    ]);
  const year = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"].map((month) => `2026-${month}`);
  expect(await months("internal")).toEqual(year.map((month) => [month, 2]));
  expect(await months("product")).toEqual(year.map((month) => [month, null]));
});

test.each([
  ["renewalCustomers", 8],
  ["complianceCustomers", 2],
])("%s names customers inside, and nobody outside", async (table, customers) => {
  expect(await told(table, "internal")).toHaveLength(customers);
  expect(await told(table, "product")).toEqual([]);
});
