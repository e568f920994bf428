-- Makes modelUse.arrow: each license model now: entitlements, customers, seats bought and seats bound.
select
  entitlement.license_model,
  coalesce(any_value(model.name), any_value(entitlement.license_model_name), entitlement.license_model) as name,
  any_value(entitlement.term) as term,
  any_value(entitlement.metric) as metric,
  count(*) as sold,
  count(*) filter (where entitlement.status = 'active') as active,
  count(distinct entitlement.customer_id) filter (where entitlement.status = 'active') as customers,
  coalesce(sum(entitlement.quantity) filter (where entitlement.status = 'active'), 0)::double as seats,
  coalesce(sum(entitlement.seats_bound) filter (where entitlement.status = 'active'), 0)::double as seats_bound,
from fct_entitlement as entitlement
left join dim_license_model as model using (license_model)
where not entitlement.is_test
group by entitlement.license_model
-- A model of so few customers may be made for one of them.
having count(distinct entitlement.customer_id) >= getvariable('fewest_customers')
order by active desc, entitlement.license_model
limit 200
