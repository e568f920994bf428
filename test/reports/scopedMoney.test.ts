// Money by scope: of everything it is what the marts say, products come to it, and of few customers nothing is told.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHome } from "../../reports/lake.ts";
import type { Lake, Row } from "../../warehouse/read.ts";
import { removeHome, vendorHome } from "./support.ts";

let home: string;
let internal: Lake;
let product: Lake;

beforeAll(async () => {
  home = await vendorHome();
  [internal, product] = [await openHome(home, "internal"), await openHome(home, "product")];
});
afterAll(async () => {
  internal.close();
  product.close();
  await removeHome(home);
});

const table = async (lake: Lake, name: string): Promise<Row[]> =>
  lake.query(await readFile(join(import.meta.dirname, `../../reports/src/tables/${name}.arrow.sql`), "utf8"));

const movements = ["opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"] as const;

/** Each table of the page, and the same of everything by SQL over marts of its own. */
const tables = [
  {
    name: "recurringMonths",
    columns: [...movements, "entitlements"],
    sql: `select month::timestamp as month_at, currency, ${movements.map((it) => `${it}::double as ${it}`).join(", ")}, entitlements
      from agg_recurring_revenue_month where month < (select as_of from meta)`,
  },
  {
    name: "renewalMonths",
    columns: ["terms_due", "terms_renewed", "terms_renewed_in_time"],
    sql: `select month::timestamp as month_at, currency, terms_due, terms_renewed, terms_renewed_in_time
      from agg_renewal_month where month < (select as_of from meta)`,
  },
  {
    name: "revenueMonths",
    columns: ["booked", "recognized", "released", "deferred"],
    sql: `select month::timestamp as month_at, currency, sum(booked)::double as booked, sum(recognized)::double as recognized,
        sum(released)::double as released, sum(deferred)::double as deferred
      from fct_revenue_month where not is_test and month < (select as_of from meta) + interval 12 month
      group by month, currency`,
  },
];

const keyOf = (row: Row) => `${(row["month_at"] as Date).toISOString()} ${row["currency"] as string}`;

describe.each(tables)("$name", ({ name, columns, sql }) => {
  const picked = (rows: readonly Row[]) =>
    new Map(rows.map((row) => [keyOf(row), columns.map((column) => Number(row[column]))]));

  test("is of everything what the marts say", async () => {
    const rows = await table(internal, name);
    const known = await internal.query(`select * from (${sql}) order by currency, month_at`);
    expect(picked(rows.filter(({ scope }) => scope === ""))).toEqual(picked(known));
    // The vendor's terms are of a year, and none has ended.
    expect(known.length >= 20).toBe(name !== "renewalMonths");
  });

  test("comes to everything by product", async () => {
    const rows = await table(internal, name);
    const sums = new Map<string, number[]>();
    for (const row of rows.filter(({ scope }) => (scope as string).startsWith("product:"))) {
      const so = sums.get(keyOf(row)) ?? columns.map(() => 0);
      sums.set(
        keyOf(row),
        columns.map((column, index) => so[index]! + Number(row[column])),
      );
    }
    const all = picked(rows.filter(({ scope }) => scope === ""));
    for (const [key, values] of all)
      expect([key, sums.get(key) ?? columns.map(() => 0)]).toEqual([key, values]);
  });
});

test("what few customers pay, and what few moved, is not told on the product site", async () => {
  // Of the vendor's twelve customers, some months have few that moved anything.
  const customers = await internal.query<{
    month_at: Date;
    currency: string;
    paying: number;
    moved: number;
  }>(`
    select month::timestamp as month_at, currency,
      count(distinct customer_id) filter (where amount > 0) as paying,
      count(distinct customer_id) filter (where amount is distinct from amount_before) as moved
    from fct_recurring_month where not is_test group by month, currency`);
  const known = new Map(customers.map((row) => [keyOf(row), row]));
  const told = (await table(product, "recurringMonths")).filter(({ scope }) => scope === "");
  expect(told.length).toBeGreaterThan(5);
  const isFew = (n: number) => n > 0 && n < 5;
  for (const row of told) {
    const { paying = 0, moved = 0 } = known.get(keyOf(row)) ?? {};
    expect([keyOf(row), row["closing"] === null, row["new"] === null]).toEqual([
      keyOf(row),
      isFew(paying),
      isFew(moved),
    ]);
  }
  expect(told.some((row) => row["new"] === null)).toBe(true);
  expect(told.some((row) => row["closing"] === null)).toBe(true);
});

test("customers who use more than they bought are counted once a month, whatever products they do it with", async () => {
  const over = (month: number, customer: string, sku: string) =>
    `(date '2026-${String(month).padStart(2, "0")}-01', '${customer}', '${sku}', 2, false)`;
  await internal.run(`
    create temp table fct_overdraft_month as
    select * from (values ${over(9, "C-1", "CAD-LT")}, ${over(9, "C-1", "CAD-PRO")}, ${over(9, "C-2", "CAD-PRO")})
      as facts(month, customer_id, sku, seats_over, is_test)`);
  const row = (await table(internal, "monthChanges")).find(({ measure }) => measure === "overdraft");
  await internal.run("drop table temp.fct_overdraft_month");
  expect([row?.["number"], row?.["customers"]]).toEqual([6, 2]);
});
