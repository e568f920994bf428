// What the activation page tells, of each scope and period: tables of the schema `waits`, each with a `scope` and a `period`.
//
// The estimates are the marts' own (warehouse/waits.ts). All choices are estimated in one run: what it takes for a dimension is here
// a choice with a dimension. One run a choice would take 15 ms for its statements alone, and there may be 37 scopes of three periods.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lake } from "../warehouse/read.ts";
import { estimateWaits, makeWaits } from "../warehouse/waits.ts";
import { periods } from "./src/components/choices.ts";

/** The tables, in building order: a query each in `waits/`. */
const tables = ["summary", "test", "curve", "outcome", "cohort", "shelved", "shelf", "shelf_product"];

/** How entitlements are taken together: of everything, and of the scope of each kind that they belong to. */
const kinds = ["''", "brand_scope", "product_scope", "region_scope"];

/** More months than any order is old: what has none is in no period but that of all orders. */
const EVER = 1_000_000;

/**
 * Adds the schema `waits`. A choice of fewer customers than may be told of has no rows.
 * @param lake as `openHome` opens it
 */
export async function addWaits(lake: Lake): Promise<void> {
  await lake.run("create schema waits");
  const dimensions = ["all", ...(await makeWaits(lake, "waits"))];
  await lake.run(choicesSql(dimensions) + waitingSql);
  const [{ fewest } = { fewest: 1 }] = await lake.query<{ fewest: number }>(
    "select getvariable('fewest_customers')::integer as fewest",
  );
  for (const dimension of dimensions) {
    await lake.run(daysSql(dimension));
    if (fewest > 1) await lake.run(metSql(dimension));
  }
  await estimateWaits(lake, "waits");
  await lake.run(toldSql(fewest > 1));
  for (const table of tables) {
    const sql = await readFile(join(import.meta.dirname, "waits", `${table}.sql`), "utf8");
    await lake.run(`create table waits.${table} as ${sql}`);
  }
}

/** Every choice with every dimension, by a short code: the run sorts rows by it. */
const choicesSql = (dimensions: readonly string[]) => `
  create table waits.period as
  select
    *
  from (values ${periods.map(({ value, months }) => `('${value}', ${months ?? EVER})`).join(", ")}) as period(period, months);

  create table waits.choice as
  select
    *,
    row_number() over (order by scope, period, dimension)::text as code,
  from (select '' as scope union all select scope from scope)
  cross join (select period from waits.period)
  cross join (select unnest([${dimensions.map((name) => `'${name}'`).join(", ")}]) as dimension);

  create table waits.int_activation_day(
    dimension varchar, segment varchar, day integer, activated bigint, cancelled bigint, censored bigint,
    left_out bigint
  );
  create table waits.met(code varchar, segment varchar, tells_left_out boolean);
`;

/** Who waits, with the scopes of `scopes_of`, and the months of the shortest period that the order is in. */
const waitingSql = `
  create view waits.waiting as
  select
    wait.*,
    'all' as "all",
    brand.scope as brand_scope,
    product.scope as product_scope,
    region.scope as region_scope,
    case
      ${periods
        .flatMap(({ months }) => months ?? [])
        .toSorted((a, b) => a - b)
        .map((months) => `when wait.ordered_at > getvariable('as_of') - to_months(${months}) then ${months}`)
        .join(" ")}
      else ${EVER}
    end as months,
  from waits.int_activation_wait as wait
  left join scope as brand on brand.scope = 'brand:' || coalesce(wait.brand, '')
  left join scope as product on product.scope = 'product:' || coalesce(wait.product, '')
  left join scope as region on region.scope = 'region:' || if(wait.region = '(none)', '', wait.region);
`;

/** What `int_activation_day` is of a load, of all choices: one dimension at a time, so that few columns are in memory. */
const daysSql = (dimension: string) => `
  insert into waits.int_activation_day
  with alike as materialized (
    select
      "${dimension}" as segment,
      brand_scope,
      product_scope,
      region_scope,
      months,
      days_observed as day,
      outcome,
      count(*) as entitlements,
    from waits.waiting
    group by all
  ),
  counted as (
    ${kinds
      .map(
        (scope) => `
    select ${scope} as scope, segment, months, day, outcome, sum(entitlements) as entitlements,
    from alike where ${scope} is not null group by all`,
      )
      .join(" union all ")}
  )
  select
    choice.code as dimension,
    counted.segment,
    counted.day,
    coalesce(sum(counted.entitlements) filter (where counted.outcome = 'activated'), 0) as activated,
    coalesce(sum(counted.entitlements) filter (where counted.outcome = 'cancelled'), 0) as cancelled,
    coalesce(sum(counted.entitlements) filter (where counted.outcome = 'censored'), 0) as censored,
    coalesce(sum(counted.entitlements) filter (where counted.outcome = 'unknown'), 0) as left_out,
  from counted
  join waits.period as period on counted.months <= period.months
  join waits.choice as choice
    on counted.scope = choice.scope and period.period = choice.period and choice.dimension = '${dimension}'
  group by all
`;

/**
 * Segments of enough customers who are in the estimates, and whether enough have what is left out of them. A customer is met in the
 * shortest period of any of their orders, and in all that are longer.
 */
const metSql = (dimension: string) => `
  insert into waits.met
  with buyer as materialized (
    select
      "${dimension}" as segment,
      brand_scope,
      product_scope,
      region_scope,
      outcome = 'unknown' as is_left_out,
      -- Of two that were taken for one, one more would be missing: it errs on the side of the customers.
      hash(customer_id) as customer,
      min(months) as months,
    from waits.waiting
    group by all
  ),
  met as (
    ${kinds
      .map(
        (scope) => `
    select ${scope} as scope, segment, is_left_out, customer, min(months) as months,
    from buyer where ${scope} is not null group by all`,
      )
      .join(" union all ")}
  )
  select
    choice.code,
    met.segment,
    count(*) filter (where met.is_left_out) >= getvariable('fewest_customers') as tells_left_out,
  from met
  join waits.period as period on met.months <= period.months
  join waits.choice as choice
    on met.scope = choice.scope and period.period = choice.period and choice.dimension = '${dimension}'
  group by choice.code, met.segment
  having count(*) filter (where not met.is_left_out) >= getvariable('fewest_customers')
`;

/** The segments that may be told of: all, or those of enough customers. */
const toldSql = (isCounted: boolean) => `
  create table waits.told as
  select
    choice.*,
    segment.segment,
    segment.tells_left_out,
  from (${isCounted ? "from waits.met" : "select dimension as code, segment, true as tells_left_out from waits.time_to_activation_summary"}) as segment
  join waits.choice as choice using (code)
`;
