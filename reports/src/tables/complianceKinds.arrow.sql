-- Makes complianceKinds.arrow: which products and license models it concerns: seats beyond those bought now, hosts that showed a
-- copied license and refused requests in the year before the as-of time. What few customers did is told together, or left out.
with finding as (
  select sku, license_model, 'overdraft' as measure, entitlement_id as counted, seats_bound - quantity as value, customer_id,
  from fct_entitlement
  where not is_test and status = 'active' and seats_bound > quantity and metric not in ('site', 'metered')
  union all
  select sku, license_model, 'clones', coalesce(host_hash, clone_id), 1, customer_id,
  from fct_clone
  where not is_test and detected_at <= (select as_of from meta) and detected_at > (select as_of from meta) - interval 1 year
  union all
  select sku, license_model, 'refusals', refusal_id, 1, customer_id,
  from fct_refusal
  where not is_test and refused_at <= (select as_of from meta) and refused_at > (select as_of from meta) - interval 1 year
),
kind as (
  select measure, 'product' as dimension, sku as id, counted, max(value) as value, any_value(customer_id) as customer_id,
  from finding
  where sku is not null
  group by all
  union all
  select measure, 'model', license_model, counted, max(value), any_value(customer_id),
  from finding
  where license_model is not null
  group by all
),
named as (
  select
    kind.measure,
    kind.dimension,
    kind.id,
    coalesce(any_value(product.name), any_value(model.name), kind.id) as name,
    count(distinct kind.customer_id) < getvariable('fewest_customers')
      or row_number() over (partition by kind.measure, kind.dimension order by sum(kind.value) desc, kind.id) > 12 as is_other,
  from kind
  left join dim_product as product
    on kind.dimension = 'product' and kind.id = product.sku
  left join dim_license_model as model
    on kind.dimension = 'model' and kind.id = model.license_model
  group by kind.measure, kind.dimension, kind.id
)
select
  measure,
  dimension,
  named.is_other,
  if(named.is_other, 'Others', named.name) as name,
  sum(kind.value)::integer as total,
  count(distinct kind.customer_id) as customers,
from kind
join named using (measure, dimension, id)
group by all
having count(distinct kind.customer_id) >= getvariable('fewest_customers')
order by measure, dimension, named.is_other, total desc, name
