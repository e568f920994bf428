-- Makes complianceMonths.arrow: seats beyond those bought, hosts that showed a copied license, and requests that each rule
-- refused, by month and scope. What concerned few customers is null; rules that few customers met are told together (`few`).
with refusal as (
  select
    date_trunc('month', refusal.refused_at) as month_at,
    unnest(scopes_of(refusal.sku, refusal.brand, entitlement.country)) as scope,
    coalesce(refusal.rule, refusal.code) as rule,
    coalesce(refusal.customer_id, '') as customer_id,
    count(*) as refusals,
  from fct_refusal as refusal
  left join fct_entitlement as entitlement using (entitlement_id)
  where not refusal.is_test and refusal.refused_at < (select as_of from meta)
  group by month_at, refusal.sku, refusal.brand, entitlement.country, coalesce(refusal.rule, refusal.code), coalesce(refusal.customer_id, '')
),
clone as (
  select
    date_trunc('month', clone.detected_at) as month_at,
    unnest(scopes_of(clone.sku, clone.brand, entitlement.country)) as scope,
    coalesce(clone.host_hash, clone.clone_id) as host,
    clone.customer_id,
  from fct_clone as clone
  left join fct_entitlement as entitlement using (entitlement_id)
  where not clone.is_test and clone.detected_at < (select as_of from meta)
),
overdraft as (
  select
    month::timestamp as month_at,
    unnest(scopes_of(sku, brand, country)) as scope,
    seats_over,
    customer_id,
  from fct_overdraft_month
  -- A month that begins with the as-of time has not begun.
  where not is_test and month < (select as_of from meta)
),
found as (
  select min(month_at) as first_at
  from (select month_at from refusal union all select month_at from clone union all select month_at from overdraft)
),
month as (
  select unnest(generate_series(
    greatest(first_at, date_trunc('month', (select as_of from meta) - interval 23 month)),
    (select as_of from meta) - interval 1 microsecond,
    interval 1 month
  )) as month_at
  from found
  where first_at is not null
),
over_month as (
  select
    month_at,
    scope,
    sum(seats_over)::integer as seats,
    count(distinct customer_id) >= getvariable('fewest_customers') as is_told,
  from overdraft
  group by all
),
clone_month as (
  select
    month_at,
    scope,
    count(distinct host)::integer as hosts,
    count(distinct customer_id) >= getvariable('fewest_customers') as is_told,
  from clone
  group by all
),
rule_month as (
  select
    month_at,
    scope,
    rule,
    sum(refusals)::integer as refusals,
    list(distinct customer_id) as who,
  from refusal
  where month_at in (select month_at from month)
  group by all
),
folded as (
  select *, folds(false, who, rule, month_at::varchar || scope) as is_folded,
  from rule_month
)
-- One row a month of what no rule refused, be there anything of it or not; and one of each rule that refused.
select
  month.month_at,
  all_scope.scope,
  '' as rule,
  0 as refusals,
  if(over_month.is_told is false, null, coalesce(over_month.seats, 0)) as overdraft_seats,
  if(clone_month.is_told is false, null, coalesce(clone_month.hosts, 0)) as cloned_hosts,
from month
cross join (select '' as scope union all select scope from scope) as all_scope
left join over_month
  on month.month_at = over_month.month_at and all_scope.scope = over_month.scope
left join clone_month
  on month.month_at = clone_month.month_at and all_scope.scope = clone_month.scope
union all
select
  month_at,
  scope,
  if(is_folded, 'few', rule),
  if(is_told(who), sum(refusals), null)::integer,
  0,
  0,
from folded
group by month_at, scope, if(is_folded, 'few', rule)
order by month_at, scope, rule
