-- Makes waitingCohorts.arrow: the estimated share activated by days since delivery, of each of the last 24 months of orders.
-- It is null until at least half of the month's entitlements could be watched for so long.
with cohort as (
  select
    strftime(cohort_month, '%Y-%m') as segment,
    delivered_at,
    customer_id,
  from fct_entitlement
  where
    not is_test
    and parent_entitlement_id is null
    and delivered_at <= (select as_of from meta)
    and cohort_month >= (select as_of from meta) - interval 24 month
),
cell as (
  select
    cohort.segment,
    horizon.day,
    count(*) as entitlements,
    -- A day has been watched when it is over.
    count(*) filter (where cohort.delivered_at <= (select as_of from meta) - to_days(horizon.day + 1)) as watched,
  from cohort
  cross join (select unnest([0, 1, 3, 7, 14, 30, 60, 90, 180])::integer as day) as horizon
  group by cohort.segment, horizon.day
  having count(distinct cohort.customer_id) >= getvariable('fewest_customers')
),
curve as (
  select
    segment,
    day,
    survival,
    survival_low,
    survival_high,
  from time_to_activation
  where dimension = 'cohort_month'
)
select
  cell.segment,
  cell.day,
  cell.entitlements,
  cell.watched,
  case when cell.watched * 2 >= cell.entitlements then 1 - curve.survival end as share,
  case when cell.watched * 2 >= cell.entitlements then 1 - curve.survival_high end as share_low,
  case when cell.watched * 2 >= cell.entitlements then 1 - curve.survival_low end as share_high,
from cell
-- The curve is a step: its value on a day is that of the last row up to it.
asof join curve on cell.segment = curve.segment and cell.day >= curve.day
order by cell.segment, cell.day
