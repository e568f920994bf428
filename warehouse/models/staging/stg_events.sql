-- Events that had happened by the as-of time.

with happened as (

    select
        id as event_id,
        type as event_type,
        source,
        occurred_at,
        recorded_at,
        shard,
        seq,
        customer_id,
        order_id,
        entitlement_id,
        activation_id,
        license_id,
        sku,
        data,

    from events

    where occurred_at <= getvariable('as_of')

)

select
    event_id,
    event_type,
    source,
    occurred_at,
    recorded_at,
    shard,
    seq,
    customer_id,
    order_id,
    entitlement_id,
    activation_id,
    license_id,
    sku,
    data,
from happened
-- The same `id` twice is one event: a retry across shards, or telemetry that went past the ledger.
qualify row_number() over (partition by event_id order by shard, seq) = 1
order by shard, seq
