-- Entitlements that ended before their term.

select
    entitlement_id,
    occurred_at as cancelled_at,
    json_extract_string(data, '$.reason') as reason,
from stg_events
where event_type = 'entitlement.cancelled'
qualify row_number() over (partition by entitlement_id order by occurred_at, shard, seq) = 1
order by entitlement_id
