-- Orders that were taken back.

select
    order_id,
    occurred_at as cancelled_at,
    json_extract_string(data, '$.reason') as reason,
from stg_events
where event_type = 'order.cancelled'
qualify row_number() over (partition by order_id order by occurred_at, shard, seq) = 1
order by order_id
