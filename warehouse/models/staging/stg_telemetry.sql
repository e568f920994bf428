-- What customers' software told of itself, typed. What no column names stays in events.data.

with told as (

    select
        event_id,
        event_type,
        source,
        occurred_at,
        entitlement_id,
        activation_id,
        shard,
        seq,
        json_transform(
            data,
            '{
                "client_event_id": "VARCHAR",
                "host_hash": "VARCHAR",
                "user_hash": "VARCHAR",
                "os_type": "VARCHAR",
                "os_type_raw": "VARCHAR",
                "os_version": "VARCHAR",
                "arch": "VARCHAR",
                "arch_raw": "VARCHAR",
                "app_version": "VARCHAR",
                "detail": {
                    "feature": "VARCHAR", "count": "BIGINT", "meter": "VARCHAR", "units": "BIGINT", "from": "VARCHAR"
                }
            }'
        ) as fields,

    from stg_events

    where event_type like 'telemetry.%'

)

select
    event_id as telemetry_id,
    fields.client_event_id as client_event_id,
    split_part(event_type, '.', 2) as kind,
    entitlement_id,
    activation_id,
    fields.host_hash as host_hash,
    fields.user_hash as user_hash,
    fields.os_type as os_type,
    fields.os_type_raw as os_type_raw,
    fields.os_version as os_version,
    fields.arch as arch,
    fields.arch_raw as arch_raw,
    fields.app_version as app_version,
    fields.detail.feature as feature,
    -- Who does not say how often means once.
    case when event_type = 'telemetry.feature_used' then coalesce(fields.detail.count, 1) end as feature_uses,
    fields.detail.meter as meter,
    fields.detail.units as units,
    fields.detail."from" as from_version,
    occurred_at as told_at,
    source,
    shard,
    seq,
from told
