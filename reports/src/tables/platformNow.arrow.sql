-- Makes platformNow.arrow: hosts that held a seat in the newest month, and their customers, by platform; of all products, of each
-- brand and of the products with most hosts. A host counts once, by the platform of the seat that it took last; customers do not
-- add up, for one may use several platforms.
with seat as (
  select
    coalesce(sku, '') as sku,
    coalesce(brand, '') as brand,
    customer_id,
    -- Where a license binds a user and no host was told, the user stands for the computer.
    coalesce(host_hash, user_hash, activation_id) as host,
    coalesce(os_type, '') as os_type,
    coalesce(os_type, '') || ' ' || coalesce(os_version, '') as version,
    coalesce(arch, '') as arch,
    bound_at,
    activation_id,
  from fct_activation
  where
    not is_test
    and bound_at <= (select as_of from meta)
    and greatest(bound_at, least(ended_at, term_ends_at, (select as_of from meta) + interval 1 microsecond) - interval 1 microsecond)
      >= date_trunc('month', (select as_of from meta) - interval 1 microsecond)
),
product as (
  select sku
  from seat
  group by sku
  order by count(distinct host) desc, sku
  limit 12
),
scoped as (
  select
    seat.*,
    unnest(['', 'brand:' || brand, if(product.sku is null, null, seat.sku)]) as scope,
  from seat
  left join product using (sku)
),
placed as (
  select
    *,
    row_number() over (partition by scope, host order by bound_at desc, activation_id) = 1 as is_last,
  from scoped
  where scope is not null
),
counted as (
  select
    scope,
    case
      when grouping(version) = 0 then 'version'
      when grouping(arch) = 0 then 'processor'
      when grouping(os_type) = 0 then 'system'
      else 'all'
    end as dimension,
    coalesce(os_type, '') as os_type,
    coalesce(version, arch, os_type, '') as member,
    count(*) filter (where is_last) as hosts,
    count(distinct customer_id) as customers,
  from placed
  group by grouping sets ((scope), (scope, os_type), (scope, os_type, version), (scope, os_type, arch))
)
select
  scope,
  dimension,
  if(customers < getvariable('fewest_customers') and dimension = 'system', 'few', os_type) as os_type,
  if(customers < getvariable('fewest_customers') and dimension <> 'all', 'few', member) as member,
  sum(hosts)::double as hosts,
  -- Of rows that were put together the customers are not known, and are few.
  if(min(customers) < getvariable('fewest_customers'), null, max(customers)) as customers,
from counted
where hosts > 0
group by all
order by scope, dimension, hosts desc, member
