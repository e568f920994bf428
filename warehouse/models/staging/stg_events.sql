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

),

-- The same `id` twice is one event: a retry across shards, or telemetry that went past the ledger. It is rare, and to find
-- those few takes a tenth of the time that sorting all events by it does.
repeated as (

    select id as event_id

    from events

    where occurred_at <= getvariable('as_of')

    group by id

    having count(*) > 1

),

firsts as (

    select *

    from happened

    where event_id in (select event_id from repeated)

    qualify row_number() over (partition by event_id order by shard, seq) = 1

),

once as (

    select *

    from happened

    where event_id not in (select event_id from repeated)

    union all

    select *

    from firsts

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
from once
