-- Makes modelMonths.arrow: entitlements in force at the end of each of the last 24 months, and sold in it, by license model.
select
  month as month_at,
  license_model,
  sum(entitlements_active)::double as active,
  sum(entitlements_sold)::double as sold,
from agg_license_model_month
where
  -- A month that begins with the as-of time has not begun.
  month < (select as_of from meta)
  and month >= (select as_of from meta) - interval 24 month
  and license_model in (
    select license_model
    from fct_entitlement
    where not is_test
    group by license_model
    having count(distinct customer_id) >= getvariable('fewest_customers')
  )
group by month, license_model
order by month, license_model
