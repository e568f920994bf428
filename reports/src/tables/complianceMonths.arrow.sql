-- Makes complianceMonths.arrow: seats beyond those bought, hosts that showed a copied license, and requests that each rule
-- refused, by month, of all products and of each. What concerned few customers is null.
with finding as (
  select
    month::timestamp as month_at,
    sku,
    coalesce(rule, '') as rule,
    refusals,
    overdraft_seats,
    cloned_hosts,
    customers,
  from agg_compliance_month
  where month < (select as_of from meta) and month >= (select as_of from meta) - interval 24 month
),
product as (
  select sku
  from finding
  where sku is not null
  group by sku
  order by sum(refusals) + sum(overdraft_seats) + sum(cloned_hosts) desc, sku
  limit 12
),
scope as (
  select sku, sku as scope from product
  union all
  select distinct sku, '' as scope from finding
)
select
  finding.month_at,
  scope.scope as sku,
  coalesce(dim_product.name, scope.scope) as name,
  finding.rule,
  -- Customers of two products would be added up twice; the most of one product are there for certain.
  if(max(finding.customers) < getvariable('fewest_customers'), null, sum(finding.refusals)::integer) as refusals,
  if(max(finding.customers) < getvariable('fewest_customers'), null, sum(finding.overdraft_seats)::integer) as overdraft_seats,
  if(max(finding.customers) < getvariable('fewest_customers'), null, sum(finding.cloned_hosts)::integer) as cloned_hosts,
from finding
join scope
  on finding.sku is not distinct from scope.sku
left join dim_product
  on scope.scope = dim_product.sku
group by all
order by finding.month_at, scope.scope, finding.rule
