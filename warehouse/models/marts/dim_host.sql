-- Hosts by their keyed hash: when each was heard of, and what it ran last.

with seen as (

    select
        *,
        -- By (time, activation): of two products at one instant the same is taken, however often it is computed.
        row_number() over (
            partition by host_hash order by last_heard_at desc, activation_id, entitlement_id, sku
        ) = 1 as is_last,

    from int_seat_day

    where host_hash is not null

)

select
    host_hash,
    min(first_heard_at) as first_seen_at,
    max(last_heard_at) as last_seen_at,
    count(distinct date) as days_seen,
    count(distinct sku) as products,
    count(distinct customer_id) as customers,
    any_value(customer_id) filter (where is_last) as customer_id,
    any_value(os_type) filter (where is_last) as os_type,
    any_value(os_version) filter (where is_last) as os_version,
    any_value(arch) filter (where is_last) as arch,
    any_value(app_version) filter (where is_last) as app_version,
    bool_and(is_test) as is_test,
from seen
group by host_hash
order by host_hash
