-- Input that could not be understood, and whether it went through later.

with quarantined as (

    select
        event_id,
        source,
        occurred_at,
        recorded_at,
        shard,
        seq,
        json_transform(
            data,
            '{
                "quarantine_id": "VARCHAR",
                "stage": "VARCHAR",
                "code": "VARCHAR",
                "detail": "VARCHAR",
                "size_bytes": "BIGINT"
            }'
        ) as fields,

    from stg_events

    where event_type = 'input.quarantined'

),

replayed as (

    select
        json_extract_string(data, '$.quarantine_id') as quarantine_id,
        min(occurred_at) as replayed_at,

    from stg_events

    where event_type = 'input.replayed'

    group by all

),

-- What named a customer who was erased is gone from the ledger: nothing can be replayed any more.
erased as (

    select distinct unnest(from_json(json_extract(data, '$.quarantine_ids'), '["VARCHAR"]')) as quarantine_id,

    from stg_events

    where event_type = 'customer.erased'

)

select
    quarantined.fields.quarantine_id as quarantine_id,
    quarantined.source as source,
    quarantined.fields.stage as stage,
    quarantined.fields.code as code,
    quarantined.fields.detail as detail,
    quarantined.fields.size_bytes as size_bytes,
    quarantined.occurred_at as quarantined_at,
    replayed.replayed_at as replayed_at,
    replayed.replayed_at is null and erased.quarantine_id is null as is_open,
from quarantined
left join replayed
    on quarantined.fields.quarantine_id = replayed.quarantine_id
left join erased
    on quarantined.fields.quarantine_id = erased.quarantine_id
-- The same input may be put aside again by a replay that fails; the first time is when it came in.
qualify row_number() over (
    partition by quarantined.fields.quarantine_id order by quarantined.shard, quarantined.seq
) = 1
order by quarantine_id
