-- Makes platformEnds.arrow: what would be lost if support for a version of a system or of the application ended now: hosts,
-- and customers and entitlements in force whose bound seats all run it, with their money in each currency. The row without a
-- currency counts all of them.
with seat as (
  select
    entitlement.entitlement_id,
    entitlement.customer_id,
    coalesce(entitlement.sku, '') as sku,
    coalesce(entitlement.brand, '') as brand,
    entitlement.currency,
    entitlement.quantity,
    entitlement.amount,
    coalesce(activation.host_hash, activation.user_hash, activation.activation_id) as host,
    -- What the host told last; of its application too where it runs no other.
    coalesce(host.os_type, activation.os_type, '') || ' '
      || coalesce(if(host.os_type is null, activation.os_version, host.os_version), '') as version,
    coalesce(if(host.products = 1, host.app_version, null), activation.app_version, '') as application,
  from fct_activation as activation
  join fct_entitlement as entitlement using (entitlement_id)
  left join dim_host as host on activation.host_hash = host.host_hash
  where not activation.is_test and activation.is_bound and entitlement.status = 'active'
),
scoped as (
  select
    * exclude (sku, brand),
    unnest(['', 'brand:' || brand, sku]) as scope,
  from seat
),
told as (
  select
    * exclude (version, application),
    unnest([{'dimension': 'version', 'member': version}, {'dimension': 'application', 'member': application}], recursive := true),
  from scoped
),
-- Whoever has a seat anywhere else, or on a platform that is not known, is not wholly on a version.
customer as (
  select
    scope,
    dimension,
    customer_id,
    min(member) = max(member) as is_whole,
  from told
  group by all
),
entitlement as (
  select
    scope,
    dimension,
    entitlement_id,
    customer_id,
    currency,
    any_value(quantity) as quantity,
    any_value(amount) as amount,
    min(member) as member,
  from told
  group by all
  having min(member) = max(member)
),
on_it as (
  select
    scope,
    dimension,
    member,
    count(distinct host) as hosts,
    count(distinct customer_id) as customers,
    count(distinct customer_id) filter (where customer.is_whole) as customers_only,
  from told
  join customer using (scope, dimension, customer_id)
  group by all
),
only_it as (
  select
    scope,
    dimension,
    member,
    coalesce(currency, '') as currency,
    count(*) as entitlements,
    count(distinct customer_id) as entitlement_customers,
    sum(quantity)::double as seats,
    -- Currencies are never added up.
    if(grouping(currency) = 0, sum(amount), null)::double as amount,
  from entitlement
  group by grouping sets ((scope, dimension, member), (scope, dimension, member, currency))
)
select
  on_it.scope,
  on_it.dimension,
  on_it.member,
  coalesce(only_it.currency, '') as currency,
  on_it.hosts,
  on_it.customers,
  -- What is told of fewer customers than may be told of is null: not known here, and little.
  if(on_it.customers_only between 1 and getvariable('fewest_customers') - 1, null, on_it.customers_only) as customers_only,
  if(only_it.entitlement_customers < getvariable('fewest_customers'), null, coalesce(only_it.entitlements, 0)) as entitlements,
  if(only_it.entitlement_customers < getvariable('fewest_customers'), null, coalesce(only_it.seats, 0)) as seats,
  if(only_it.entitlement_customers < getvariable('fewest_customers'), null, only_it.amount) as amount,
from on_it
left join only_it using (scope, dimension, member)
where
  on_it.customers >= getvariable('fewest_customers')
  -- What was not stated is no version that could end.
  and on_it.member <> ''
  and not suffix(on_it.member, ' ')
-- The twenty-four with most hosts in each: what is smaller is a query for npm run sql.
qualify dense_rank() over (partition by on_it.scope, on_it.dimension order by on_it.hosts desc, on_it.member) <= 24
order by on_it.scope, on_it.dimension, on_it.hosts desc, on_it.member, currency
