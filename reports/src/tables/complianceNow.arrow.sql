-- Makes complianceNow.arrow: one row a scope: seats bound beyond those bought at the as-of time, and copies that showed themselves in
-- the year before it. Of fewer customers than may be told of, only that there are some (no number).
with seat as (
  select
    coalesce(sku, '') as sku,
    coalesce(brand, '') as brand,
    coalesce(country, '') as country,
    if(seats_bound > quantity, customer_id, null) as over_customer,
    sum(seats_bound) as bound,
    count(*) filter (where seats_bound > quantity) as over_entitlements,
    coalesce(sum(seats_bound - quantity) filter (where seats_bound > quantity), 0) as over_seats,
  from fct_entitlement
  -- A site or a metered license counts no seats.
  where not is_test and status = 'active' and metric not in ('site', 'metered')
  group by all
),
clone as (
  select
    clone.sku,
    entitlement.brand,
    entitlement.country,
    clone.customer_id,
    coalesce(clone.host_hash, clone.clone_id) as host,
  from fct_clone as clone
  left join fct_entitlement as entitlement using (entitlement_id)
  where
    not clone.is_test
    and clone.detected_at <= (select as_of from meta)
    and clone.detected_at > (select as_of from meta) - interval 1 year
),
seat_scope as (
  select
    scope,
    sum(bound) as bound,
    count(distinct over_customer) as customers,
    sum(over_entitlements) as entitlements,
    sum(over_seats) as seats,
  from (select *, unnest(scopes_of(sku, brand, country)) as scope from seat)
  group by scope
),
clone_scope as (
  select scope, count(distinct customer_id) as customers, count(distinct host) as hosts,
  from (select *, unnest(scopes_of(sku, brand, country)) as scope from clone)
  group by scope
),
scoped as (
  select
    all_scope.scope,
    coalesce(seat_scope.bound, 0) as seats_bound,
    coalesce(seat_scope.customers, 0) as over_customers,
    coalesce(seat_scope.entitlements, 0) as over_entitlements,
    coalesce(seat_scope.seats, 0) as over_seats,
    coalesce(clone_scope.customers, 0) as clone_customers,
    coalesce(clone_scope.hosts, 0) as clone_hosts,
  from (select '' as scope union all select scope from scope) as all_scope
  left join seat_scope using (scope)
  left join clone_scope using (scope)
)
select
  scope,
  seats_bound::double as seats_bound,
  if(over_customers between 1 and getvariable('fewest_customers') - 1, null, over_customers)::integer as over_customers,
  if(over_customers between 1 and getvariable('fewest_customers') - 1, null, over_entitlements)::integer as over_entitlements,
  if(over_customers between 1 and getvariable('fewest_customers') - 1, null, over_seats)::integer as over_seats,
  if(clone_customers between 1 and getvariable('fewest_customers') - 1, null, clone_customers)::integer as clone_customers,
  if(clone_customers between 1 and getvariable('fewest_customers') - 1, null, clone_hosts)::integer as clone_hosts,
from scoped
order by scope
