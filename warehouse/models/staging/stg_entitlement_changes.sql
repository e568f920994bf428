-- What changed the terms of entitlements, or whose they are; seats and licenses do not. Each names what it tells, and null
-- elsewhere.

with changes as (

    select
        event_id,
        event_type,
        entitlement_id,
        customer_id,
        occurred_at,
        shard,
        seq,
        json_transform(
            data,
            '{
                "by": "VARCHAR",
                "reason": "VARCHAR",
                "product": {
                    "sku": "VARCHAR", "name": "VARCHAR", "brand": "VARCHAR", "version": "VARCHAR", "features": ["VARCHAR"]
                },
                "model": {
                    "id": "VARCHAR", "name": "VARCHAR", "term": "VARCHAR", "duration": "VARCHAR",
                    "expires_from": "VARCHAR", "consumption_per": "VARCHAR", "metric": "VARCHAR"
                },
                "policy": "JSON",
                "quantity": "BIGINT",
                "added": "BIGINT",
                "moved": "BIGINT",
                "child_entitlement_id": "VARCHAR",
                "from_customer_id": "VARCHAR",
                "starts_at": "TIMESTAMP",
                "ends_at": "TIMESTAMP",
                "maintenance_ends_at": "TIMESTAMP"
            }'
        ) as fields,

    from stg_events

    where event_type in (
        'entitlement.granted', 'entitlement.started', 'entitlement.renewed', 'entitlement.upgraded',
        'entitlement.extended', 'entitlement.split', 'entitlement.transferred', 'entitlement.suspended',
        'entitlement.reinstated', 'entitlement.policy_overridden', 'entitlement.cancelled'
    )

    -- An entitlement is granted once; should it come again under another ID, the first is what was decided.
    qualify event_type <> 'entitlement.granted'
        or row_number() over (partition by entitlement_id, event_type order by shard, seq) = 1

)

select
    event_id,
    event_type,
    entitlement_id,
    customer_id,
    fields.from_customer_id as from_customer_id,
    fields.by as decided_by,
    fields.reason as reason,
    fields.product.sku as sku,
    fields.product.name as product_name,
    fields.product.brand as brand,
    fields.product.version as product_version,
    fields.product.features as features,
    fields.model.id as license_model,
    fields.model.name as license_model_name,
    fields.model.term as term,
    fields.model.duration as duration,
    coalesce(fields.model.expires_from, if(fields.model.id is null, null, 'start')) as expires_from,
    fields.model.consumption_per as consumption_per,
    fields.model.metric as metric,
    cast(fields.policy as varchar) as policy,
    fields.quantity as quantity_told,
    case event_type
        when 'entitlement.granted' then fields.quantity
        when 'entitlement.extended' then fields.added
        when 'entitlement.split' then -fields.moved
        else 0
    end as quantity_added,
    fields.child_entitlement_id as child_entitlement_id,
    fields.starts_at as starts_at,
    fields.ends_at as ends_at,
    fields.maintenance_ends_at as maintenance_ends_at,
    occurred_at,
    shard,
    seq,
from changes
order by shard, seq
