-- Makes modelTrend.arrow: entitlements, seats and customers in force at the end of each of the last 24 months, by license model, by
-- term and by metric, of each scope.
with newest as (
  select
    as_of,
    date_trunc('month', as_of - interval 1 microsecond) - interval 23 month as from_at,
  from meta
),
-- Month ends are bits, the oldest the lowest: at which of them an entitlement was in force is one number.
entitlement as materialized (
  select
    -- Numbers stand for texts; see platformNow.
    hash(customer_id) as customer,
    hash(sku, brand, country) as place,
    license_model,
    term,
    metric,
    quantity,
    -- Suspension is known as it is now; one that was lifted again is not told.
    if(
      coalesce(least(ends_at, cancelled_at, suspended_at), timestamp 'infinity') > newest.as_of,
      1 << 24,
      1 << greatest(0, datediff('month', newest.from_at, least(ends_at, cancelled_at, suspended_at)))
    ) - (1 << greatest(0, datediff('month', newest.from_at, ordered_at))) as months,
  from fct_entitlement
  cross join newest
  where
    not is_test
    and ordered_at <= newest.as_of
    and (
      coalesce(least(ends_at, cancelled_at, suspended_at), timestamp 'infinity') > newest.as_of
      or least(ends_at, cancelled_at, suspended_at) >= greatest(date_trunc('month', ordered_at), newest.from_at) + interval 1 month
    )
),
place as (
  select
    hash(sku, brand, country) as place,
    unnest(scopes_of(sku, brand, country)) as scope,
  from fct_entitlement
  group by sku, brand, country
),
cell as materialized (
  select
    *,
    hash(scope, dimension, member) as cell,
  from (
    select
      place.scope,
      place.place,
      here.license_model,
      unnest([
        {'dimension': 'model', 'member': here.license_model},
        {'dimension': 'term', 'member': here.term},
        {'dimension': 'metric', 'member': here.metric}
      ], recursive := true),
    from (select distinct place, license_model, term, metric from entitlement) as here
    join place using (place)
  ) as told
),
counted as (
  select
    cell.cell,
    held.months,
    held.entitlements,
    held.seats,
    0 as customers,
  from (
    select place, license_model, months, count(*) as entitlements, sum(quantity) as seats
    from entitlement
    group by all
  ) as held
  join cell using (place, license_model)
  union all
  -- Customers of several models do not add up, so each is counted once by itself.
  select
    cell,
    months,
    0 as entitlements,
    0 as seats,
    count(*) as customers,
  from (
    select
      cell.cell,
      holder.customer,
      bit_or(holder.months) as months,
    from (select customer, place, license_model, bit_or(months) as months from entitlement group by all) as holder
    join cell using (place, license_model)
    group by all
  ) as customer
  group by all
),
by_cell as (
  select
    newest.from_at + to_months(month.number::integer) as month,
    cell,
    sum(entitlements) as entitlements,
    sum(seats) as seats,
    sum(customers) as customers,
  from (
    select cell, months, sum(entitlements) as entitlements, sum(seats) as seats, sum(customers) as customers
    from counted
    group by all
  ) as told
  join (select unnest(range(24)) as number) as month on (told.months >> month.number) & 1 = 1
  cross join newest
  group by all
),
by_now as (
  select
    by_cell.* exclude (cell),
    named.scope,
    named.dimension,
    named.member,
  from by_cell
  join (select distinct scope, dimension, member, cell from cell) as named using (cell)
),
-- Of everything and of brands it is known what models were at the time.
standing as (
  select
    month,
    if(grouping(brand) = 1, '', 'brand:' || coalesce(brand, '')) as scope,
    case when grouping(license_model) = 0 then 'model' when grouping(term) = 0 then 'term' else 'metric' end as dimension,
    coalesce(license_model, term, metric) as member,
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
    standing.month,
    standing.scope,
    standing.dimension,
    standing.member,
    standing.entitlements,
    standing.seats,
    -- One whose customers have all moved to another model since had at least one.
    greatest(coalesce(by_now.customers, 0), least(standing.entitlements, 1)) as customers,
  from standing
  left join by_now using (month, scope, dimension, member)
  where standing.scope = '' or standing.scope in (select scope from scope)
  union all by name
  select
    month,
    scope,
    dimension,
    member,
    entitlements,
    seats,
    customers,
  from by_now
  where starts_with(scope, 'product:') or starts_with(scope, 'region:')
),
folded as (
  select
    * exclude (member),
    if(customers < getvariable('fewest_customers') and entitlements > 0, 'few', member) as member,
  from told
)
select
  month as month_at,
  scope,
  dimension,
  member,
  sum(entitlements)::double as entitlements,
  sum(seats)::double as seats,
  if(count(*) > 1 or min(customers) between 1 and getvariable('fewest_customers') - 1, null, sum(customers)::double) as customers,
from folded
group by all
order by month_at, scope, dimension, entitlements desc, member
