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

    inner join stg_activation_bounds as bounds
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
        shard,
        seq,

    from stg_activation_bounds

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

-- What a heartbeat leaves out, its seat has said.
seated as (

    select
        seat_days.date as date,
        coalesce(seat_days.entitlement_id, bounds.entitlement_id) as entitlement_id,
        seat_days.activation_id as activation_id,
        coalesce(seat_days.host_hash, bounds.host_hash) as host_hash,
        -- Where a license binds a user and no host was told, the user stands for the computer.
        coalesce(
            seat_days.host_hash, bounds.host_hash, seat_days.user_hash, bounds.user_hash, seat_days.activation_id,
            seat_days.entitlement_id
        ) as host,
        coalesce(seat_days.platform.os_type, bounds.os_type) as os_type,
        if(seat_days.platform is null, bounds.os_version, seat_days.platform.os_version) as os_version,
        coalesce(seat_days.platform.arch, bounds.arch) as arch,
        coalesce(seat_days.app_version, bounds.app_version) as app_version,
        seat_days.first_heard_at as first_heard_at,
        seat_days.last_heard_at as last_heard_at,

    from seat_days

    asof left join stg_activation_bounds as bounds
        on seat_days.activation_id = bounds.activation_id
        and seat_days.last_heard_at >= bounds.bound_at

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
