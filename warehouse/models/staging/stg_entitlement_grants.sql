-- Entitlements as they were granted.

with grants as (

    select
        event_id,
        entitlement_id,
        order_id,
        customer_id,
        sku,
        source,
        occurred_at,
        recorded_at,
        shard,
        seq,
        json_transform(
            data,
            '{
                "line_number": "INTEGER",
                "product": {
                    "sku": "VARCHAR", "name": "VARCHAR", "brand": "VARCHAR", "version": "VARCHAR", "features": ["VARCHAR"]
                },
                "model": {
                    "id": "VARCHAR", "name": "VARCHAR", "term": "VARCHAR", "duration": "VARCHAR",
                    "expires_from": "VARCHAR", "metric": "VARCHAR"
                },
                "policy": "JSON",
                "quantity": "BIGINT",
                "unit_amount_minor": "BIGINT",
                "amount_minor": "BIGINT",
                "currency": "VARCHAR",
                "price_band": "VARCHAR",
                "channel": "VARCHAR",
                "country": "VARCHAR",
                "is_test": "BOOLEAN",
                "ordered_at": "TIMESTAMP",
                "delivered_at": "TIMESTAMP",
                "starts_at": "TIMESTAMP",
                "ends_at": "TIMESTAMP",
                "maintenance_ends_at": "TIMESTAMP",
                "parent_entitlement_id": "VARCHAR"
            }'
        ) as fields,

    from stg_events

    where event_type = 'entitlement.granted'

    qualify row_number() over (partition by entitlement_id order by shard, seq) = 1

)

select
    entitlement_id,
    order_id,
    fields.line_number as line_number,
    customer_id,
    coalesce(sku, fields.product.sku) as sku,
    fields.product.name as product_name,
    fields.product.brand as brand,
    fields.product.version as product_version,
    fields.product.features as features,
    fields.model.id as license_model,
    fields.model.name as license_model_name,
    fields.model.term as term,
    fields.model.duration as duration,
    -- Before models could begin with the first activation, all began with their start.
    coalesce(fields.model.expires_from, 'start') as expires_from,
    fields.model.metric as metric,
    cast(fields.policy as varchar) as policy,
    fields.channel as channel,
    fields.country as country,
    fields.price_band as price_band,
    fields.quantity as quantity,
    fields.unit_amount_minor as unit_amount,
    fields.amount_minor as amount,
    fields.currency as currency,
    fields.ordered_at as ordered_at,
    fields.delivered_at as delivered_at,
    fields.starts_at as starts_at,
    fields.ends_at as ends_at,
    fields.maintenance_ends_at as maintenance_ends_at,
    fields.parent_entitlement_id as parent_entitlement_id,
    coalesce(fields.is_test, false) as is_test,
    source,
    occurred_at,
    recorded_at,
    shard,
    seq,
from grants
order by entitlement_id
