-- Licenses that were made.

select
    license_id,
    activation_id,
    entitlement_id,
    occurred_at as issued_at,
    coalesce(cast(json_extract_string(data, '$.generation') as integer), 1) as generation,
    cast(json_extract_string(data, '$.not_before') as timestamp) as not_before_at,
    cast(json_extract_string(data, '$.expires_at') as timestamp) as expires_at,
    json_extract_string(data, '$.reason') as reason,
    shard,
    seq,
from stg_events
where event_type = 'license.issued'
order by shard, seq
