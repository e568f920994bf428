-- Makes modelMoney.arrow: what was ordered and what was cancelled of it, by license model and currency, in minor units.
select
  license_model,
  currency,
  sum(amount)::double as amount,
  coalesce(sum(amount) filter (where status = 'cancelled'), 0)::double as amount_cancelled,
  coalesce(sum(amount) filter (where ordered_at > (select as_of from meta) - interval 1 year), 0)::double as amount_year,
  count(*) as entitlements,
from fct_entitlement
where not is_test and ordered_at <= (select as_of from meta)
group by license_model, currency
having count(distinct customer_id) >= getvariable('fewest_customers')
order by currency, amount desc, license_model
