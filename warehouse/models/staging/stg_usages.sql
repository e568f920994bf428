-- Units of metered rights that were used.

select
    event_id as usage_id,
    activation_id,
    entitlement_id,
    order_id,
    customer_id,
    sku,
    cast(json_extract_string(data, '$.units') as bigint) as units,
    cast(json_extract_string(data, '$.used') as bigint) as units_used,
    cast(json_extract_string(data, '$.overage') as bigint) as units_over,
    cast(json_extract_string(data, '$.period_starts_at') as timestamp) as period_starts_at,
    cast(json_extract_string(data, '$.period_ends_at') as timestamp) as period_ends_at,
    occurred_at as used_at,
    source,
    seq,
from stg_events
where event_type = 'usage.recorded'
order by usage_id
