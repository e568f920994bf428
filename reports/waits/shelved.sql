-- What was paid for, waited for 30 days, is in force, and was never activated: a row for each scope and period that it is in.
with shelf as (
  select
    unnest(['', waiting.brand_scope, waiting.product_scope, waiting.region_scope]) as scope,
    waiting.months,
    shelf.*,
  from fct_shelfware as shelf
  join waits.waiting as waiting using (entitlement_id)
  where not shelf.is_test and shelf.is_open
)
select
  shelf.scope,
  period.period,
  shelf.currency,
  shelf.entitlement_id,
  shelf.customer_id,
  shelf.sku,
  shelf.product_name,
  shelf.license_model,
  shelf.quantity,
  shelf.amount,
  shelf.delivered_at,
  shelf.days_unused,
from shelf
join waits.period as period on shelf.months <= period.months
where shelf.scope is not null
