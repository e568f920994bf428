-- Copies that showed themselves: a license came back from a host which its seat had left.

select
    clones.clone_id as clone_id,
    clones.activation_id as activation_id,
    clones.entitlement_id as entitlement_id,
    clones.order_id as order_id,
    coalesce(states.customer_id, clones.customer_id) as customer_id,
    coalesce(states.sku, clones.sku) as sku,
    states.brand as brand,
    states.license_model as license_model,
    states.price_band as price_band,
    states.channel as channel,
    clones.detected_at as detected_at,
    clones.presented_generation as presented_generation,
    clones.generation as generation,
    clones.host_hash as host_hash,
    -- The copy may be on the host that the seat left, or on a third one.
    clones.host_hash = seats.host_hash as is_on_left_host,
    seats.ended_at as seat_left_at,
    days_between(seats.ended_at, clones.detected_at) as days_since_left,
    coalesce(states.is_test, false) as is_test,
    clones.source as source,
from stg_clones as clones
left join fct_activation as seats
    on clones.activation_id = seats.activation_id
    and clones.presented_generation = seats.generation
left join int_entitlement_state as states
    on clones.entitlement_id = states.entitlement_id
    and states.stood_from_at <= clones.detected_at
    and states.stood_until_at > clones.detected_at
order by clone_id
