-- Licenses that came back from hosts which their seats had left.

select
    event_id as clone_id,
    activation_id,
    entitlement_id,
    order_id,
    customer_id,
    sku,
    cast(json_extract_string(data, '$.presented_generation') as integer) as presented_generation,
    cast(json_extract_string(data, '$.generation') as integer) as generation,
    json_extract_string(data, '$.host_hash') as host_hash,
    occurred_at as detected_at,
    source,
    seq,
from stg_events
where event_type = 'activation.cloned'
order by clone_id
