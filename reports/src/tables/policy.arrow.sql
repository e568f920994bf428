-- Makes policy.arrow: what license policies let through and turned away in the year before the as-of time, by scope and price
-- band; of what was turned away also by reason. Seat-years are what all of it is related to.
with year as (
  select as_of, as_of - interval 1 year as began_at from meta
),
entitlement as (
  select
    entitlement_id,
    coalesce(brand, '') as brand,
    coalesce(country, '') as country,
    coalesce(price_band, '') as price_band,
  from fct_entitlement
  where not is_test and term <> 'trial'
),
seat as materialized (
  select
    activation.activation_id,
    activation.entitlement_id,
    activation.sku,
    activation.customer_id,
    coalesce(activation.host_hash, activation.entitlement_id) as holder,
    activation.bound_at,
    activation.bind_reason,
    greatest(0, epoch(
      greatest(bound_at, least(ended_at, term_ends_at, (select as_of from year)))
      - greatest(bound_at, (select began_at from year))
    )) / (365.25 * 86400) as seat_years,
  from fct_activation as activation
  -- What ended before the year held no seat in it, and got nobody anything in it.
  where bound_at <= (select as_of from year) and (ended_at is null or ended_at > (select began_at from year))
),
refusal as (
  select
    refusal.*,
    coalesce(refusal.host_hash, refusal.entitlement_id) as holder,
    lag(refusal.refused_at) over (
      partition by refusal.entitlement_id, refusal.host_hash, refusal.request, refusal.rule
      order by refusal.refused_at, refusal.refusal_id
    ) as refused_before_at,
  from fct_refusal as refusal
  -- Giving a seat back keeps nobody from working.
  where refusal.request not in ('return', 'release') and refusal.sku is not null
),
-- A client that tries again is one customer who waits: it counts once, unless a week lies between.
turned_away as materialized (
  select *
  from refusal
  where
    (refused_before_at is null or refused_before_at < refused_at - interval 7 day)
    and refused_at > (select began_at from year)
    and refused_at <= (select as_of from year)
),
-- The history is by far the largest: it is read once, and of it the two kinds of event that no other table tells.
history as materialized (
  select event_type, entitlement_id, activation_id, sku, customer_id, occurred_at,
  from entitlement_history
  where
    event_type in ('license.issued', 'entitlement.policy_overridden')
    and occurred_at > (select began_at from year)
    -- Of licenses those alone of computers that were refused one.
    and (
      event_type <> 'license.issued'
      or activation_id in (
        select activation_id from seat where holder in (select holder from turned_away where request = 'refresh')
      )
    )
),
-- What a computer got: a seat or a license that was lent; or, where it asked for no more, a new license for its seat.
got as (
  select sku, holder, false as is_refresh, bound_at as got_at
  from seat
  where holder in (select holder from turned_away)
  union all
  select sku, coalesce(host_hash, entitlement_id), false, not_before_at
  from fct_temporary_license
  where coalesce(host_hash, entitlement_id) in (select holder from turned_away)
  union all
  select seat.sku, seat.holder, true, history.occurred_at
  from history
  join seat using (activation_id)
  where history.event_type = 'license.issued'
),
event as (
  select entitlement_id, sku, customer_id, bound_at as happened_at, bind_reason as measure, '' as rule, '' as code, null as got_at,
  from seat
  where bind_reason in ('rehosted', 'repaired')
  union all
  select entitlement_id, sku, customer_id, not_before_at, 'lent', '', '', null,
  from fct_temporary_license
  union all
  select entitlement_id, sku, customer_id, detected_at, 'cloned', '', '', null,
  from fct_clone
  union all
  select entitlement_id, sku, customer_id, occurred_at, 'overridden', '', '', null,
  from history
  where event_type = 'entitlement.policy_overridden'
  union all
  select
    turned_away.entitlement_id, turned_away.sku, turned_away.customer_id, turned_away.refused_at, 'turned_away',
    coalesce(turned_away.rule, ''), turned_away.code, got.got_at,
  from turned_away
  -- What it got next.
  asof left join got
    on turned_away.sku = got.sku
    and turned_away.holder = got.holder
    and (turned_away.request = 'refresh') = got.is_refresh
    and turned_away.refused_at <= got.got_at
),
customer_band as materialized (
  select
    seat.sku,
    entitlement.brand,
    entitlement.country,
    entitlement.price_band,
    seat.customer_id,
    sum(seat.seat_years) as seat_years,
  from seat
  join entitlement using (entitlement_id)
  where seat.seat_years > 0
  group by all
),
customer_event as materialized (
  select
    event.sku,
    entitlement.brand,
    entitlement.country,
    entitlement.price_band,
    event.measure,
    event.rule,
    event.code,
    event.customer_id,
    count(*) as events,
    count(*) filter (where event.got_at <= event.happened_at + interval 7 day) as got_within_week,
    -- Those whose week is not over, and who have nothing yet.
    count(*) filter (
      where event.happened_at > (select as_of from year) - interval 7 day
        and (event.got_at is null or event.got_at > (select as_of from year))
    ) as undecided,
  from event
  join entitlement using (entitlement_id)
  where event.happened_at > (select began_at from year) and event.happened_at <= (select as_of from year)
  group by all
),
-- Which scopes each is in: worked out for what few there are of these, not for each customer.
place as (
  select sku, brand, country, unnest(scopes_of(sku, brand, country)) as scope,
  from (select sku, brand, country from customer_band union select sku, brand, country from customer_event)
),
-- Bands in which there was a seat to be turned away from, and enough customers to be told of.
band as (
  select
    place.scope,
    customer_band.price_band,
    -- Sums of many parts differ in their last digits by the order in which threads come to them.
    round(sum(customer_band.seat_years), 3) as seat_years,
    count(distinct customer_band.customer_id) as customers,
  from customer_band
  join place using (sku, brand, country)
  group by all
  having count(distinct customer_band.customer_id) >= getvariable('fewest_customers')
),
reason as (
  select
    place.scope,
    customer_event.price_band,
    customer_event.measure,
    customer_event.rule,
    customer_event.code,
    grouping(customer_event.code) = 1 as is_total,
    sum(customer_event.events) as events,
    sum(customer_event.got_within_week) as got_within_week,
    sum(customer_event.undecided) as undecided,
    list(distinct customer_event.customer_id) as who,
  from customer_event
  join place using (sku, brand, country)
  group by grouping sets (
    (place.scope, customer_event.price_band, customer_event.measure),
    (place.scope, customer_event.price_band, customer_event.measure, customer_event.rule, customer_event.code)
  )
),
folded as (
  select
    *,
    folds(false, who, rule || ' ' || code, scope || ' ' || price_band) as is_folded,
  from reason
  where measure = 'turned_away' and not is_total
),
measure as (
  select unnest(['turned_away', 'rehosted', 'repaired', 'lent', 'overridden', 'cloned']) as measure
)
-- Each measure of each band: nothing where nothing happened, null where it concerned too few customers to be told.
select
  band.scope,
  band.price_band,
  measure.measure,
  '' as code,
  band.seat_years,
  band.customers as band_customers,
  if(coalesce(len(reason.who), 0) between 1 and getvariable('fewest_customers') - 1, null, coalesce(reason.events, 0))::integer
    as events,
  if(coalesce(len(reason.who), 0) between 1 and getvariable('fewest_customers') - 1, null, coalesce(reason.got_within_week, 0))::integer
    as got_within_week,
  if(coalesce(len(reason.who), 0) between 1 and getvariable('fewest_customers') - 1, null, coalesce(reason.undecided, 0))::integer
    as undecided,
from band
cross join measure
left join reason
  on band.scope = reason.scope and band.price_band = reason.price_band and measure.measure = reason.measure and reason.is_total
union all
-- The reasons of what was turned away; those that few customers met, together, and left out where these are few as well.
select
  band.scope,
  band.price_band,
  'turned_away' as measure,
  if(folded.is_folded, 'few', folded.code) as code,
  band.seat_years,
  band.customers as band_customers,
  sum(folded.events)::integer as events,
  sum(folded.got_within_week)::integer as got_within_week,
  sum(folded.undecided)::integer as undecided,
from band
join folded
  on band.scope = folded.scope and band.price_band = folded.price_band
group by all
having is_told(folded.who)
order by scope, band_customers, price_band, measure, code
