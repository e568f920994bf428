-- Makes complianceNow.arrow: one row: seats bound beyond those bought at the as-of time, and copies that showed themselves in the
-- year before it. Of fewer customers than may be told of, only that there are some (0 of them, and no number).
with over_now as (
  select
    count(distinct customer_id) as customers,
    count(*) as entitlements,
    coalesce(sum(seats_bound - quantity), 0) as seats,
  from fct_entitlement
  where
    not is_test
    and status = 'active'
    and seats_bound > quantity
    -- A site or a metered license counts no seats.
    and metric not in ('site', 'metered')
),
bound as (
  select coalesce(sum(seats_bound), 0) as seats
  from fct_entitlement
  where not is_test and status = 'active' and metric not in ('site', 'metered')
),
clone as (
  select
    count(distinct customer_id) as customers,
    count(distinct coalesce(host_hash, clone_id)) as hosts,
  from fct_clone
  where
    not is_test
    and detected_at <= (select as_of from meta)
    and detected_at > (select as_of from meta) - interval 1 year
)
select
  bound.seats::integer as seats_bound,
  if(over_now.customers between 1 and getvariable('fewest_customers') - 1, null, over_now.customers) as over_customers,
  if(over_now.customers between 1 and getvariable('fewest_customers') - 1, null, over_now.entitlements) as over_entitlements,
  if(over_now.customers between 1 and getvariable('fewest_customers') - 1, null, over_now.seats)::integer as over_seats,
  if(clone.customers between 1 and getvariable('fewest_customers') - 1, null, clone.customers) as clone_customers,
  if(clone.customers between 1 and getvariable('fewest_customers') - 1, null, clone.hosts) as clone_hosts,
from over_now, bound, clone
