-- Makes platformNow.arrow: hosts that held a seat in the newest month, and their customers, by platform, of each scope. A host
-- counts once, by the platform of the seat that it took last; customers do not add up, for one may use several platforms.
with newest as (
  select date_trunc('month', as_of - interval 1 microsecond) as month_at,
  from meta
),
seat as materialized (
  select
    -- Numbers stand for texts, which took four times as long: that any two of ten million hosts share one is 3 in a million.
    -- Where a license binds a user and no host was told, the user stands for the computer.
    hash(coalesce(activation.host_hash, activation.user_hash, activation.activation_id)) as host,
    hash(activation.customer_id) as customer,
    hash(entitlement.sku, entitlement.brand, entitlement.country) as place,
    hash(activation.os_type, activation.os_version, activation.arch) as platform,
    activation.bound_at,
  from fct_activation as activation
  join fct_entitlement as entitlement using (entitlement_id)
  where
    not activation.is_test
    and activation.bound_at <= (select as_of from meta)
    and (
      activation.bound_at >= (select month_at from newest)
      or coalesce(least(activation.ended_at, activation.term_ends_at), timestamp 'infinity') > (select month_at from newest)
    )
),
-- All that a seat of a place and a platform counts in.
cell as materialized (
  select
    *,
    hash(scope, dimension, os_type, member) as cell,
  from (
    select
      place.place,
      place.scope,
      platform.platform,
      unnest([
        {'dimension': 'all', 'os_type': '', 'member': ''},
        {'dimension': 'system', 'os_type': os_type, 'member': os_type},
        {'dimension': 'version', 'os_type': os_type, 'member': os_type || ' ' || os_version},
        {'dimension': 'processor', 'os_type': os_type, 'member': arch}
      ], recursive := true),
    from (select distinct place, platform from seat) as here
    join (
      select
        hash(sku, brand, country) as place,
        unnest(scopes_of(sku, brand, country)) as scope,
      from fct_entitlement
      group by sku, brand, country
    ) as place using (place)
    join (
      select
        hash(os_type, os_version, arch) as platform,
        coalesce(os_type, '') as os_type,
        coalesce(os_version, '') as os_version,
        coalesce(arch, '') as arch,
      from fct_activation
      group by fct_activation.os_type, fct_activation.os_version, fct_activation.arch
    ) as platform using (platform)
  ) as told
),
host as (
  select
    host,
    min(place) as place,
    min(platform) as platform,
    min(place) = max(place) and min(platform) = max(platform) as is_whole,
  from seat
  group by host
),
-- The others, scope by scope.
divided as (
  select
    scope,
    host,
    arg_max(platform, (bound_at, platform)) as platform,
  from seat
  join (select distinct place, scope from cell) as place using (place)
  where host in (select host from host where not is_whole)
  group by scope, host
),
hosts as (
  select
    cell,
    sum(hosts) as hosts,
  from (
    -- Most hosts are in one place and of one platform, and are counted before they are told apart.
    select cell, hosts
    from (select place, platform, count(*) as hosts from host where is_whole group by all) as whole
    join cell using (place, platform)
    union all
    select cell, hosts
    from (select scope, platform, count(*) as hosts from divided group by all) as counted
    join (select distinct scope, platform, cell from cell) as cell using (scope, platform)
  ) as told
  group by cell
),
customers as (
  select
    cell,
    count(distinct customer) as customers,
  from (select distinct place, platform, customer from seat) as used
  join cell using (place, platform)
  group by cell
),
counted as (
  select
    cell.* exclude (cell),
    hosts.hosts,
    customers.customers,
  from (select distinct scope, dimension, os_type, member, cell from cell) as cell
  join hosts using (cell)
  join customers using (cell)
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
group by all
order by scope, dimension, hosts desc, member
