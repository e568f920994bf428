-- Makes modelUse.arrow: each license model now, of each scope: entitlements, customers, seats bought and seats bound.
with held as (
  select
    hash(sku, brand, country) as place,
    license_model,
    hash(customer_id) as customer,
    any_value(license_model_name) as name,
    any_value(term) as term,
    any_value(metric) as metric,
    count(*) as sold,
    count(*) filter (where status = 'active') as active,
    coalesce(sum(quantity) filter (where status = 'active'), 0) as seats,
    coalesce(sum(seats_bound) filter (where status = 'active'), 0) as seats_bound,
  from fct_entitlement
  where not is_test
  group by all
),
place as (
  select
    hash(sku, brand, country) as place,
    unnest(scopes_of(sku, brand, country)) as scope,
  from fct_entitlement
  group by sku, brand, country
)
select
  place.scope,
  held.license_model,
  coalesce(any_value(model.name), any_value(held.name), held.license_model) as name,
  any_value(held.term) as term,
  any_value(held.metric) as metric,
  sum(held.sold)::double as sold,
  sum(held.active)::double as active,
  count(distinct held.customer) filter (where held.active > 0) as customers,
  sum(held.seats)::double as seats,
  sum(held.seats_bound)::double as seats_bound,
from held
join place using (place)
left join dim_license_model as model using (license_model)
group by place.scope, held.license_model
-- A model of so few customers may be made for one of them; and what few have in force now is theirs.
having
  count(distinct held.customer) >= getvariable('fewest_customers')
  and (sum(held.active) = 0 or count(distinct held.customer) filter (where held.active > 0) >= getvariable('fewest_customers'))
qualify row_number() over (partition by place.scope order by sum(held.active) desc, held.license_model) <= 40
order by place.scope, active desc, held.license_model
