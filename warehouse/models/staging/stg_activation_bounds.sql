-- Seats as they were bound.

with bounds as (

    select
        activation_id,
        entitlement_id,
        order_id,
        customer_id,
        sku,
        source,
        occurred_at,
        shard,
        seq,
        json_transform(
            data,
            '{
                "generation": "INTEGER",
                "reason": "VARCHAR",
                "host_hash": "VARCHAR",
                "user_hash": "VARCHAR",
                "os_type": "VARCHAR",
                "os_version": "VARCHAR",
                "arch": "VARCHAR",
                "app_version": "VARCHAR",
                "os_type_raw": "VARCHAR",
                "arch_raw": "VARCHAR"
            }'
        ) as fields,

    from stg_events

    where event_type = 'activation.bound'

)

select
    activation_id,
    coalesce(fields.generation, 1) as generation,
    coalesce(fields.reason, if(coalesce(fields.generation, 1) = 1, 'activated', 'rehosted')) as reason,
    entitlement_id,
    order_id,
    customer_id,
    sku,
    fields.host_hash as host_hash,
    fields.user_hash as user_hash,
    coalesce(fields.os_type, 'other') as os_type,
    fields.os_version as os_version,
    coalesce(fields.arch, 'other') as arch,
    fields.app_version as app_version,
    fields.os_type_raw as os_type_raw,
    fields.arch_raw as arch_raw,
    occurred_at as bound_at,
    source,
    shard,
    seq,
from bounds
qualify row_number() over (partition by activation_id, generation order by shard, seq) = 1
order by activation_id, generation
