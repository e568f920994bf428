// The first sentence of each page: every number in it is compared with SQL over the lake.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openHome } from "../../reports/lake.ts";
import {
  count,
  days,
  minute,
  money,
  rate,
  share,
  shareInterval,
} from "../../reports/src/components/format.ts";
import { poisson, wilson } from "../../reports/src/components/interval.ts";
import type { Lake, Row } from "../../warehouse/read.ts";
import { openBrowser, openPage, type Served, serve } from "./support.ts";

let browser: Browser;
let site: Served;
let lake: Lake;

beforeAll(async () => {
  const { home, internal } = inject("vendor");
  site = await serve(internal);
  lake = await openHome(home, "internal");
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await site.close();
  lake.close();
});

/** The one row of a query. */
async function one<T extends Row>(sql: string): Promise<T> {
  const [row] = await lake.query<T>(sql);
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row;
}

/** Hosts and customers of October, and those of a system. */
const platformsOf = (system: string, where: string) =>
  one<Record<string, number>>(`
    with seat as (
      select * from fct_activation
      where not is_test and bound_at <= (select as_of from meta) and ${where}
        and coalesce(least(ended_at, term_ends_at), timestamp 'infinity') > date_trunc('month', (select as_of from meta))
    )
    select
      count(distinct host_hash) as hosts,
      count(distinct host_hash) filter (where os_type = '${system}') as on_system,
      count(distinct customer_id) as customers,
      count(distinct customer_id) filter (where os_type = '${system}') as customers_on_system,
    from seat`);

async function modelsOf(where: string): Promise<string[]> {
  const models = await lake.query<{ active: number; customers: number; bound: number }>(`
    select count(*) as active, count(distinct customer_id) as customers, sum(seats_bound)::integer as bound
    from fct_entitlement where not is_test and status = 'active' and ${where}
    group by license_model order by active desc`);
  const total = models.reduce((sum, { active }) => sum + active, 0);
  return [
    count(total),
    "95%",
    ...models.flatMap(({ active, customers, bound }) => [
      share(active / total),
      count(active),
      count(customers),
      count(bound),
    ]),
  ];
}

/** All seats, refusals and customers of the vendor are of one band, and no client tried again within a week. */
async function policySays(scope: string): Promise<string[]> {
  const { held_years, refusals, got } = await one<{ held_years: number; refusals: number; got: number }>(`
    select
      (select sum(epoch(least(coalesce(ended_at, timestamp '9999-01-01'), (select as_of from meta)) - bound_at)) / (365.25 * 86400)
        from fct_activation where not is_test and ${scope}) as held_years,
      (select count(*) from fct_refusal where not is_test and ${scope}) as refusals,
      (select count(*) from fct_refusal as r where not is_test and ${scope} and exists (
        select 1 from fct_activation as a where a.host_hash = r.host_hash and a.bound_at >= r.refused_at)) as got`);
  const { low, high } = poisson(refusals);
  const not = wilson(refusals - got, refusals);
  return [
    ...[refusals, low, high].map((n) => rate((100 * n) / held_years)),
    count(refusals),
    share((refusals - got) / refusals),
    shareInterval(not.low, not.high),
    "100 seats, 95%",
  ];
}

/** All terms are of a year, and the prices of orders: none was renewed, extended, upgraded or refunded. */
async function revenueSays(scope: string): Promise<string[]> {
  const [paid, ...others] = await lake.query<Record<string, number> & { currency: string }>(`
    with paid as (
      select *, round(amount / 12) as monthly from fct_entitlement
      where not is_test and term = 'subscription' and ${scope}
    )
    select
      currency,
      sum(monthly) filter (where cancelled_at is null)::double as recurring,
      count(*) filter (where cancelled_at is null) as entitlements,
      coalesce(sum(monthly) filter (where cancelled_at is null and ordered_at >= '2026-10-01'), 0)::double as added,
      coalesce(sum(monthly) filter (where cancelled_at >= '2026-10-01' and ordered_at < '2026-10-01'), 0)::double as lost,
    from paid group by currency order by entitlements desc, currency`);
  expect(others).toHaveLength(1);
  const { currency, recurring, entitlements, added, lost } = paid!;
  return [
    money(recurring!, currency),
    count(entitlements!),
    money(added!, currency),
    money(lost!, currency),
    "2026",
  ];
}

async function complianceSays(scope: string): Promise<string[]> {
  const { bound } = await one<{ bound: number }>(`
    select count(*) as bound from fct_activation join fct_entitlement using (entitlement_id)
    where not fct_activation.is_test and is_bound and status = 'active' and ${scope}`);
  return [count(bound)];
}

/** A page, and the texts whose numbers may stand in its first sentence: each comes from a query of its own. */
const pages: { path: string; says: () => Promise<string[]> }[] = [
  {
    path: "index.html",
    says: async () => {
      const { customers } = await one<{ customers: number }>(`
        select count(distinct customer_id) as customers from fct_entitlement
        where not is_test and delivered_at <= (select as_of from meta)
          and coalesce(least(ends_at, cancelled_at), timestamp 'infinity') > (select as_of from meta)`);
      return [count(customers)];
    },
  },
  {
    path: "activation.html",
    says: async () => {
      const { sold, left_out } = await one<{ sold: number; left_out: number }>(
        `select count(*) filter (where is_wait_known) as sold, count(*) filter (where not is_wait_known) as left_out
         from fct_entitlement where not is_test and parent_entitlement_id is null`,
      );
      // The first day on which half are no longer waiting, of the curve and of its two bands.
      const { median, low, high } = await one<{ median: number; low: number; high: number }>(`
        select
          min(day) filter (where survival <= 0.5) as median,
          min(day) filter (where survival_low <= 0.5) as low,
          min(day) filter (where survival_high <= 0.5) as high,
        from time_to_activation where dimension = 'all'`);
      expect(left_out).toBeGreaterThan(0);
      return [count(sold), count(left_out), days(median), count(low), days(high), "95%"];
    },
  },
  {
    path: "activation.html#of=product:CAD-LT",
    says: async () => {
      const { sold } = await one<{ sold: number }>(`
        select count(*) as sold from fct_entitlement
        where not is_test and parent_entitlement_id is null and is_wait_known and granted_sku = 'CAD-LT'`);
      const { median, low, high } = await one<{ median: number; low: number; high: number }>(`
        select
          min(day) filter (where survival <= 0.5) as median,
          min(day) filter (where survival_low <= 0.5) as low,
          min(day) filter (where survival_high <= 0.5) as high,
        from time_to_activation where dimension = 'product' and segment = 'CAD-LT'`);
      return [count(sold), days(median), count(low), days(high), "95%"];
    },
  },
  {
    path: "platforms.html",
    says: async () => {
      const { hosts, on_system, customers, customers_on_system } = await platformsOf("darwin", "true");
      return [
        share(on_system! / hosts!),
        ...[on_system, hosts, customers, customers_on_system].map((n) => count(n!)),
        "October 2026",
      ];
    },
  },
  {
    // Every third order is of it, and so is every first of three systems.
    path: "platforms.html#of=product%3ACAD-LT",
    says: async () => {
      const { hosts, on_system, customers, customers_on_system } = await platformsOf(
        "windows",
        "sku = 'CAD-LT'",
      );
      return [
        share(on_system! / hosts!),
        ...[on_system, hosts, customers, customers_on_system].map((n) => count(n!)),
        "October 2026",
      ];
    },
  },
  { path: "license-models.html", says: () => modelsOf("true") },
  { path: "license-models.html#of=product%3ACAD-LT", says: () => modelsOf("sku = 'CAD-LT'") },
  { path: "policy.html", says: () => policySays("true") },
  { path: "policy.html#of=product:CAD-PRO", says: () => policySays("sku = 'CAD-PRO'") },
  { path: "revenue.html", says: () => revenueSays("true") },
  { path: "revenue.html#of=product:CAD-LT", says: () => revenueSays("sku = 'CAD-LT'") },
  { path: "compliance.html", says: () => complianceSays("true") },
  { path: "compliance.html#of=product:CAD-LT", says: () => complianceSays("fct_activation.sku = 'CAD-LT'") },
  {
    path: "customers.html",
    says: async () => {
      const { customers } = await one<{ customers: number }>(
        "select count(distinct customer_id) as customers from entitlement_history where not is_test",
      );
      return [count(customers)];
    },
  },
  {
    path: "data-quality.html",
    says: async () => {
      const { events, until, tests, waiting } = await one<{
        events: number;
        until: Date;
        tests: number;
        waiting: number;
      }>(`
        select
          (select count(*) from events) as events,
          (select max(recorded_at) from events) as until,
          (select tests_run from fct_load) as tests,
          (select count(*) from quarantine where is_open) as waiting`);
      const { length: warnings } = lake.manifest.warnings;
      return [events, tests, tests - warnings, warnings, waiting].map(count).concat(minute(until));
    },
  },
  {
    path: "dictionary.html",
    says: async () => [
      count(new Set(lake.dictionary.rows.map(([table]) => table)).size),
      count(lake.dictionary.rows.length),
    ],
  },
];

const numbersIn = (text: string): string[] =>
  text.match(/\d[\d,.]*%?/g)?.map((it) => it.replace(/[.,]$/, "")) ?? [];

test.each(pages)("every number of the first sentence of $path is what SQL says", async ({ path, says }) => {
  const { page } = await openPage(browser, site);
  await page.goto(site.at(path));
  await page.waitForFunction(() => /\d/.test(document.querySelector(".lede")?.textContent ?? ""));
  const said = numbersIn(await page.locator(".lede").innerText());
  const known = new Set((await says()).flatMap(numbersIn));
  expect(said.length).toBeGreaterThan(0);
  expect(said.filter((number) => !known.has(number))).toEqual([]);
  await page.context().close();
});
