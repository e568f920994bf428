-- Makes platformMonths.arrow: hosts that held a seat in each of the last 24 months, by platform; of all products and of each.
-- agg_platform_month has no products. Of all products together this gives the same numbers, and a test holds it.
with seat as (
  select
    sku,
    -- Where a license binds a user and no host was told, the user stands for the computer.
    coalesce(host_hash, user_hash, activation_id) as host,
    activation_id,
    coalesce(os_type, '') as os_type,
    coalesce(os_version, '') as os_version,
    coalesce(arch, '') as arch,
    bound_at,
    greatest(
      bound_at,
      least(ended_at, term_ends_at, (select as_of from meta) + interval 1 microsecond) - interval 1 microsecond
    ) as last_bound_at,
  from fct_activation
  where not is_test
),
product as (
  select sku,
  from seat
  group by sku
  order by count(distinct host) desc, sku
  limit 12
),
scope as (
  select sku, sku as scope from product
  union all
  select distinct sku, '' as scope from seat
),
seat_month as (
  select
    seat.*,
    scope.scope,
    unnest(generate_series(
      date_trunc('month', bound_at), date_trunc('month', last_bound_at), interval 1 month
    )) as month_at,
  from seat
  join scope using (sku)
),
-- A host counts once a month: by the platform of the seat that it took last.
host_month as (
  select
    month_at,
    scope,
    os_type,
    os_version,
    arch,
  from seat_month
  where
    -- A month that begins with the as-of time has not begun.
    month_at < (select as_of from meta)
    and month_at >= (select as_of from meta) - interval 24 month
  qualify row_number() over (partition by scope, host, month_at order by bound_at desc, activation_id) = 1
)
select
  month_at,
  scope as sku,
  os_type,
  os_version,
  arch,
  count(*) as hosts,
from host_month
group by all
order by month_at, sku, hosts desc, os_type, os_version, arch
