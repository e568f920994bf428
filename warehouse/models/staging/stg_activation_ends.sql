-- Seats that became free.

select
    activation_id,
    occurred_at as ended_at,
    json_extract_string(data, '$.reason') as reason,
    shard,
    seq,
from stg_events
where event_type = 'activation.ended'
order by activation_id, seq
