-- The newest catalog, or none.

select
    event_id,
    occurred_at as published_at,
    json_extract_string(data, '$.version') as catalog_version,
    data,
from stg_events
where event_type = 'catalog.published'
order by occurred_at desc, shard asc, seq desc
limit 1
