-- Who was heard of on a day: from telemetry, and from activations and refreshes. All counts of active hosts build on it.

with told as (

    select
        entitlement_id,
        activation_id,
        host_hash,
        user_hash,
        os_type,
        os_version,
        arch,
        app_version,
        told_at,
        shard,
        seq,

    from stg_telemetry

),

-- A license is issued to the host that asked for it.
licensed as (

    select
        licenses.entitlement_id as entitlement_id,
        licenses.activation_id as activation_id,
        bounds.host_hash as host_hash,
        bounds.user_hash as user_hash,
        bounds.os_type as os_type,
        bounds.os_version as os_version,
        bounds.arch as arch,
        bounds.app_version as app_version,
        licenses.issued_at as told_at,
        licenses.shard as shard,
        licenses.seq as seq,

    from stg_licenses as licenses

    inner join fct_activation as bounds
        on licenses.activation_id = bounds.activation_id
        and licenses.generation = bounds.generation

),

bound as (

    select
        entitlement_id,
        activation_id,
        host_hash,
        user_hash,
        os_type,
        os_version,
        arch,
        app_version,
        bound_at as told_at,
        -- Before all that is told at the same instant.
        cast(-1 as integer) as shard,
        cast(-1 as bigint) as seq,

    from fct_activation

),

heard as (

    select * from told
    union all
    select * from licensed
    union all
    select * from bound

),

-- One row a day before anything is joined: a day of heartbeats is as much as one.
seat_days as (

    select
        cast(told_at as date) as date,
        entitlement_id,
        activation_id,
        host_hash,
        user_hash,
        -- A system is told as a whole; a version of the program may be told without one.
        max_by({'os_type': os_type, 'os_version': os_version, 'arch': arch}, (told_at, shard, seq))
            filter (where os_type is not null) as platform,
        max_by(app_version, (told_at, shard, seq)) filter (where app_version is not null) as app_version,
        min(told_at) as first_heard_at,
        max(told_at) as last_heard_at,

    from heard

    group by all

),

-- What a heartbeat leaves out, was last said of its seat; the first to say it is what bound the seat.
carried as (

    select
        * replace (
            coalesce(
                platform, case when activation_id is not null then last_value(platform ignore nulls) over so_far end
            ) as platform,
            coalesce(
                app_version,
                case when activation_id is not null then last_value(app_version ignore nulls) over so_far end
            ) as app_version
        ),

    from seat_days

    window so_far as (
        partition by activation_id order by last_heard_at, host_hash, user_hash, entitlement_id
        rows between unbounded preceding and 1 preceding
    )

),

seated as (

    select
        carried.date as date,
        coalesce(carried.entitlement_id, bounds.entitlement_id) as entitlement_id,
        carried.activation_id as activation_id,
        coalesce(carried.host_hash, bounds.host_hash) as host_hash,
        -- Where a license binds a user and no host was told, the user stands for the computer.
        coalesce(
            carried.host_hash, bounds.host_hash, carried.user_hash, bounds.user_hash, carried.activation_id,
            carried.entitlement_id
        ) as host,
        carried.platform.os_type as os_type,
        carried.platform.os_version as os_version,
        carried.platform.arch as arch,
        carried.app_version as app_version,
        carried.first_heard_at as first_heard_at,
        carried.last_heard_at as last_heard_at,

    from carried

    asof left join fct_activation as bounds
        on carried.activation_id = bounds.activation_id
        and carried.last_heard_at >= bounds.bound_at

)

select
    seated.date as date,
    seated.entitlement_id as entitlement_id,
    seated.activation_id as activation_id,
    seated.host as host,
    seated.host_hash as host_hash,
    -- Whose it was, and what for, when it was last heard of that day.
    states.customer_id as customer_id,
    states.sku as sku,
    coalesce(seated.os_type, 'other') as os_type,
    seated.os_version as os_version,
    coalesce(seated.arch, 'other') as arch,
    seated.app_version as app_version,
    seated.first_heard_at as first_heard_at,
    seated.last_heard_at as last_heard_at,
    coalesce(states.is_test, false) as is_test,
from seated
left join int_entitlement_state as states
    on seated.entitlement_id = states.entitlement_id
    and states.stood_from_at <= seated.last_heard_at
    and states.stood_until_at > seated.last_heard_at
