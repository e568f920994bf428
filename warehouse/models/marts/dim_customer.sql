-- Customers: the newest profile of each, and those who are known by their events only.

with seen as (

    select
        customer_id,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at,

    from (
        select customer_id, occurred_at as seen_at from stg_events where event_type <> 'use.observed'
        union all
        -- Less what an import told that was taken back.
        select customer_id, observed_at as seen_at from fct_floating_use
    ) as sightings

    where customer_id is not null

    group by all

),

ordered as (

    select
        customer_id,
        max_by(country, ordered_at) filter (where country is not null) as country,
        min(ordered_at) filter (where not is_test) as first_ordered_at,
        max(ordered_at) filter (where not is_test) as last_ordered_at,
        count(distinct order_id) filter (where not is_test) as orders,

    from fct_order_line

    where kind = 'sale'

    group by all

),

held as (

    select
        customer_id,
        count(*) filter (where not is_test) as entitlements,

    from int_entitlement_state

    where next_changed_at is null

    group by all

),

customers as (

    select customer_id from seen
    union
    select customer_id from profiles

)

select
    customers.customer_id as customer_id,
    profiles.name as name,
    profiles.email as email,
    coalesce(profiles.country, ordered.country) as country,
    profiles.customer_id is not null as has_profile,
    seen.first_seen_at as first_seen_at,
    seen.last_seen_at as last_seen_at,
    ordered.first_ordered_at as first_ordered_at,
    ordered.last_ordered_at as last_ordered_at,
    coalesce(ordered.orders, 0) as orders,
    coalesce(held.entitlements, 0) as entitlements,
from customers
left join profiles
    on customers.customer_id = profiles.customer_id
left join seen
    on customers.customer_id = seen.customer_id
left join ordered
    on customers.customer_id = ordered.customer_id
left join held
    on customers.customer_id = held.customer_id
order by customer_id
