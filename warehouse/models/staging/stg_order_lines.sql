-- Lines of recorded orders.

with orders as (

    select
        event_id,
        source,
        occurred_at,
        recorded_at,
        shard,
        seq,
        order_id,
        customer_id,
        json_transform(
            data,
            '{
                "ordered_at": "TIMESTAMP",
                "channel": "VARCHAR",
                "is_test": "BOOLEAN",
                "country": "VARCHAR",
                "lines": [{
                    "line_number": "INTEGER",
                    "entitlement_id": "VARCHAR",
                    "sku": "VARCHAR",
                    "license_model": "VARCHAR",
                    "quantity": "BIGINT",
                    "unit_amount_minor": "BIGINT",
                    "amount_minor": "BIGINT",
                    "currency": "VARCHAR",
                    "price_band": "VARCHAR",
                    "starts_at": "TIMESTAMP"
                }]
            }'
        ) as fields,

    from stg_events

    where event_type = 'order.recorded'

    -- An order is recorded once; should it come again under another ID, the first is what was decided.
    qualify row_number() over (partition by order_id order by shard, seq) = 1

),

order_lines as (

    select
        event_id,
        source,
        occurred_at,
        recorded_at,
        shard,
        seq,
        order_id,
        customer_id,
        fields,
        unnest(fields.lines) as line,

    from orders

)

select
    order_id,
    line.line_number as line_number,
    line.entitlement_id as entitlement_id,
    customer_id,
    line.sku as sku,
    line.license_model as license_model,
    line.quantity as quantity,
    line.unit_amount_minor as unit_amount,
    line.amount_minor as amount,
    line.currency as currency,
    line.price_band as price_band,
    fields.channel as channel,
    fields.country as country,
    coalesce(fields.is_test, false) as is_test,
    fields.ordered_at as ordered_at,
    line.starts_at as starts_at,
    source,
    recorded_at,
    event_id,
from order_lines
order by order_id, line_number
