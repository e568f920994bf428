-- Makes complianceCustomers.arrow: the 30 customers of each scope with most seats beyond those bought now, and most copies in the
-- year before the as-of time. Nobody where the site names no customer.
with finding as (
  select sku, brand, country, customer_id, seats_bound - quantity as seats_over, null as cloned_host, null as detected_at,
  from fct_entitlement
  where not is_test and status = 'active' and seats_bound > quantity and metric not in ('site', 'metered')
  union all
  select
    clone.sku, clone.brand, entitlement.country, clone.customer_id, 0, coalesce(clone.host_hash, clone.clone_id), clone.detected_at,
  from fct_clone as clone
  left join fct_entitlement as entitlement using (entitlement_id)
  where
    not clone.is_test
    and clone.detected_at <= (select as_of from meta)
    and clone.detected_at > (select as_of from meta) - interval 1 year
),
customer_finding as (
  select
    scope,
    customer_id,
    sum(seats_over)::integer as seats_over,
    count(distinct cloned_host)::integer as cloned_hosts,
    max(detected_at) as last_detected_at,
  from (select *, unnest(scopes_of(sku, brand, country)) as scope from finding where getvariable('audience') = 'internal')
  group by scope, customer_id
)
select
  customer_finding.scope,
  customer_finding.customer_id,
  coalesce(customer.name, customer_finding.customer_id) as customer,
  customer_finding.seats_over,
  customer_finding.cloned_hosts,
  customer_finding.last_detected_at,
  count(*) over (partition by customer_finding.scope)::integer as all_customers,
from customer_finding
left join dim_customer as customer using (customer_id)
qualify row_number() over (
  partition by customer_finding.scope
  order by customer_finding.seats_over + customer_finding.cloned_hosts desc, customer_finding.seats_over desc, customer_finding.customer_id
) <= 30
order by
  customer_finding.scope, customer_finding.seats_over + customer_finding.cloned_hosts desc, customer_finding.seats_over desc,
  customer_finding.customer_id
