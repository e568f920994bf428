-- Makes platformMix.arrow: hosts with a bound seat now, by operating system, within each product, price band and country; the
-- twelve largest of each.
with seat as (
  select
    entitlement.customer_id,
    coalesce(entitlement.product_name, entitlement.sku, '') as product,
    coalesce(entitlement.price_band, '') as price_band,
    coalesce(entitlement.country, '') as country,
    coalesce(activation.host_hash, activation.user_hash, activation.activation_id) as host,
    coalesce(activation.os_type, '') as os_type,
  from fct_activation as activation
  join fct_entitlement as entitlement using (entitlement_id)
  where not activation.is_test and activation.is_bound and entitlement.status = 'active'
),
counted as (
  select
    unnest([
      {'dimension': 'product', 'member': product},
      {'dimension': 'band', 'member': price_band},
      {'dimension': 'country', 'member': country}
    ], recursive := true),
    os_type,
    customer_id,
    host,
  from seat
),
cell as (
  select
    dimension,
    member,
    os_type,
    count(distinct customer_id) as customers,
    count(distinct host) as hosts,
  from counted
  group by all
),
folded as (
  select
    dimension,
    member,
    if(customers < getvariable('fewest_customers'), 'few', os_type) as os_type,
    hosts,
    sum(hosts) over (partition by dimension, member) as all_hosts,
    -- No fewer customers than this: one may use several systems.
    max(customers) over (partition by dimension, member) as customers,
  from cell
)
select
  dimension,
  member,
  os_type,
  sum(hosts)::double as hosts,
from folded
-- A group whose every system is of few customers would say no more than how many hosts they have.
where customers >= getvariable('fewest_customers')
group by dimension, member, os_type, all_hosts
qualify dense_rank() over (partition by dimension order by all_hosts desc, member) <= 12
order by dimension, all_hosts desc, member, hosts desc, os_type
