-- Platforms in use. A host counts once a month, on the platform of the seat that it took last.

with seats as (

    select
        entitlement_id,
        activation_id,
        generation,
        -- Where a license binds a user and no host was told, the user stands for the computer.
        coalesce(host_hash, user_hash, activation_id) as host,
        customer_id,
        os_type,
        os_version,
        arch,
        bound_at,
        -- A seat whose term is over runs no software, though nobody gave it back. An end is not part of the time before it.
        greatest(
            bound_at, least(ended_at, term_ends_at, getvariable('as_of') + interval 1 microsecond) - interval 1 microsecond
        ) as last_bound_at,
        row_number() over () as seat_number,

    from fct_activation

    where not is_test
        and greatest(bound_at + interval 1 microsecond, coalesce(least(ended_at, term_ends_at), timestamp 'infinity'))
            > getvariable('from_at')
        and bound_at < getvariable('until_at')

),

platforms as (

    select
        *,
        row_number() over (order by os_type, os_version, arch) as platform_number,

    from (select distinct os_type, os_version, arch from fct_activation) as combinations

),

-- Numbers in the place of texts from here on, for a seat is in many months: its host's, and its place among that host's seats,
-- the newest first.
numbered as (

    select
        seats.entitlement_id as entitlement_id,
        seats.customer_id as customer_id,
        seats.bound_at as bound_at,
        seats.last_bound_at as last_bound_at,
        platforms.platform_number as platform_number,
        row_number() over (
            partition by seats.host order by seats.bound_at desc, seats.activation_id, seats.generation
        ) as seat_rank,
        min(seats.seat_number) over (partition by seats.host) as host_number,

    from seats

    inner join platforms
        on seats.os_type = platforms.os_type
        and seats.arch = platforms.arch
        and seats.os_version is not distinct from platforms.os_version

),

seat_months as (

    select
        *,
        unnest(generate_series(
            greatest(date_trunc('month', bound_at), getvariable('from_at')),
            least(date_trunc('month', last_bound_at), getvariable('until_at') - interval 1 month),
            interval 1 month
        )) as month_at,

    from numbered

),

-- Whose an entitlement was, from when on, where it was ever another's: of few.
owners as (

    select
        entitlement_id,
        customer_id,
        stood_from_at as owned_from_at,
        stood_until_at as owned_until_at,

    from int_entitlement_state

    where entitlement_id in (
        select entitlement_id from int_entitlement_state where event_type = 'entitlement.transferred'
    )

),

month_owners as (

    select
        seat_months.month_at as month_at,
        seat_months.host_number as host_number,
        -- Whose the entitlement was when the month, or the seat's use in it, ended: it may have been transferred.
        coalesce(owners.customer_id, seat_months.customer_id) as customer_id,
        arg_min(seat_months.platform_number, seat_months.seat_rank) over (
            partition by seat_months.month_at, seat_months.host_number
        ) as platform_number,

    from seat_months

    left join owners
        on seat_months.entitlement_id = owners.entitlement_id
        and owners.owned_from_at <= least(
            seat_months.month_at + interval 1 month - interval 1 microsecond, seat_months.last_bound_at
        )
        and owners.owned_until_at > least(
            seat_months.month_at + interval 1 month - interval 1 microsecond, seat_months.last_bound_at
        )

),

counted as (

    select
        month_at,
        platform_number,
        count(distinct host_number) as active_hosts,
        count(distinct customer_id) as active_customers,

    from month_owners

    group by all

)

select
    cast(counted.month_at as date) as month,
    platforms.os_type as os_type,
    platforms.os_version as os_version,
    platforms.arch as arch,
    counted.active_hosts as active_hosts,
    counted.active_customers as active_customers,
from counted
inner join platforms
    on counted.platform_number = platforms.platform_number
order by month, os_type, os_version, arch
