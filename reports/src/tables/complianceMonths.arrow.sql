-- Makes complianceMonths.arrow: seats beyond those bought, hosts that showed a copied license, and requests that each rule
-- refused, by month, of all products and of each. What concerned few customers is null.
with refusal as (
  select date_trunc('month', refused_at) as month_at, sku, coalesce(rule, code) as rule, customer_id,
  from fct_refusal
  where not is_test and refused_at < (select as_of from meta)
),
clone as (
  select date_trunc('month', detected_at) as month_at, sku, coalesce(host_hash, clone_id) as host, customer_id,
  from fct_clone
  where not is_test and detected_at < (select as_of from meta)
),
overdraft as (
  select month::timestamp as month_at, sku, overdraft_seats, customers,
  from agg_compliance_month
  -- A month that begins with the as-of time has not begun.
  where overdraft_seats > 0 and month < (select as_of from meta)
),
found as (
  select month_at, sku from refusal
  union all
  select month_at, sku from clone
  union all
  select month_at, sku from overdraft
),
product as (
  select sku
  from found
  where sku is not null
  group by sku
  order by count(*) desc, sku
  limit 12
),
scope as (
  select sku, sku as scope from product
  union all
  select distinct sku, '' as scope from found
),
month as (
  select unnest(generate_series(
    greatest(
      (select min(month_at) from found),
      date_trunc('month', (select as_of from meta) - interval 23 month)
    ),
    (select as_of from meta) - interval 1 microsecond,
    interval 1 month
  )) as month_at
),
over_month as (
  select
    month_at,
    scope,
    sum(overdraft_seats)::integer as seats,
    -- Customers of two products would be added up twice; the most of one product are there for certain.
    max(customers) >= getvariable('fewest_customers') as is_told,
  from overdraft
  join scope on overdraft.sku is not distinct from scope.sku
  group by all
),
clone_month as (
  select
    month_at,
    scope,
    count(distinct host) as hosts,
    count(distinct customer_id) >= getvariable('fewest_customers') as is_told,
  from clone
  join scope on clone.sku is not distinct from scope.sku
  group by all
),
refusal_month as (
  select
    month_at,
    scope,
    rule,
    count(*) as refusals,
    count(distinct customer_id) >= getvariable('fewest_customers') as is_told,
  from refusal
  join scope on refusal.sku is not distinct from scope.sku
  group by all
),
-- One row a month of what no rule refused, be there anything of it or not; and one of each rule that refused.
row_of as (
  select
    month.month_at,
    scope.scope,
    '' as rule,
    0 as refusals,
    if(over_month.is_told is false, null, coalesce(over_month.seats, 0)) as overdraft_seats,
    if(clone_month.is_told is false, null, coalesce(clone_month.hosts, 0)) as cloned_hosts,
  from month
  cross join (select distinct scope from scope) as scope
  left join over_month
    on month.month_at = over_month.month_at and scope.scope = over_month.scope
  left join clone_month
    on month.month_at = clone_month.month_at and scope.scope = clone_month.scope
  union all
  select month_at, scope, rule, if(is_told, refusals, null), 0, 0,
  from refusal_month
  where month_at in (select month_at from month)
)
select
  row_of.month_at,
  row_of.scope as sku,
  coalesce(dim_product.name, row_of.scope) as name,
  row_of.rule,
  row_of.refusals,
  row_of.overdraft_seats,
  row_of.cloned_hosts,
from row_of
left join dim_product
  on row_of.scope = dim_product.sku
order by row_of.month_at, row_of.scope, row_of.rule
