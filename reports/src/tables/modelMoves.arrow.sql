-- Makes modelMoves.arrow: renewals and upgrades of the last two years, by the license model before and after. The thirty most
-- frequent pairs of each.
with change as (
  select
    history.event_type,
    history.occurred_at,
    coalesce(history.present_customer_id, history.customer_id) as customer_id,
    history.quantity_after as quantity,
    -- Only these change a license model, so what stood at the one before stands here.
    lag(history.license_model) over (partition by history.entitlement_id order by history.change_number) as from_model,
    history.license_model as to_model,
    history.occurred_at > (select as_of from meta) - interval 1 year as is_last_year,
  from entitlement_history as history
  where
    not history.is_test
    and history.event_type in ('entitlement.granted', 'entitlement.renewed', 'entitlement.upgraded')
    and history.occurred_at <= (select as_of from meta)
),
move as (
  select
    if(event_type = 'entitlement.renewed', 'renewal', 'upgrade') as occasion,
    from_model,
    to_model,
    count(*) as entitlements,
    count(*) filter (where is_last_year) as entitlements_year,
    sum(quantity)::double as seats,
    count(distinct customer_id) as customers,
    count(distinct customer_id) filter (where is_last_year) as customers_year,
  from change
  where
    event_type <> 'entitlement.granted'
    and from_model is not null
    and occurred_at > (select as_of from meta) - interval 2 year
  group by all
)
select
  occasion,
  from_model,
  to_model,
  entitlements,
  -- Of a year in which too few did it nothing is told, beside that it was little.
  if(customers_year < getvariable('fewest_customers'), 0, entitlements_year) as entitlements_year,
  seats,
from move
where customers >= getvariable('fewest_customers')
qualify row_number() over (partition by occasion order by entitlements desc, from_model, to_model) <= 30
order by occasion, entitlements desc, from_model, to_model
