// Revenue of a hundred thousand random payments, in SQL over the models themselves: what nobody would add up by hand.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checksOf, checkStatement } from "../../warehouse/checks.ts";
import { type Database, openDatabase } from "../../warehouse/duckdb.ts";
import { readModels } from "../../warehouse/models.ts";

const SEED = 20_260_101;
const PAYMENTS = 100_000;

const built = [
  "int_refund_part",
  "int_revenue_schedule",
  "fct_revenue_month",
  "fct_recurring_month",
  "agg_recurring_revenue_month",
] as const;

let database: Database;
let spillFolder: string;
let broken: string[];

/** A number from 0 below `below`, the same for the same seed and name. */
const random = (name: string, below: number | string) =>
  `cast(hash(i, '${name}', ${SEED}) % cast(${below} as ubigint) as bigint)`;

// Terms of whole months, of days, of a part of a day, backdated, begun at a month's last days and on leap days; three
// payments to an order line. Amounts from a cent to what JavaScript can just write.
const charges = `
  create table int_charge as
  with drawn as (
    select
      i,
      timestamp '2023-12-25' + to_days(cast(${random("start", 800)} as integer)) + to_seconds(${random("second", 86_400)})
        as service_starts_at,
      ${random("kind", 10)} as length_kind,
      1 + ${random("months", 13)} as months,
      1 + ${random("days", 400)} as days,
      case when i % 1000 = 0 then 9007199254740991 else 1 + ${random("amount", "10 ** (1 + i % 9)")} end as amount,
      ${random("late", 60)} - 30 as days_late,
      i % 10 = 3 as is_perpetual,
      i % 7 = 0 as is_cancelled
    from range(${PAYMENTS}) as numbers(i)
  )
  select
    'ent-' || i as entitlement_id,
    'evt-' || i as event_id,
    'sale' as kind,
    'ord-' || i // 3 as order_id,
    1 as line_number,
    'C' as customer_id,
    'SKU' as sku,
    'Brand' as brand,
    'model' as license_model,
    if(is_perpetual, 'perpetual', 'subscription') as term,
    if(i // 3 % 2 = 0, 'EUR', 'JPY') as currency,
    amount,
    service_starts_at + to_days(cast(days_late as integer)) as booked_at,
    service_starts_at + to_days(cast(days_late as integer)) as recorded_at,
    service_starts_at,
    case
      when is_perpetual then null
      when length_kind = 0 then service_starts_at + interval 1 hour
      when length_kind < 7 then service_starts_at + to_months(cast(months as integer))
      else service_starts_at + to_days(cast(days as integer))
    end as service_ends_at,
    if(is_cancelled, service_starts_at + to_days(cast(days_late + ${random("end", 900)} as integer)), null) as cancelled_at,
    cast(null as timestamp) as replaced_at,
    false as is_test
  from drawn`;

// Of every fourth order line something goes back, in two steps, after all of its payments; of every eighth, all of it.
const refunds = `
  create table stg_order_refunds as
  with paid as (
    select order_id, currency, sum(cast(amount as hugeint)) as amount, max(booked_at) as booked_at
    from int_charge where try_cast(substr(order_id, 5) as bigint) % 4 = 0 group by all
  ),
  steps as (select *, unnest([1, 2]) as step, cast(substr(order_id, 5) as bigint) as i from paid)
  select
    'ref-' || i || '-' || step as event_id,
    order_id,
    1 as line_number,
    cast(
      case
        when step = 1 then amount // 3
        when i % 8 = 0 then amount - amount // 3
        else amount // 2
      end as bigint
    ) as amount,
    currency,
    booked_at + to_days(cast(step * ${random("back", 200)} as integer)) + interval 1 second as occurred_at
  from steps`;

const lines = `
  create table fct_order_line as
  select order_id, line_number, entitlement_id, event_id, kind, amount, currency, booked_at, recorded_at from int_charge
  union all
  select order_id, line_number, 'first', event_id, 'refund', -amount, currency, occurred_at, occurred_at
  from stg_order_refunds where amount > 0`;

const entitlements = `
  create table fct_entitlement as
  select distinct entitlement_id, customer_id, sku, 'Atlas' as brand, 'DE' as country from int_charge`;

beforeAll(async () => {
  spillFolder = await mkdtemp(join(tmpdir(), "keyhouse-revenue-"));
  database = await openDatabase(":memory:", spillFolder);
  const { macros, models } = await readModels();
  await database.run(
    `${macros}; set variable as_of = timestamp '2025-07-15 12:00:00'; ${charges}; ${refunds}; ${lines}; ${entitlements}`,
  );
  const mine = built.map((name) => models.find((model) => model.name === name));
  for (const model of mine) await database.run(`create table ${model?.name} as ${model?.sql}`);
  const checks = mine.flatMap((model) => (model ? checksOf(model) : []));
  const found = await database.rows<{ position: number }>(checkStatement(checks));
  broken = found.map(({ position }) => checks[position]?.name ?? "");
});
afterAll(async () => {
  database.close();
  await rm(spillFolder, { recursive: true, force: true });
});

const only = async (sql: string) => Object.values((await database.rows(sql))[0] ?? {});

test("revenue over a payment's life sums to its price to the minor unit, for 100,000 random ones", async () => {
  expect(
    await only(`
      select count(*), count(*) filter (where months.recognized = charges.amount), min(months.months), max(months.months) > 12
      from int_charge as charges
      left join (
        select event_id, sum(recognized) as recognized, count(*) as months
        from fct_revenue_month where kind = 'sale' group by all
      ) as months using (event_id)`),
  ).toEqual([PAYMENTS, PAYMENTS, 1, true]);
});

test("with refunds, revenue sums to what was paid less what went back, on every order line", async () => {
  const [orderLines, exact, refunded, whole] = await only(`
    select count(*), count(*) filter (where months.recognized = paid.amount),
      count(*) filter (where paid.refunds > 0), count(*) filter (where paid.amount = 0)
    from (
      select order_id, sum(cast(amount as hugeint)) as amount, count(*) filter (where kind = 'refund') as refunds
      from fct_order_line group by all
    ) as paid
    left join (
      select order_id, sum(cast(recognized as hugeint)) as recognized from fct_revenue_month group by all
    ) as months using (order_id)`);
  expect(exact).toBe(orderLines);
  expect(refunded).toBeGreaterThan(8_000);
  expect(whole).toBeGreaterThan(4_000);
});

test("a day of a term is worth the same, but for the rounding of its months", async () => {
  expect(
    await only(`
      select count(*) from fct_revenue_month
      inner join int_revenue_schedule as schedule using (event_id, charge_event_id, entitlement_id)
      where schedule.kind = 'sale' and schedule.cancelled_at is null and schedule.term = 'subscription'
        and schedule.booked_at < fct_revenue_month.month and schedule.service_starts_at < fct_revenue_month.month
        and fct_revenue_month.month + interval 1 month < schedule.service_ends_at
        and abs(cast(recognized as hugeint) * service_days
          - cast(schedule.amount as hugeint) * date_diff('day', fct_revenue_month.month, fct_revenue_month.month + interval 1 month))
          > service_days`),
  ).toEqual([0]);
});

test("the movements of recurring revenue add up to its change, each month; every identity holds", async () => {
  expect(broken).toEqual([]);
  const moved = await only(`
    select count(distinct currency), count(*), min(new) filter (where month < '2025-07-01' and month >= '2024-02-01') > 0,
      min(churn) < 0, max(reactivation), min(contraction) < 0
    from agg_recurring_revenue_month`);
  expect(moved).toEqual([2, expect.any(Number), true, true, 0, true]);
});

test("a check of these finds a cent that is missing", async () => {
  const { models } = await readModels();
  const model = models.find(({ name }) => name === "fct_revenue_month");
  await database.run(`
    begin;
    update fct_revenue_month set recognized = recognized - 1
    where event_id = 'evt-5' and month = (select min(month) from fct_revenue_month where event_id = 'evt-5')`);
  const checks = model
    ? checksOf(model).filter(({ name }) => /^(the months|what is deferred)/.test(name))
    : [];
  const found = await database.rows<{ position: number }>(checkStatement(checks));
  await database.run("rollback");
  expect(found.map(({ position }) => checks[position]?.name)).toEqual([
    "the months of a payment come to its amount, or to what is deferred where its term has not begun",
    "what is deferred changes by what is booked less what is recognized",
  ]);
});
