-- Seats: who held one, on what, from when to when, and why it ended.

with bounds as (

    select
        *,
        lead(bound_at) over later as next_bound_at,
        lead(seq) over later as next_seq,

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
        bounds.*,
        grants.brand as brand,
        grants.license_model as license_model,
        grants.ends_at as term_ends_at,
        coalesce(grants.is_test, false) as is_test,
        coalesce(licenses.licenses_issued, 0) as licenses_issued,
        licenses.license_expires_at as license_expires_at,
        ends.reason as reason,
        ends.ended_at as freed_at,
        cancellations.cancelled_at as cancelled_at,
        least(ends.ended_at, bounds.next_bound_at, cancellations.cancelled_at) as ended_at,

    from bounds

    left join stg_entitlement_grants as grants
        on bounds.entitlement_id = grants.entitlement_id

    left join ends
        on bounds.activation_id = ends.activation_id
        and bounds.generation = ends.generation

    left join stg_entitlement_cancellations as cancellations
        on bounds.entitlement_id = cancellations.entitlement_id

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
    ended_at,
    case
        when ended_at is null then null
        when ended_at = freed_at then reason
        when ended_at = cancelled_at then 'entitlement_cancelled'
        else 'rehosted'
    end as end_reason,
    ended_at is null as is_bound,
    term_ends_at,
    license_expires_at,
    licenses_issued,
    is_test,
    source,
from seats
order by activation_id, generation
