-- Lines of segments → events. What the envelope does not know is kept in `extra`, what a type's schema does not know in
-- `data`. Times are TIMESTAMP in UTC, without a zone: a month is then the same month in every engine and for every reader,
-- where a TIMESTAMP WITH TIME ZONE is cut at the midnights of whoever asks.

with lines as (

    select
        json,
        json_transform(
            json,
            '{
                "id": "VARCHAR",
                "type": "VARCHAR",
                "schema": "INTEGER",
                "source": "VARCHAR",
                "occurred_at": "TIMESTAMP",
                "recorded_at": "TIMESTAMP",
                "shard": "INTEGER",
                "seq": "BIGINT",
                "customer_id": "VARCHAR",
                "order_id": "VARCHAR",
                "entitlement_id": "VARCHAR",
                "activation_id": "VARCHAR",
                "license_id": "VARCHAR",
                "sku": "VARCHAR",
                "data": "JSON"
            }'
        ) as event,
        -- RFC 7396: a null in the patch removes the key.
        json_merge_patch(
            json,
            '{
                "id": null, "type": null, "schema": null, "source": null, "occurred_at": null, "recorded_at": null,
                "shard": null, "seq": null, "customer_id": null, "order_id": null, "entitlement_id": null,
                "activation_id": null, "license_id": null, "sku": null, "data": null
            }'
        ) as rest,

    from incoming_events

)

select
    event.id as id,
    event.type as type,
    event.schema as schema,
    event.source as source,
    event.occurred_at as occurred_at,
    event.recorded_at as recorded_at,
    event.shard as shard,
    event.seq as seq,
    event.customer_id as customer_id,
    event.order_id as order_id,
    event.entitlement_id as entitlement_id,
    event.activation_id as activation_id,
    event.license_id as license_id,
    event.sku as sku,
    cast(event.data as varchar) as data,
    cast(nullif(rest, '{}') as varchar) as extra,
    strftime(event.recorded_at, '%Y-%m') as recorded_month,
from lines
