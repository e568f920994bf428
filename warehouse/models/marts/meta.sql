-- The load itself: what the numbers of this snapshot rest on.

with loaded as (

    select
        count(*) as events,
        max(recorded_at) as last_recorded_at,

    from events

),

happened as (

    select
        count(*) as events_by_as_of,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at,
        coalesce(list(distinct source order by source), []) as sources,

    from stg_events

),

entitled as (

    select
        count(*) as entitlements,
        count(*) filter (where is_test) as test_entitlements,

    from fct_entitlement

),

quarantined as (

    select count(*) filter (where is_open) as quarantine_open from quarantine

)

select
    cast(getvariable('snapshot') as bigint) as snapshot,
    getvariable('as_of') as as_of,
    getvariable('created_at') as created_at,
    loaded.events as events,
    happened.events_by_as_of as events_by_as_of,
    happened.first_occurred_at as first_occurred_at,
    happened.last_occurred_at as last_occurred_at,
    loaded.last_recorded_at as last_recorded_at,
    happened.sources as sources,
    entitled.entitlements as entitlements,
    entitled.test_entitlements as test_entitlements,
    quarantined.quarantine_open as quarantine_open,
from loaded
cross join happened
cross join entitled
cross join quarantined
