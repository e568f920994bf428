-- Lines of refunds and credits.

with refunds as (

    select
        event_id,
        order_id,
        customer_id,
        source,
        occurred_at,
        recorded_at,
        shard,
        seq,
        json_transform(
            data,
            '{
                "refund_id": "VARCHAR",
                "kind": "VARCHAR",
                "reason": "VARCHAR",
                "lines": [{
                    "line_number": "INTEGER",
                    "amount_minor": "BIGINT",
                    "currency": "VARCHAR",
                    "quantity": "BIGINT"
                }]
            }'
        ) as fields,

    from stg_events

    where event_type = 'order.refunded'

),

-- A refund is recorded once; should it come again under another event ID, the first is what was decided.
first_refunds as (

    select *

    from refunds

    qualify row_number() over (partition by order_id, fields.refund_id order by shard, seq) = 1

),

refund_lines as (

    select
        *,
        unnest(fields.lines) as line,

    from first_refunds

)

select
    event_id,
    order_id,
    line.line_number as line_number,
    customer_id,
    fields.refund_id as refund_id,
    fields.kind as kind,
    fields.reason as reason,
    line.quantity as quantity,
    line.amount_minor as amount,
    line.currency as currency,
    occurred_at,
    source,
    recorded_at,
    shard,
    seq,
from refund_lines
order by shard, seq, line_number
