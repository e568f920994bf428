// What the tables of the activation page and of the overview tell, against SQL of its own over the lake; and to those who are not
// told of few customers, nothing of few.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fewestCustomers } from "../../reports/audience.ts";
import { openHome } from "../../reports/lake.ts";
import { addWaits } from "../../reports/waits.ts";
import type { Lake, Row } from "../../warehouse/read.ts";
import { removeHome, vendorHome } from "./support.ts";

let home: string;
let internal: Lake;
let product: Lake;

beforeAll(async () => {
  home = await vendorHome();
  [internal, product] = [await openHome(home, "internal"), await openHome(home, "product")];
  for (const lake of [internal, product]) await addWaits(lake);
});
afterAll(async () => {
  internal.close();
  product.close();
  await removeHome(home);
});

const table = async (lake: Lake, name: string): Promise<Row[]> =>
  lake.query(await readFile(join(import.meta.dirname, `../../reports/src/tables/${name}.arrow.sql`), "utf8"));

const FEWEST = fewestCustomers("product");

test.each(["shelfwareProducts", "attention"])(
  "%s tells the product site of no row of few customers",
  async (name) => {
    const rows = await table(product, name);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => Number(row["customers"]) < FEWEST)).toEqual([]);
    expect((await table(internal, name)).some((row) => Number(row["customers"]) < FEWEST)).toBe(true);
  },
);

test("no customer, and no entitlement, is in the shelfware of the product site", async () => {
  expect(await table(product, "shelfware")).toEqual([]);
  expect((await table(internal, "shelfware")).length).toBeGreaterThan(0);
});

test("shelfware by product adds up to its totals, folded or not", async () => {
  const totals = await internal.query<{ currency: string; entitlements: number; amount: number }>(`
    select currency, count(*) as entitlements, sum(amount)::double as amount from fct_entitlement
    where not is_test and status = 'active' and first_activated_at is null and amount > 0
      and delivered_at <= (select as_of from meta) - interval 30 day and metric not in ('site', 'metered') and is_wait_known
    group by currency order by currency`);
  expect(totals.length).toBe(2);
  for (const lake of [internal, product]) {
    const rows = await table(lake, "shelfwareProducts");
    for (const { currency, entitlements, amount } of totals) {
      const here = rows.filter((row) => row["currency"] === currency);
      const sum = (column: string) => here.reduce((so, row) => so + Number(row[column]), 0);
      expect([sum("entitlements"), sum("amount")]).toEqual([entitlements, amount]);
      expect(here[0]).toMatchObject({ all_entitlements: entitlements, all_amount: amount });
    }
  }
});

test("segments of few customers have neither a line nor a curve on the product site", async () => {
  // The vendor's months have seven or eight customers each.
  const strict = await openHome(home, "product");
  await strict.run("set variable fewest_customers = 8");
  await addWaits(strict);
  const small = await internal.query<{ segment: string }>(`
    select strftime(cohort_month, '%Y-%m') as segment from fct_entitlement where not is_test and is_wait_known
    group by cohort_month having count(distinct customer_id) < 8`);
  const names = small.map(({ segment }) => segment);
  expect(names.length).toBeGreaterThan(0);
  for (const name of ["waitingSummary", "waitingCurves", "waitingCohorts"]) {
    const told = (await table(strict, name)).map((row) => row["segment"]);
    expect(told.length).toBeGreaterThan(0);
    expect(names.filter((segment) => told.includes(segment))).toEqual([]);
    // Curves are of the latest six months only.
    const all = new Set((await table(internal, name)).map((row) => row["segment"]));
    expect(names.filter((segment) => all.has(segment)).length).toBeGreaterThan(
      name === "waitingCurves" ? 0 : names.length - 1,
    );
  }
});

test("reasons that few customers met are not told one by one on the product site", async () => {
  const [all, told] = [await table(internal, "refusals"), await table(product, "refusals")];
  expect(all.length).toBeGreaterThan(0);
  expect(told.every((row) => Number(row["customers"]) === 0 || Number(row["customers"]) >= FEWEST)).toBe(
    true,
  );
});

test("a month of orders has a share where at least half of it could be watched, that of its curve", async () => {
  const cells = await table(internal, "waitingCohorts");
  for (const { segment, day, entitlements, watched, share } of cells) {
    const [truth] = await internal.query<{ all_of_it: number; watched: number; share: number | null }>(`
      select
        count(*) as all_of_it,
        count(*) filter (where delivered_at + to_days(${Number(day)} + 1) <= (select as_of from meta)) as watched,
        (
          select 1 - survival from time_to_activation
          where dimension = 'cohort_month' and segment = '${segment as string}' and day <= ${Number(day)}
          order by day desc limit 1
        ) as share,
      from fct_entitlement where not is_test and is_wait_known and strftime(cohort_month, '%Y-%m') = '${segment as string}'`);
    expect([segment, day, entitlements, watched]).toEqual([segment, day, truth?.all_of_it, truth?.watched]);
    expect(share).toEqual(Number(watched) * 2 >= Number(entitlements) ? truth?.share : null);
  }
  expect(cells.some(({ share }) => share === null)).toBe(true);
});

test("the last whole month and the one before it are what SQL says", async () => {
  const rows = await table(internal, "monthChanges");
  // The vendor's as-of time is in October.
  const inMonth = (column: string, month: string) =>
    `date_trunc('month', ${column}) = date '2026-${month}-01'`;
  const pair = async (sql: (month: string) => string) =>
    Promise.all(
      ["09", "08"].map(async (month) => Number((await internal.query(sql(month)))[0]?.["number"] ?? 0)),
    );
  const said = (measure: string, currency: string | null = null) => {
    const row = rows.find((it) => it["measure"] === measure && it["currency"] === currency);
    return [row?.["number"], row?.["number_before"]];
  };
  const sold = (column: string) => (month: string) =>
    `select count(*) as number from fct_entitlement where not is_test and ${inMonth(column, month)}`;
  expect(said("sold")).toEqual(await pair(sold("ordered_at")));
  expect(said("activated")).toEqual(await pair(sold("first_activated_at")));
  expect(said("recurring", "EUR")).toEqual(
    await pair(
      (month) =>
        `select closing as number from agg_recurring_revenue_month where currency = 'EUR' and ${inMonth("month", month)}`,
    ),
  );
  const refused = await pair(
    (month) =>
      `select count(*) as number from fct_refusal where not is_test and ${inMonth("refused_at", month)}`,
  );
  expect(refused.reduce((sum, n) => sum + n)).toBeGreaterThan(0);
  expect(said("refused")).toEqual(refused);
});
