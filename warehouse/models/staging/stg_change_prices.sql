-- What was paid for changes of entitlements; a change of which no price was told is not here.

with changes as (

    select
        event_id,
        event_type,
        order_id,
        entitlement_id,
        customer_id,
        sku,
        source,
        occurred_at,
        recorded_at,
        shard,
        seq,
        json_transform(
            data,
            '{
                "reason": "VARCHAR",
                "added": "BIGINT",
                "starts_at": "TIMESTAMP",
                "price": {"amount_minor": "BIGINT", "currency": "VARCHAR"}
            }'
        ) as fields,

    from stg_events

    where event_type in ('entitlement.renewed', 'entitlement.upgraded', 'entitlement.extended')

)

select
    event_id,
    case event_type
        when 'entitlement.renewed' then 'renewal'
        when 'entitlement.upgraded' then 'upgrade'
        when 'entitlement.extended' then 'extension'
    end as kind,
    order_id,
    entitlement_id,
    customer_id,
    sku,
    fields.reason as reason,
    fields.added as quantity_added,
    fields.price.amount_minor as amount,
    fields.price.currency as currency,
    coalesce(fields.starts_at, occurred_at) as starts_at,
    occurred_at,
    source,
    recorded_at,
    shard,
    seq,
from changes
where fields.price.amount_minor is not null
order by shard, seq
