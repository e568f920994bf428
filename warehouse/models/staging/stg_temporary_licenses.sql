-- Licenses that were lent beside the seats.

select
    license_id,
    activation_id,
    entitlement_id,
    order_id,
    customer_id,
    sku,
    json_extract_string(data, '$.kind') as kind,
    json_extract_string(data, '$.host_hash') as host_hash,
    cast(json_extract_string(data, '$.generation') as integer) as generation,
    occurred_at as lent_at,
    cast(json_extract_string(data, '$.not_before') as timestamp) as not_before_at,
    cast(json_extract_string(data, '$.expires_at') as timestamp) as expires_at,
    source,
    seq,
from stg_events
where event_type = 'license.lent'
order by license_id
