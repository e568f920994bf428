-- The estimated share activated by days since delivery, of each of the last 24 months of orders. It is null until at least half
-- of the month's entitlements could be watched for so long.
with alike as (
  select
    brand_scope,
    product_scope,
    region_scope,
    months,
    cohort_month as segment,
    -- A day has been watched when it is over.
    least(days_between(delivered_at, getvariable('as_of')), 181) as days_watched,
    count(*) as entitlements,
  from waits.waiting
  where (cohort_month || '-01')::timestamp >= getvariable('as_of') - interval 24 month and outcome <> 'unknown'
  group by all
),
sold as (
  select
    unnest(['', brand_scope, product_scope, region_scope]) as scope,
    months,
    segment,
    days_watched,
    entitlements,
  from alike
),
seen as (
  select
    sold.scope,
    period.period,
    sold.segment,
    sold.days_watched,
    sum(sold.entitlements)::bigint as entitlements,
  from sold
  join waits.period as period on sold.months <= period.months
  where sold.scope is not null
  group by all
),
cell as (
  select
    told.code,
    told.scope,
    told.period,
    told.segment,
    horizon.day,
    sum(seen.entitlements)::bigint as entitlements,
    coalesce(sum(seen.entitlements) filter (where seen.days_watched > horizon.day), 0)::bigint as watched,
  from seen
  join waits.told as told
    on seen.scope = told.scope
    and seen.period = told.period
    and told.dimension = 'cohort_month'
    and seen.segment = told.segment
  cross join (select unnest([0, 1, 3, 7, 14, 30, 60, 90, 180])::integer as day) as horizon
  group by all
)
select
  cell.scope,
  cell.period,
  cell.segment,
  cell.day,
  cell.entitlements,
  cell.watched,
  case when cell.watched * 2 >= cell.entitlements then 1 - curve.survival end as share,
  case when cell.watched * 2 >= cell.entitlements then 1 - curve.survival_high end as share_low,
  case when cell.watched * 2 >= cell.entitlements then 1 - curve.survival_low end as share_high,
from cell
-- The curve is a step: its value on a day is that of the last row up to it.
asof join waits.time_to_activation as curve
  on cell.code = curve.dimension and cell.segment = curve.segment and cell.day >= curve.day
order by cell.scope, cell.period, cell.segment, cell.day
