-- Makes modelMoney.arrow: what was ordered and what was cancelled of it, by license model and currency, of each scope, in minor units.
with ordered as (
  select
    hash(sku, brand, country) as place,
    license_model,
    currency,
    hash(customer_id) as customer,
    sum(amount) as amount,
    coalesce(sum(amount) filter (where status = 'cancelled'), 0) as amount_cancelled,
    coalesce(sum(amount) filter (where ordered_at > (select as_of from meta) - interval 1 year), 0) as amount_year,
    count(*) as entitlements,
  from fct_entitlement
  where not is_test and ordered_at <= (select as_of from meta)
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
  ordered.license_model,
  ordered.currency,
  sum(ordered.amount)::double as amount,
  sum(ordered.amount_cancelled)::double as amount_cancelled,
  sum(ordered.amount_year)::double as amount_year,
  sum(ordered.entitlements)::double as entitlements,
from ordered
join place using (place)
group by place.scope, ordered.license_model, ordered.currency
having count(distinct ordered.customer) >= getvariable('fewest_customers')
qualify row_number() over (partition by place.scope, ordered.currency order by sum(ordered.amount) desc, ordered.license_model) <= 40
order by place.scope, ordered.currency, amount desc, ordered.license_model
