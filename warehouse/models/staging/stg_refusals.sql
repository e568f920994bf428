-- Requests that were turned away, with the rule that did.

with refusals as (

    select
        event_id,
        event_type,
        source,
        occurred_at,
        customer_id,
        order_id,
        entitlement_id,
        sku,
        json_transform(
            data,
            '{
                "request": "VARCHAR",
                "code": "VARCHAR",
                "rule": "VARCHAR",
                "detail": "VARCHAR",
                "passes_at": "TIMESTAMP",
                "host_hash": "VARCHAR",
                "os_type": "VARCHAR",
                "os_version": "VARCHAR",
                "arch": "VARCHAR",
                "app_version": "VARCHAR",
                "channel": "VARCHAR",
                "is_test": "BOOLEAN"
            }'
        ) as fields,

    from stg_events

    where event_type in ('activation.refused', 'order.refused')

)

select
    event_id as refusal_id,
    split_part(event_type, '.', 1) as refused,
    -- Before seats could do more than be taken, an event did not say what was asked for.
    case when event_type = 'activation.refused' then coalesce(fields.request, 'activate') end as request,
    occurred_at as refused_at,
    fields.code as code,
    fields.rule as rule,
    fields.detail as detail,
    fields.passes_at as passes_at,
    customer_id,
    order_id,
    entitlement_id,
    sku,
    fields.host_hash as host_hash,
    fields.os_type as os_type,
    fields.os_version as os_version,
    fields.arch as arch,
    fields.app_version as app_version,
    fields.channel as channel,
    fields.is_test as is_test,
    source,
from refusals
order by refused_at, refusal_id
