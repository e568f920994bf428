-- Makes modelTrend.arrow: entitlements, seats and customers in force at the end of each of the last 24 months, by license model, by
-- term and by metric; of all brands and of each.
with month as (
  select unnest(generate_series(
    date_trunc('month', (select as_of from meta) - interval 1 microsecond) - interval 23 month,
    (select as_of from meta) - interval 1 microsecond,
    interval 1 month
  )) as month_at,
),
closing as (
  select
    month_at,
    least(month_at + interval 1 month - interval 1 microsecond, (select as_of from meta)) as closing_at,
  from month
),
-- Customers of several models or brands do not add up, so they are counted of what each has now, as it was in force then.
customer as (
  select
    closing.month_at,
    coalesce(entitlement.brand, '') as brand,
    case when grouping(license_model) = 0 then 'model' when grouping(term) = 0 then 'term' else 'metric' end as dimension,
    coalesce(license_model, term, metric) as member,
    grouping(entitlement.brand) = 1 as is_all,
    count(distinct customer_id) as customers,
  from closing
  join fct_entitlement as entitlement
    on entitlement.ordered_at <= closing.closing_at
    and coalesce(least(entitlement.ends_at, entitlement.cancelled_at), timestamp 'infinity') > closing.closing_at
  where not entitlement.is_test
  group by grouping sets (
    (month_at, license_model), (month_at, term), (month_at, metric),
    (month_at, entitlement.brand, license_model), (month_at, entitlement.brand, term), (month_at, entitlement.brand, metric)
  )
),
standing as (
  select
    month,
    coalesce(brand, '') as brand,
    case when grouping(license_model) = 0 then 'model' when grouping(term) = 0 then 'term' else 'metric' end as dimension,
    coalesce(license_model, term, metric) as member,
    grouping(brand) = 1 as is_all,
    sum(entitlements_active) as entitlements,
    sum(seats_active) as seats,
  from agg_license_model_month
  where month < (select as_of from meta) and month >= (select as_of from meta) - interval 24 month
  group by grouping sets (
    (month, license_model), (month, term), (month, metric),
    (month, brand, license_model), (month, brand, term), (month, brand, metric)
  )
),
told as (
  select
    standing.*,
    -- One whose customers have all moved to another model since had at least one.
    greatest(coalesce(customer.customers, 0), least(standing.entitlements, 1)) as customers,
  from standing
  left join customer
    on standing.month = customer.month_at
    and standing.brand = customer.brand
    and standing.is_all = customer.is_all
    and standing.dimension = customer.dimension
    and standing.member = customer.member
)
select
  month as month_at,
  if(is_all, '', 'brand:' || brand) as scope,
  dimension,
  if(customers < getvariable('fewest_customers') and entitlements > 0, 'few', member) as member,
  sum(entitlements)::double as entitlements,
  sum(seats)::double as seats,
  if(count(*) > 1 or min(customers) between 1 and getvariable('fewest_customers') - 1, null, sum(customers)::double) as customers,
from told
group by month, is_all, brand, dimension, if(customers < getvariable('fewest_customers') and entitlements > 0, 'few', member)
order by month_at, scope, dimension, entitlements desc, member
