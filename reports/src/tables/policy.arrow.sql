-- Makes policy.arrow: what license policies let through and turned away in the year before the as-of time, by price band, of all
-- products and of each; of what was turned away also by reason. Seat-years are what all of it is related to.
with entitlement as (
  select
    entitlement_id,
    coalesce(price_band, '') as price_band,
  from fct_entitlement
  where not is_test and term <> 'trial'
),
seat as (
  select
    activation.*,
    entitlement.price_band,
    greatest(0, epoch(
      greatest(bound_at, least(ended_at, term_ends_at, (select as_of from meta)))
      - greatest(bound_at, (select as_of from meta) - interval 1 year)
    )) / (365.25 * 86400) as seat_years,
  from fct_activation as activation
  join entitlement using (entitlement_id)
),
-- What a computer got: a seat or a license that was lent; or, where it asked for no more, a new license for its seat.
got as (
  select sku, coalesce(host_hash, entitlement_id) as holder, false as is_refresh, bound_at as got_at from seat
  union all
  select sku, coalesce(host_hash, entitlement_id), false, not_before_at from fct_temporary_license
  union all
  select seat.sku, coalesce(seat.host_hash, seat.entitlement_id), true, issued.occurred_at
  from entitlement_history as issued
  join seat using (activation_id)
  where issued.event_type = 'license.issued'
),
refusal as (
  select
    refusal.*,
    entitlement.price_band as band,
    coalesce(refusal.host_hash, refusal.entitlement_id) as holder,
    lag(refusal.refused_at) over (
      partition by refusal.entitlement_id, refusal.host_hash, refusal.request, refusal.rule
      order by refusal.refused_at, refusal.refusal_id
    ) as refused_before_at,
  from fct_refusal as refusal
  join entitlement using (entitlement_id)
  -- Giving a seat back keeps nobody from working.
  where refusal.request not in ('return', 'release') and refusal.sku is not null
),
-- A client that tries again is one customer who waits: it counts once, unless a week lies between.
turned_away as (
  select *
  from refusal
  where refused_before_at is null or refused_before_at < refused_at - interval 7 day
),
event as (
  select sku, price_band, customer_id, bound_at as happened_at, bind_reason as measure, '' as rule, '' as code, null as got_at,
  from seat
  where bind_reason in ('rehosted', 'repaired')
  union all
  select lent.sku, entitlement.price_band, lent.customer_id, lent.not_before_at, 'lent', '', '', null,
  from fct_temporary_license as lent
  join entitlement using (entitlement_id)
  union all
  select clone.sku, entitlement.price_band, clone.customer_id, clone.detected_at, 'cloned', '', '', null,
  from fct_clone as clone
  join entitlement using (entitlement_id)
  union all
  select history.sku, entitlement.price_band, history.customer_id, history.occurred_at, 'overridden', '', '', null,
  from entitlement_history as history
  join entitlement using (entitlement_id)
  where history.event_type = 'entitlement.policy_overridden'
  union all
  select
    turned_away.sku, turned_away.band, turned_away.customer_id, turned_away.refused_at, 'turned_away',
    coalesce(turned_away.rule, ''), turned_away.code, got.got_at,
  from turned_away
  -- What it got next.
  asof left join got
    on turned_away.sku = got.sku
    and turned_away.holder = got.holder
    and (turned_away.request = 'refresh') = got.is_refresh
    and turned_away.refused_at <= got.got_at
),
product as (
  select sku
  from seat
  group by sku
  order by sum(seat_years) desc, sku
  limit 12
),
scope as (
  select sku, sku as scope from product
  union all
  select distinct sku, '' as scope from seat
),
-- Bands in which there was a seat to be turned away from, and enough customers to be told of.
band as (
  select
    scope.scope,
    seat.price_band,
    -- Sums of many parts differ in their last digits by the order in which threads come to them.
    round(sum(seat.seat_years), 3) as seat_years,
    count(distinct seat.customer_id) as customers,
  from seat
  join scope using (sku)
  where seat.seat_years > 0
  group by all
  having count(distinct seat.customer_id) >= getvariable('fewest_customers')
),
reason as (
  select
    scope.scope,
    event.price_band,
    event.measure,
    event.rule,
    event.code,
    grouping(event.code) = 1 as is_total,
    count(*) as events,
    count(*) filter (where event.got_at <= event.happened_at + interval 7 day) as got_within_week,
    -- Those whose week is not over, and who have nothing yet.
    count(*) filter (
      where event.happened_at > (select as_of from meta) - interval 7 day
        and (event.got_at is null or event.got_at > (select as_of from meta))
    ) as undecided,
    count(distinct event.customer_id) as customers,
  from event
  join scope using (sku)
  where event.happened_at > (select as_of from meta) - interval 1 year and event.happened_at <= (select as_of from meta)
  group by grouping sets (
    (scope.scope, event.price_band, event.measure),
    (scope.scope, event.price_band, event.measure, event.rule, event.code)
  )
),
measure as (
  select unnest(['turned_away', 'rehosted', 'repaired', 'lent', 'overridden', 'cloned']) as measure
)
-- Each measure of each band: nothing where nothing happened, null where it concerned too few customers to be told.
select
  band.scope as sku,
  coalesce(dim_product.name, band.scope) as name,
  band.price_band,
  measure.measure,
  '' as code,
  band.seat_years,
  band.customers as band_customers,
  if(coalesce(reason.customers, 0) between 1 and getvariable('fewest_customers') - 1, null, coalesce(reason.events, 0)) as events,
  if(coalesce(reason.customers, 0) between 1 and getvariable('fewest_customers') - 1, null, coalesce(reason.got_within_week, 0))
    as got_within_week,
  if(coalesce(reason.customers, 0) between 1 and getvariable('fewest_customers') - 1, null, coalesce(reason.undecided, 0))
    as undecided,
from band
cross join measure
left join reason
  on band.scope = reason.scope and band.price_band = reason.price_band and measure.measure = reason.measure and reason.is_total
left join dim_product
  on band.scope = dim_product.sku
union all
-- The reasons of what was turned away; those that few customers met, together, and left out where these are few as well.
select
  band.scope as sku,
  coalesce(dim_product.name, band.scope) as name,
  band.price_band,
  'turned_away' as measure,
  if(reason.customers < getvariable('fewest_customers'), 'few', reason.code) as code,
  band.seat_years,
  band.customers as band_customers,
  sum(reason.events)::integer as events,
  sum(reason.got_within_week)::integer as got_within_week,
  sum(reason.undecided)::integer as undecided,
from band
join reason
  on band.scope = reason.scope and band.price_band = reason.price_band and not reason.is_total and reason.measure = 'turned_away'
left join dim_product
  on band.scope = dim_product.sku
group by all
having sum(reason.customers) >= getvariable('fewest_customers')
order by sku, band_customers, price_band, measure, code
