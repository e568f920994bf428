-- Events that had happened by the as-of time, each once, but those of orders that count as if they had never been.

select
    events.id as event_id,
    events.type as event_type,
    events.source as source,
    events.occurred_at as occurred_at,
    events.recorded_at as recorded_at,
    events.shard as shard,
    events.seq as seq,
    events.customer_id as customer_id,
    events.order_id as order_id,
    events.entitlement_id as entitlement_id,
    events.activation_id as activation_id,
    events.license_id as license_id,
    events.sku as sku,
    events.data as data,
from events
anti join int_taken_back_order as taken_back
    on events.order_id = taken_back.order_id
where events.occurred_at <= getvariable('as_of')
    and not exists (
        select 1
        from int_repeated_event as repeated
        where repeated.shard = events.shard and repeated.seq = events.seq
    )
