-- Makes modelUtilization.arrow: seats bought, seats bound at once at the most, and seats beyond those bought, in each of the last
-- 24 months, by license model and brand. Models that count no seats are left out.
with used as (
  select
    month,
    coalesce(brand, '') as brand,
    license_model,
    any_value(metric) as metric,
    sum(seats_bought) as bought,
    sum(seats_peak) as peak,
    -- No fewer customers than this: another product may have others.
    max(customers) as customers,
  from agg_utilization_month
  where seats_bought is not null and month < (select as_of from meta) and month >= (select as_of from meta) - interval 24 month
  group by all
),
beyond as (
  select
    month,
    coalesce(brand, '') as brand,
    license_model,
    sum(overdraft_seats) as overdraft,
    max(customers) as customers,
  from agg_compliance_month
  -- Its row of overdraft seats has no rule: nobody was refused for them.
  where rule is null
  group by all
)
select
  used.month as month_at,
  'brand:' || used.brand as scope,
  used.license_model,
  used.metric,
  used.bought::double as bought,
  used.peak::double as peak,
  if(beyond.customers >= getvariable('fewest_customers'), beyond.overdraft, 0)::double as overdraft,
from used
left join beyond using (month, brand, license_model)
where used.customers >= getvariable('fewest_customers')
order by month_at, scope, bought desc, license_model
