-- Makes platformMix.arrow: hosts with a bound seat now, by operating system, within each product, price band and country of each
-- scope; the twelve largest of each.
with seat as (
  select distinct
    -- Numbers stand for texts; see platformNow.
    hash(coalesce(activation.host_hash, activation.user_hash, activation.activation_id)) as host,
    hash(entitlement.customer_id) as customer,
    hash(entitlement.sku, entitlement.brand, entitlement.country, entitlement.price_band) as place,
    coalesce(activation.os_type, '') as os_type,
  from fct_activation as activation
  join fct_entitlement as entitlement using (entitlement_id)
  where not activation.is_test and activation.is_bound and entitlement.status = 'active'
),
place as (
  select
    hash(sku, brand, country, price_band) as place,
    unnest(scopes_of(sku, brand, country)) as scope,
    coalesce(any_value(product_name), sku, '') as product,
    coalesce(price_band, '') as price_band,
    coalesce(country, '') as country,
  from fct_entitlement
  group by sku, brand, country, price_band
),
group_of as (
  select
    place,
    scope,
    unnest([
      {'dimension': 'product', 'member': product},
      {'dimension': 'band', 'member': price_band},
      {'dimension': 'country', 'member': country}
    ], recursive := true),
  from place
),
numbered as (
  select
    place,
    hash(scope, dimension, member) as cell,
  from group_of
),
host as (
  select
    host,
    min(place) as place,
    min(os_type) as os_type,
    min(place) = max(place) and min(os_type) = max(os_type) as is_whole,
  from seat
  group by host
),
hosts as (
  select
    cell,
    os_type,
    sum(hosts) as hosts,
  from (
    -- Most hosts are in one place and of one system, and are counted before they are told apart.
    select
      numbered.cell,
      whole.os_type,
      whole.hosts,
    from (select place, os_type, count(*) as hosts from host where is_whole group by all) as whole
    join numbered using (place)
    union all
    select
      numbered.cell,
      seat.os_type,
      count(distinct seat.host) as hosts,
    from seat
    join numbered using (place)
    where seat.host in (select host from host where not is_whole)
    group by all
  ) as counted
  group by all
),
customers as (
  select
    cell,
    os_type,
    count(distinct customer) as customers,
  from (select distinct place, os_type, customer from seat) as used
  join numbered using (place)
  group by all
),
cell as (
  select
    hosts.cell,
    hosts.os_type,
    hosts.hosts,
    customers.customers,
  from hosts
  join customers using (cell, os_type)
),
folded as (
  select
    named.scope,
    named.dimension,
    named.member,
    if(cell.customers < getvariable('fewest_customers'), 'few', cell.os_type) as os_type,
    cell.hosts,
    sum(cell.hosts) over (partition by cell.cell) as all_hosts,
    -- No fewer customers than this: one may use several systems.
    max(cell.customers) over (partition by cell.cell) as customers,
  from cell
  join (
    select distinct
      scope,
      dimension,
      member,
      hash(scope, dimension, member) as cell,
    from group_of
  ) as named using (cell)
)
select
  scope,
  dimension,
  member,
  os_type,
  sum(hosts)::double as hosts,
from folded
-- A group whose every system is of few customers would say no more than how many hosts they have.
where customers >= getvariable('fewest_customers')
group by scope, dimension, member, os_type, all_hosts
qualify dense_rank() over (partition by scope, dimension order by all_hosts desc, member) <= 12
order by scope, dimension, all_hosts desc, member, hosts desc, os_type
