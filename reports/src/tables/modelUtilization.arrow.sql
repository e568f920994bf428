-- Makes modelUtilization.arrow: seats bought, seats bound at once at the most, and seats beyond those bought, in each of the last
-- 24 months, by license model, of each scope but regions: its marts know no country. Models that count no seats are left out.
with product as (
  select
    sku,
    brand,
    unnest(scopes_of(sku, brand, null)) as scope,
  from agg_utilization_month
  group by sku, brand
),
used as (
  select
    used.month,
    product.scope,
    used.license_model,
    any_value(used.metric) as metric,
    sum(used.seats_bought) as bought,
    sum(used.seats_peak) as peak,
    -- No fewer customers than this: another product may have others.
    max(used.customers) as customers,
  from agg_utilization_month as used
  join product on used.sku = product.sku and used.brand is not distinct from product.brand
  where
    used.seats_bought is not null
    and used.month < (select as_of from meta)
    and used.month >= (select as_of from meta) - interval 24 month
    and not starts_with(product.scope, 'region:')
  group by used.month, product.scope, used.license_model
),
beyond as (
  select
    beyond.month,
    product.scope,
    beyond.license_model,
    sum(beyond.overdraft_seats) as overdraft,
    max(beyond.customers) as customers,
  from agg_compliance_month as beyond
  join product on beyond.sku = product.sku and beyond.brand is not distinct from product.brand
  -- Its row of overdraft seats has no rule: nobody was refused for them.
  where beyond.rule is null
  group by all
)
select
  used.month as month_at,
  used.scope,
  used.license_model,
  used.metric,
  used.bought::double as bought,
  used.peak::double as peak,
  if(beyond.customers >= getvariable('fewest_customers'), beyond.overdraft, 0)::double as overdraft,
from used
left join beyond using (month, scope, license_model)
where used.customers >= getvariable('fewest_customers')
order by month_at, scope, bought desc, license_model
