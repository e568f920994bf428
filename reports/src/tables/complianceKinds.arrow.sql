-- Makes complianceKinds.arrow: which products and license models it concerns, by scope: seats beyond those bought now, hosts that
-- showed a copied license and refused requests in the year before the as-of time. What few customers did is told together.
with year as (
  select as_of, as_of - interval 1 year as began_at from meta
),
finding as (
  select 'overdraft' as measure, sku, brand, country, license_model, customer_id, null as host, sum(seats_bound - quantity) as value,
  from fct_entitlement
  where not is_test and status = 'active' and seats_bound > quantity and metric not in ('site', 'metered')
  group by all
  union all
  select
    'clones', clone.sku, clone.brand, entitlement.country, clone.license_model, clone.customer_id,
    coalesce(clone.host_hash, clone.clone_id), 1,
  from fct_clone as clone
  left join fct_entitlement as entitlement using (entitlement_id)
  where not clone.is_test and clone.detected_at <= (select as_of from year) and clone.detected_at > (select began_at from year)
  group by all
  union all
  select
    'refusals', refusal.sku, refusal.brand, entitlement.country, refusal.license_model, coalesce(refusal.customer_id, ''), null, count(*),
  from fct_refusal as refusal
  left join fct_entitlement as entitlement using (entitlement_id)
  where not refusal.is_test and refusal.refused_at <= (select as_of from year) and refusal.refused_at > (select began_at from year)
  group by all
),
scoped as (
  select * exclude (scopes, of_kind), of_kind.dimension as dimension, of_kind.id as id, unnest(scopes) as scope,
  from (
    select
      measure,
      scopes_of(sku, brand, country) as scopes,
      unnest([{'dimension': 'product', 'id': sku}, {'dimension': 'model', 'id': license_model}]) as of_kind,
      customer_id,
      host,
      value,
    from finding
  )
),
cell as (
  select
    scope,
    measure,
    dimension,
    id,
    list(distinct customer_id) as who,
    -- Each host once, whoever's it was.
    if(measure = 'clones', count(distinct host), sum(value)) as total,
  from scoped
  where id is not null
  group by scope, measure, dimension, id
),
ranked as (
  select
    *,
    row_number() over (partition by scope, measure, dimension order by total desc, id) > 12 as is_rest,
  from cell
),
named as (
  select
    ranked.scope,
    ranked.measure,
    ranked.dimension,
    ranked.id,
    coalesce(product.name, model.name, ranked.id) as name,
    folds(ranked.is_rest, ranked.who, ranked.id, ranked.scope || ' ' || ranked.measure || ' ' || ranked.dimension) as is_other,
  from ranked
  left join dim_product as product
    on ranked.dimension = 'product' and ranked.id = product.sku
  left join dim_license_model as model
    on ranked.dimension = 'model' and ranked.id = model.license_model
)
select
  scope,
  measure,
  dimension,
  named.is_other,
  if(named.is_other, 'Others', named.name) as name,
  if(measure = 'clones', count(distinct scoped.host), sum(scoped.value))::integer as total,
  count(distinct scoped.customer_id)::integer as customers,
from scoped
join named using (scope, measure, dimension, id)
group by scope, measure, dimension, named.is_other, if(named.is_other, 'Others', named.name)
having count(distinct scoped.customer_id) >= getvariable('fewest_customers')
order by scope, measure, dimension, named.is_other, total desc, name
