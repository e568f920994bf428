-- Where an event stands again that the lake had already: a retry across shards, or telemetry that went past the ledger. The same
-- `id` is one event, and the first place counts. It is rare: to find those few takes a tenth of the time that sorting all does.

with repeated as (

    select id

    from events

    group by id

    having count(*) > 1

)

select
    id,
    shard,
    seq,
from events
where id in (select id from repeated)
qualify row_number() over (partition by id order by shard, seq) > 1
order by shard, seq
