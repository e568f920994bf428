// What the activation page tells of a scope and a period, against a lake that was loaded of those orders alone, and counted by SQL
// of its own.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { openHome } from "../../reports/lake.ts";
import { choicesOf, waitFile } from "../../reports/src/components/choices.ts";
import { unpackWaits } from "../../reports/src/components/waits.ts";
import { writeWaitFiles } from "../../reports/waitFiles.ts";
import { addWaits } from "../../reports/waits.ts";
import type { Lake, Row } from "../../warehouse/read.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Models, readModels } from "../../warehouse/models.ts";
import { bind, cancel, catalog, day, sale } from "../warehouse/facts.ts";
import { modelsFor } from "../warehouse/fixture.ts";
import { loadHome, writeSegments } from "../warehouse/support.ts";

const AS_OF = day(900);
const products = [
  { sku: "CAD-PRO", brand: "Atlas" },
  { sku: "CAD-LT", brand: "Atlas" },
  { sku: "LUM", brand: "Lumora" },
];
const countries = ["DE", "JP", null];

/** Orders of two and a half years: some activate, soon or late, some are cancelled, some wait for ever. */
const orders = Array.from({ length: 150 }, (_, n) => {
  const orderedAt = (n * 6) % 890;
  const of = {
    orderId: `SO-${n}`,
    orderedAt: day(orderedAt),
    customerId: `C-${n % 40}`,
    ...products[(n * 7) % 3]!,
    country: countries[(n * n + (n >> 3)) % 3]!,
    model: n % 4 === 0 ? ("perp-float" as const) : ("sub-node" as const),
    channel: n % 3 === 1 ? "reseller" : "direct",
    priceBand: n % 5 === 0 ? null : "standard",
    price: 10_000 + n,
    currency: n % 2 === 0 ? "EUR" : "USD",
    // Some were brought in: with their seats, or with none, of which some take one here later.
    source: n % 7 === 3 ? "import:old" : "api",
  };
  const keys = { customerId: of.customerId, sku: of.sku, source: n % 2 === 0 ? of.source : "api" };
  const drafts: Draft[] = [...sale(of)];
  if (n % 5 < 3)
    drafts.push(...bind(of, { at: day(orderedAt + ((n * 13) % 60) / 3), activationId: `A-${n}`, ...keys }));
  else if (n % 10 === 9) drafts.push(...cancel(of, day(orderedAt + (n % 40)), 0, of.customerId));
  return { of, orderedAt, drafts: drafts.filter((draft) => draft.occurred_at <= AS_OF) };
});
type Order = (typeof orders)[number];

async function fill(home: string, some: readonly Order[], models?: Models): Promise<void> {
  const drafts = [...catalog(day(0)), ...some.flatMap(({ drafts: own }) => own)];
  await writeSegments(
    home,
    drafts.toSorted((a, b) => (a.occurred_at < b.occurred_at ? -1 : 1)),
  );
  await loadHome(home, AS_OF, models ? { models } : {});
}

/** What the page's figures are held against. */
const TABLES = ["time_to_activation", "time_to_activation_summary", "time_to_activation_test"];

let home: string;
let internal: Lake;
let product: Lake;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keyhouse-waits-"));
  await fill(home, orders);
  [internal, product] = [await openHome(home, "internal"), await openHome(home, "product")];
  for (const lake of [internal, product]) await addWaits(lake);
});
afterAll(async () => {
  internal.close();
  product.close();
  await rm(home, { recursive: true, force: true });
});

/** Rows, whose estimates are rounded at the twelfth decimal: a sum depends on how a window was cut, in its last bits. */
const rounded = (rows: readonly Row[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(12)) : value,
      ]),
    ),
  );

const cases: { scope: string; period: string; has: (order: Order) => boolean }[] = [
  { scope: "", period: "", has: () => true },
  {
    scope: "product:LUM",
    period: "24",
    has: ({ of, orderedAt }) => of.sku === "LUM" && orderedAt > 900 - 731,
  },
  {
    scope: "region:JP",
    period: "12",
    has: ({ of, orderedAt }) => of.country === "JP" && orderedAt > 900 - 365,
  },
  { scope: "region:", period: "", has: ({ of }) => of.country === null },
];

test.each(cases)(
  "$scope in $period is estimated as a lake of its orders alone is",
  async ({ scope, period, has }) => {
    const own = await temporaryFolder();
    const some = orders.filter(has);
    expect(some.length).toBeGreaterThan(10);
    await fill(own, some, modelsFor(await readModels(), ...TABLES, "meta"));
    const alone = await openHome(own, "internal");
    onTestFinished(() => alone.close());
    for (const table of TABLES) {
      const wanted = await alone.query(`from ${table} order by all`);
      const found = await internal.query(`
        select choice.dimension, it.* exclude (dimension) from waits.${table} as it
        join waits.choice as choice on it.dimension = choice.code
        where choice.scope = '${scope}' and choice.period = '${period}'
          and ('${table}' <> 'time_to_activation_test' or choice.dimension <> 'all')
        order by all`);
      expect(rounded(found)).toEqual(rounded(wanted));
      expect(wanted.length).toBeGreaterThan(5);
    }
  },
);

test("every choice counts the entitlements that `scopes_of` and the order's time give it, and those left out", async () => {
  const wanted = await internal.query(`
    select
      scope,
      period,
      count(*) filter (where is_wait_known)::double as entitlements,
      count(*) filter (where not is_wait_known)::double as left_out,
    from (
      select unnest(scopes_of(granted_sku, granted_brand, country)) as scope, ordered_at, is_wait_known
      from fct_entitlement where not is_test and delivered_at <= (select as_of from meta)
    )
    join (values ('', 1200), ('12', 12), ('24', 24)) as p(period, months)
      on ordered_at > (select as_of from meta) - to_months(p.months)
    group by all order by all`);
  const found = await internal.query(`
    select scope, period, entitlements::double as entitlements, left_out::double as left_out
    from waits.summary where dimension = 'all' order by all`);
  expect(found).toEqual(wanted);
  expect(found.some((row) => Number(row["left_out"]) > 10)).toBe(true);
  // Everything, two brands, three products, two countries and none, each in three periods.
  expect(found).toHaveLength(27);
});

test("a drawn curve is never half a pixel from its estimate, and ends where fewer than ten are left", async () => {
  const wrong = await internal.query(`
    with exact as (
      select choice.* exclude (code), curve.* exclude (dimension)
      from waits.time_to_activation as curve join waits.choice as choice on curve.dimension = choice.code
    ),
    ends as (
      select scope, period, dimension, segment, max(day) as last_day from waits.curve group by all
    )
    select exact.*, drawn.*
    from exact
    join ends using (scope, period, dimension, segment)
    asof join waits.curve as drawn
      on exact.scope = drawn.scope and exact.period = drawn.period and exact.dimension = drawn.dimension
      and exact.segment = drawn.segment and exact.day >= drawn.day
    where if(
      exact.day <= ends.last_day,
      abs(exact.survival - drawn.survival_bp / 10000) > 1 / 724 + 1 / 20000
        or abs(coalesce(exact.survival_low, 0) - coalesce(drawn.survival_low_bp, 0) / 10000) > 1 / 724 + 1 / 20000
        or abs(coalesce(exact.survival_high, 1) - coalesce(drawn.survival_high_bp, 10000) / 10000) > 1 / 724 + 1 / 20000,
      exact.at_risk >= 10 or exact.day <= 7
    )`);
  expect(wrong).toEqual([]);
  const [sizes] = await internal.query<{ drawn: number; estimated: number }>(`
    select (select count(*) from waits.curve) as drawn, (select count(*) from waits.time_to_activation) as estimated`);
  expect(sizes!.drawn).toBeGreaterThan(100);
  expect(sizes!.drawn).toBeLessThan(sizes!.estimated);
});

describe("the files of a site", () => {
  const read = async (lake: Lake) => {
    const site = await temporaryFolder();
    await writeWaitFiles(lake, site);
    const folder = join(site, "waits", String(lake.snapshot));
    const scopes = await lake.query<{ scope: string }>("select scope from scope order by kind, place");
    const choices = choicesOf(scopes);
    expect((await readdir(folder)).toSorted()).toEqual(
      choices.map(({ scope, period }) => waitFile(scopes, scope, period)).toSorted(),
    );
    return Promise.all(
      choices.map(async ({ scope, period }) => {
        const { buffer } = Uint8Array.from(await readFile(join(folder, waitFile(scopes, scope, period))));
        return unpackWaits(scope, period, buffer);
      }),
    );
  };

  test("have what the tables have", async () => {
    for (const waits of await read(internal)) {
      const { scope, period } = waits;
      const of = async (table: string) =>
        internal.query(`
          select * exclude (scope, period) from waits.${table}
          where scope = '${scope}' and period = '${period}' order by rowid`);
      expect(waits.summary).toEqual(await of("summary"));
      expect(waits.tests).toEqual(await of("test"));
      expect(waits.outcomes).toEqual(await of("outcome"));
      expect(waits.cohorts).toEqual(await of("cohort"));
      expect(waits.shelfProducts).toEqual(await of("shelf_product"));
      expect(waits.curves.length).toBe((await of("curve")).length);
      expect(waits.shelf.map((row) => row.entitlement_id)).toEqual(
        (await of("shelf")).map((row) => row["entitlement_id"]),
      );
    }
  });

  test("tell product people of no scope, segment or month of fewer than five customers, and of no customer", async () => {
    const few = await internal.query<{ scope: string; period: string; dimension: string; segment: string }>(`
      with of_scope as (
        select unnest(scopes_of(granted_sku, granted_brand, country)) as scope, *
        from fct_entitlement
        where not is_test and delivered_at <= (select as_of from meta) and is_wait_known
      ),
      sold as (
        select
          scope,
          unnest([
            {'dimension': 'all', 'segment': 'all'},
            {'dimension': 'product', 'segment': granted_sku},
            {'dimension': 'license_model', 'segment': granted_license_model},
            {'dimension': 'region', 'segment': coalesce(country, '(none)')},
            {'dimension': 'cohort_month', 'segment': strftime(cohort_month, '%Y-%m')}
          ], recursive := true),
          customer_id,
          ordered_at,
        from of_scope
      )
      select scope, period, dimension, segment
      from sold join (values ('', 1200), ('12', 12), ('24', 24)) as p(period, months)
        on ordered_at > (select as_of from meta) - to_months(p.months)
      group by all having count(distinct customer_id) < 5`);
    const told = (await read(product)).flatMap((waits) => [
      ...[...waits.summary, ...waits.curves].map((row) => ({ ...waits, ...row })),
      ...waits.cohorts.map((row) => ({ ...waits, ...row, dimension: "cohort_month" })),
    ]);
    const keyOf = (row: { scope: string; period: string; dimension: string; segment: string }) =>
      [row.scope, row.period, row.dimension, row.segment].join(" ");
    const secret = new Set(few.map(keyOf));
    expect(secret.size).toBeGreaterThan(20);
    expect(told.length).toBeGreaterThan(100);
    expect(told.map(keyOf).filter((key) => secret.has(key))).toEqual([]);
    const leftOut = await internal.query<{ scope: string; period: string; customers: number }>(`
      select scope, period, count(distinct customer_id)::double as customers
      from (
        select unnest(scopes_of(granted_sku, granted_brand, country)) as scope, customer_id, ordered_at
        from fct_entitlement where delivered_at <= (select as_of from meta) and not is_wait_known
      ) join (values ('', 1200), ('12', 12), ('24', 24)) as p(period, months)
        on ordered_at > (select as_of from meta) - to_months(p.months)
      group by all`);
    const counted = new Map(
      told.flatMap((row) =>
        "left_out" in row && row.dimension === "all" ? [[`${row.scope} ${row.period}`, row.left_out]] : [],
      ),
    );
    const ofWholes = leftOut.flatMap((row) => {
      const rights = counted.get(`${row.scope} ${row.period}`);
      return rights === undefined ? [] : [{ ...row, isTold: rights !== null }];
    });
    expect(ofWholes.length).toBeGreaterThan(5);
    expect(ofWholes.filter(({ isTold, customers }) => isTold !== customers >= 5)).toEqual([]);
    expect(new Set(ofWholes.map(({ isTold }) => isTold)).size).toBe(2);
    for (const waits of await read(product)) {
      expect(waits.shelf).toEqual([]);
      expect(waits.shelfProducts.filter(({ customers }) => customers < 5)).toEqual([]);
    }
    expect((await read(internal)).some(({ shelf }) => shelf.length > 0)).toBe(true);
  });
});
