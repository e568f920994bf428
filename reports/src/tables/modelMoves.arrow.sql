-- Makes modelMoves.arrow: renewals and upgrades of the last two years, by the license model before and after, of each scope. The
-- thirty most frequent pairs of each.
with change as (
  select
    history.entitlement_id,
    history.event_type,
    history.occurred_at,
    hash(coalesce(history.present_customer_id, history.customer_id)) as customer,
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
moved as (
  select
    hash(entitlement.sku, entitlement.brand, entitlement.country) as place,
    if(change.event_type = 'entitlement.renewed', 'renewal', 'upgrade') as occasion,
    change.from_model,
    change.to_model,
    change.customer,
    change.is_last_year,
    count(*) as entitlements,
    sum(change.quantity) as seats,
  from change
  join fct_entitlement as entitlement using (entitlement_id)
  where
    change.event_type <> 'entitlement.granted'
    and change.from_model is not null
    and change.occurred_at > (select as_of from meta) - interval 2 year
  group by all
),
place as (
  select
    hash(sku, brand, country) as place,
    unnest(scopes_of(sku, brand, country)) as scope,
  from fct_entitlement
  group by sku, brand, country
),
move as (
  select
    place.scope,
    moved.occasion,
    moved.from_model,
    moved.to_model,
    sum(moved.entitlements)::double as entitlements,
    coalesce(sum(moved.entitlements) filter (where moved.is_last_year), 0)::double as entitlements_year,
    sum(moved.seats)::double as seats,
    count(distinct moved.customer) as customers,
    count(distinct moved.customer) filter (where moved.is_last_year) as customers_year,
  from moved
  join place using (place)
  group by all
)
select
  scope,
  occasion,
  from_model,
  to_model,
  entitlements,
  -- Of a year in which too few did it nothing is told, beside that it was little.
  if(customers_year < getvariable('fewest_customers'), 0, entitlements_year) as entitlements_year,
  seats,
from move
where customers >= getvariable('fewest_customers')
qualify row_number() over (partition by scope, occasion order by entitlements desc, from_model, to_model) <= 30
order by scope, occasion, entitlements desc, from_model, to_model
