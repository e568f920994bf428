// What the pages of platforms and of license models tell of a brand, a product or a region, against SQL of its own over the few rows
// that belong to it, one scope at a time.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fewestCustomers } from "../../reports/audience.ts";
import { openHome } from "../../reports/lake.ts";
import type { Lake, Row } from "../../warehouse/read.ts";
import { bind, cancel, catalog, day, end, sale } from "../warehouse/facts.ts";
import { removeHome, vendorHome } from "./support.ts";

let home: string;
let lake: Lake;
let product: Lake;

// Two brands and three countries; every fourth host runs another product too, some change their system, seats end and orders are
// taken back.
beforeAll(async () => {
  const drafts = Array.from({ length: 60 }, (_, n) => {
    const of = {
      orderId: `SO-${n}`,
      orderedAt: day(n * 4),
      customerId: `C-${n % 11}`,
      sku: ["CAD-PRO", "CAD-LT", "SKETCH"][n % 3]!,
      brand: n % 3 === 2 ? "Lumora" : "Atlas",
      country: n % 7 === 0 ? null : n % 5 < 3 ? "DE" : "US",
      model: n % 4 === 0 ? ("perp-float" as const) : ("sub-node" as const),
      quantity: 1 + (n % 5),
      currency: n % 2 === 0 ? "EUR" : "USD",
    };
    const keys = { customerId: of.customerId, sku: of.sku };
    const seat = (at: number, host: number, system: number) => ({
      at: day(n * 4 + at),
      activationId: `A-${n}-${host}`,
      host: `host-${n % 4 === 0 ? 0 : host}-${n % 20}`,
      os: ["windows", "darwin", "linux"][system % 3]!,
      osVersion: `${10 + (system % 2)}`,
      ...keys,
    });
    return [
      ...sale(of),
      ...bind(of, seat(1, 1, n)),
      ...(n % 2 === 0 ? bind(of, seat(30, 2, n + (n % 8))) : []),
      ...(n % 6 === 5 ? end(of, { at: day(n * 4 + 45), activationId: `A-${n}-1`, ...keys }) : []),
      ...(n % 13 === 12 ? cancel(of, day(n * 4 + 60), 0, of.customerId) : []),
    ];
  });
  home = await vendorHome(
    [...catalog(day(0)), ...drafts.flat()]
      .filter((draft) => draft.occurred_at < day(299))
      .toSorted((a, b) => (a.occurred_at < b.occurred_at ? -1 : 1)),
  );
  [lake, product] = [await openHome(home, "internal"), await openHome(home, "product")];
});

afterAll(async () => {
  lake.close();
  product.close();
  await removeHome(home);
});

const told = async (name: string, from = lake): Promise<Row[]> =>
  from.query(await readFile(join(import.meta.dirname, `../../reports/src/tables/${name}.arrow.sql`), "utf8"));

/** Every scope, with what an entitlement of it is. */
async function scopes(): Promise<{ scope: string; where: string }[]> {
  const rows = await lake.query<{ scope: string; kind: string }>("select scope, kind from scope");
  const columns: Record<string, string> = { brand: "brand", product: "sku", region: "country" };
  return [
    { scope: "", where: "true" },
    ...rows.map(({ scope, kind }) => ({
      scope,
      where: `coalesce(e.${columns[kind]}, '') = '${scope.slice(kind.length + 1)}'`,
    })),
  ];
}

/** Rows of a table of a scope, in the columns of others, in no order. */
const sorted = (rows: readonly Row[], columns: readonly string[]): string[] =>
  rows
    .map((row) => JSON.stringify(columns.map((column) => row[column])))
    .toSorted((a, b) => (a < b ? -1 : 1));

const asOf = "(select as_of from meta)";
const seats = `fct_activation as a join fct_entitlement as e using (entitlement_id) where not a.is_test`;
const bound = `${seats} and a.is_bound and e.status = 'active'`;
const ends = "coalesce(least(a.ended_at, a.term_ends_at), timestamp 'infinity')";
/** The last instants of the last 24 months. */
const closings = `(
  select month_at, least(month_at + interval 1 month - interval 1 microsecond, ${asOf}) as closing_at
  from (select unnest(generate_series(date_trunc('month', ${asOf}) - interval 23 month, ${asOf}, interval 1 month)) as month_at)
) as closing`;
const inForce = `fct_entitlement as e join ${closings} on e.ordered_at <= closing_at
  and coalesce(least(e.ends_at, e.cancelled_at, e.suspended_at), timestamp 'infinity') > closing_at where not e.is_test`;
const use = "fct_entitlement as e where not e.is_test";

/** What is compared: a table, which of its rows, and the same by SQL that knows one scope. */
const tables: { table: string; of: (row: Row) => boolean; sql: (where: string) => string }[] = [
  {
    table: "platformNow",
    of: (row) => row["dimension"] === "version",
    sql: (where) => `
      with seat as (
        select a.*, os_type || ' ' || coalesce(os_version, '') as member from ${seats} and ${where}
          and a.bound_at <= ${asOf} and ${ends} > date_trunc('month', ${asOf})
      )
      select member, count(distinct customer_id) as customers, (
        select count(*) from (select host_hash, arg_max(member, bound_at) as last from seat group by host_hash) where last = seat.member
      )::double as hosts
      from seat group by member having hosts > 0`,
  },
  {
    table: "platformMix",
    of: (row) => row["dimension"] === "product",
    sql: (where) => `
      select coalesce(e.product_name, e.sku) as member, os_type, count(distinct host_hash)::double as hosts
      from ${bound} and ${where} group by all`,
  },
  {
    table: "platformMix",
    of: (row) => row["dimension"] === "band",
    sql: (where) => `
      select price_band as member, os_type, count(distinct host_hash)::double as hosts from ${bound} and ${where} group by all`,
  },
  {
    table: "platformEnds",
    of: (row) => row["dimension"] === "version" && row["currency"] === "",
    sql: (where) => `
      with seat as (
        select e.customer_id, e.entitlement_id, e.quantity, h.os_type || ' ' || h.os_version as member, a.host_hash
        from (select a.* from ${seats} and a.is_bound) as a
        join fct_entitlement as e using (entitlement_id) join dim_host as h using (host_hash)
        where e.status = 'active' and ${where}
      )
      select member, count(distinct host_hash)::double as hosts, count(distinct customer_id) as customers,
        (select count(*) from (select min(member) as one from seat group by customer_id having count(distinct member) = 1)
          where one = seat.member) as customers_only,
        (select count(*) from (select min(member) as one from seat group by entitlement_id having count(distinct member) = 1)
          where one = seat.member)::double as entitlements,
        coalesce((select sum(quantity) from (
          select min(member) as one, any_value(quantity) as quantity from seat group by entitlement_id having count(distinct member) = 1
        ) where one = seat.member), 0)::double as seats
      from seat group by member`,
  },
  {
    table: "platformMonthEnds",
    of: (row) => row["dimension"] === "system",
    sql: (where) => `
      select month_at, os_type as member, count(distinct host_hash)::double as hosts, count(distinct a.customer_id)::double as customers
      from fct_activation as a join fct_entitlement as e using (entitlement_id) join ${closings} on a.bound_at <= closing_at and ${ends} > closing_at
      where not a.is_test and ${where} group by all`,
  },
  {
    table: "modelTrend",
    of: (row) => row["dimension"] === "metric" && Number(row["entitlements"]) > 0,
    // No model or quantity of this vendor ever changed, so that what is now was so then.
    sql: (where) => `
      select month_at, metric as member, count(*)::double as entitlements, sum(quantity)::double as seats,
        count(distinct customer_id)::double as customers
      from ${inForce} and ${where} group by all`,
  },
  {
    table: "modelUse",
    of: () => true,
    sql: (where) => `
      select license_model, count(*)::double as sold, count(*) filter (where status = 'active')::double as active,
        count(distinct customer_id) filter (where status = 'active') as customers,
        coalesce(sum(seats_bound) filter (where status = 'active'), 0)::double as seats_bound
      from ${use} and ${where} group by all`,
  },
  {
    table: "modelMoney",
    of: () => true,
    sql: (where) => `
      select license_model, currency, sum(amount)::double as amount,
        coalesce(sum(amount) filter (where status = 'cancelled'), 0)::double as amount_cancelled
      from ${use} and ${where} group by all`,
  },
  {
    table: "modelSold",
    of: (row) => row["dimension"] === "model",
    sql: (where) => `
      select date_trunc('month', booked_at) as month_at, license_model as member, currency, sum(amount)::double as amount
      from fct_order_line as e where not is_test and kind = 'sale' and ${where} group by all`,
  },
];

test.each(tables)("$table tells of every scope what SQL counts of it alone", async ({ table, of, sql }) => {
  const rows = (await told(table)).filter(of);
  const all = await scopes();
  expect(all.map(({ scope }) => scope).toSorted()).toEqual(
    [
      "",
      "brand:Atlas",
      "brand:Lumora",
      "product:CAD-LT",
      "product:CAD-PRO",
      "product:SKETCH",
      "region:",
      "region:DE",
      "region:US",
    ].toSorted(),
  );
  for (const { scope, where } of all) {
    const expected = await lake.query(sql(where));
    const columns = Object.keys(expected[0]!);
    expect([
      scope,
      ...sorted(
        rows.filter((row) => row["scope"] === scope),
        columns,
      ),
    ]).toEqual([scope, ...sorted(expected, columns)]);
  }
});

test("month ends tell of a region what weeks do not, and of others only what weeks cannot", async () => {
  const dimensions = async (table: string, scope: string) =>
    new Set((await told(table)).filter((row) => row["scope"] === scope).map((row) => row["dimension"]));
  expect((await dimensions("platformMonthEnds", "region:DE")).size).toBe(4);
  expect(await dimensions("platformMonthEnds", "brand:Atlas")).toEqual(new Set(["system"]));
  expect((await dimensions("platformWeeks", "brand:Atlas")).size).toBe(4);
  expect((await dimensions("platformWeeks", "region:DE")).size).toBe(0);
});

test("use by month is that of each brand and product, and of no region", async () => {
  const rows = await told("modelUtilization");
  for (const { scope, where } of await scopes()) {
    const [expected] = await lake.query<{ bought: number }>(
      `select sum(seats_bought)::double as bought from agg_utilization_month as e where month < ${asOf} and ${
        where.includes("country") ? "false" : where
      }`,
    );
    const bought = rows
      .filter((row) => row["scope"] === scope)
      .reduce((sum, row) => sum + Number(row["bought"]), 0);
    expect([scope, bought]).toEqual([scope, expected!.bought ?? 0]);
  }
});

test.each(["platformNow", "platformMonthEnds", "platformEnds", "modelTrend", "modelUse"])(
  "%s counts no fewer customers of a scope for product people than may be told of",
  async (table) => {
    const few = (rows: Row[]) =>
      rows.filter(
        ({ customers }) =>
          customers !== null && Number(customers) > 0 && Number(customers) < fewestCustomers("product"),
      );
    const rows = await told(table, product);
    expect(rows.some((row) => row["scope"] !== "")).toBe(true);
    expect(few(rows)).toEqual([]);
    expect(few(await told(table)).length).toBeGreaterThan(0);
  },
);
