-- Seats: who held one, on what, from when to when, and why it ended.

with bounds as (

    select
        *,
        lead(bound_at) over later as next_bound_at,
        lead(seq) over later as next_seq,
        lead(reason) over later as next_reason,

    from stg_activation_bounds

    window later as (partition by activation_id order by generation)

),

-- A seat ends by the first end that was recorded after it was bound and before its next generation.
ends as (

    select
        bounds.activation_id as activation_id,
        bounds.generation as generation,
        min_by(activation_ends.ended_at, activation_ends.seq) as ended_at,
        min_by(activation_ends.reason, activation_ends.seq) as reason,

    from bounds

    inner join stg_activation_ends as activation_ends
        on bounds.activation_id = activation_ends.activation_id
        and bounds.seq < activation_ends.seq
        and (bounds.next_seq is null or activation_ends.seq < bounds.next_seq)

    group by all

),

licenses as (

    select
        activation_id,
        generation,
        count(*) as licenses_issued,
        max_by(expires_at, seq) as license_expires_at,

    from stg_licenses

    group by all

),

seats as (

    select
        bounds.* replace (
            -- Whose it was and what for when the seat was bound; a transfer or an upgrade since then does not change that.
            coalesce(states.customer_id, bounds.customer_id) as customer_id,
            coalesce(states.sku, bounds.sku) as sku
        ),
        states.brand as brand,
        states.license_model as license_model,
        present.ends_at as term_ends_at,
        coalesce(present.is_test, false) as is_test,
        coalesce(licenses.licenses_issued, 0) as licenses_issued,
        licenses.license_expires_at as license_expires_at,
        ends.reason as freed_reason,
        ends.ended_at as freed_at,
        present.cancelled_at as cancelled_at,
        least(ends.ended_at, bounds.next_bound_at, present.cancelled_at) as ended_at,

    from bounds

    left join int_entitlement_state as states
        on bounds.entitlement_id = states.entitlement_id
        and states.stood_from_at <= bounds.bound_at
        and states.stood_until_at > bounds.bound_at

    left join int_entitlement_state as present
        on bounds.entitlement_id = present.entitlement_id
        and present.next_changed_at is null

    left join ends
        on bounds.activation_id = ends.activation_id
        and bounds.generation = ends.generation

    left join licenses
        on bounds.activation_id = licenses.activation_id
        and bounds.generation = licenses.generation

)

select
    activation_id,
    generation,
    entitlement_id,
    order_id,
    customer_id,
    sku,
    brand,
    license_model,
    host_hash,
    user_hash,
    os_type,
    os_version,
    arch,
    app_version,
    os_type_raw,
    arch_raw,
    bound_at,
    reason as bind_reason,
    ended_at,
    case
        when ended_at is null then null
        when ended_at = freed_at then freed_reason
        when ended_at = cancelled_at then 'entitlement_cancelled'
        else next_reason
    end as end_reason,
    ended_at is null as is_bound,
    term_ends_at,
    license_expires_at,
    licenses_issued,
    is_test,
    source,
from seats
order by activation_id, generation
