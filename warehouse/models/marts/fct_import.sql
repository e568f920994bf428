-- Imports: what became of all that was in some files. An import is a work of the desk's and no fact of business: it is told whatever
-- the as-of time, as its orders are told of the days on which they were placed.

with recorded as (

    -- One type at a time: a reader of Parquet skips what has none of it, and with a list of them would read all. At a million events that
    -- takes 0.01 seconds for 0.17.
    from events where type = 'import.finished'
    union all
    from events where type = 'import.taken_back'

),

told as (

    select
        type,
        source,
        occurred_at,
        shard,
        seq,
        json_transform(
            data,
            '{
                "import_id": "VARCHAR",
                "format": "VARCHAR",
                "files": "BIGINT",
                "size_bytes": "BIGINT",
                "started_at": "TIMESTAMP",
                "read": "BIGINT",
                "accepted": "BIGINT",
                "duplicate": "BIGINT",
                "conflict": "BIGINT",
                "quarantined": "BIGINT",
                "orders": "BIGINT"
            }'
        ) as fields,

    from recorded

),

-- The same event may stand in two places.
once as (

    select
        type,
        source,
        occurred_at,
        fields,

    from told

    qualify row_number() over (partition by type, fields.import_id order by shard, seq) = 1

),

finished as (

    select * from once where type = 'import.finished'

),

-- One that was stopped may be taken back before it was finished.
taken_back as (

    select * from once where type = 'import.taken_back'

)

select
    coalesce(finished.fields.import_id, taken_back.fields.import_id) as import_id,
    coalesce(finished.source, taken_back.source) as source,
    finished.fields.format as format,
    finished.fields.files as files,
    finished.fields.size_bytes as size_bytes,
    finished.fields.started_at as started_at,
    finished.occurred_at as finished_at,
    finished.fields.read as entries_read,
    finished.fields.accepted as entries_accepted,
    finished.fields.duplicate as entries_duplicate,
    finished.fields.conflict as entries_in_conflict,
    finished.fields.quarantined as entries_quarantined,
    taken_back.occurred_at as taken_back_at,
    taken_back.fields.orders as orders_taken_back,
from finished
full join taken_back
    on finished.fields.import_id = taken_back.fields.import_id
order by import_id
