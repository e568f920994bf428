-- Loads: what each one took, what it made, and how it went. `past_loads` are the rows of the snapshot before, with the
-- columns that they had then: one that is new is null in them, and takes no `not_null`. `this_load` is the row of the load that
-- is under way.

with loads as (

    select * from past_loads
    union all by name
    select * from this_load

)

select
    cast(snapshot as bigint) as snapshot,
    because,
    is_full,
    as_of,
    began_at,
    created_at,
    written_at,
    epoch_ms(written_at - began_at) / 1000 as seconds,
    cast(segments as bigint) as segments,
    cast(segments_bytes as bigint) as segments_bytes,
    cast(events_taken as bigint) as events_taken,
    cast(profiles_taken as bigint) as profiles_taken,
    cast(lines_repeated as bigint) as lines_repeated,
    cast(rows_out as bigint) as rows_out,
    last_recorded_at,
    epoch_ms(created_at - last_recorded_at) / 1000 as lag_seconds,
    cast(tests_run as bigint) as tests_run,
    cast(tests_warned as bigint) as tests_warned,
    cast(attempts_lost as bigint) as attempts_lost,
    len(failures) as failures_before,
    failures,
from loads
order by snapshot
