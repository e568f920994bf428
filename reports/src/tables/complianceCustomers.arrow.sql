-- Makes complianceCustomers.arrow: the 50 customers with most seats beyond those bought now, and most copies in the year before
-- the as-of time. Nobody where the site names no customer.
with finding as (
  select customer_id, seats_bound - quantity as seats_over, null as cloned_host, null as detected_at,
  from fct_entitlement
  where not is_test and status = 'active' and seats_bound > quantity and metric not in ('site', 'metered')
  union all
  select customer_id, 0, coalesce(host_hash, clone_id), detected_at,
  from fct_clone
  where not is_test and detected_at <= (select as_of from meta) and detected_at > (select as_of from meta) - interval 1 year
),
customer_finding as (
  select
    customer_id,
    sum(seats_over)::integer as seats_over,
    count(distinct cloned_host) as cloned_hosts,
    max(detected_at) as last_detected_at,
  from finding
  where getvariable('audience') = 'internal'
  group by customer_id
)
select
  customer_finding.customer_id,
  coalesce(customer.name, customer_finding.customer_id) as customer,
  customer_finding.seats_over,
  customer_finding.cloned_hosts,
  customer_finding.last_detected_at,
  count(*) over () as all_customers,
from customer_finding
left join dim_customer as customer using (customer_id)
order by seats_over + cloned_hosts desc, seats_over desc, customer_finding.customer_id
limit 50
