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
        -- Numbers in the place of texts from here on, for a seat is in many months.
        row_number() over () as seat_number,

    from fct_activation

    where not is_test
        and greatest(bound_at + interval 1 microsecond, coalesce(least(ended_at, term_ends_at), timestamp 'infinity'))
            > getvariable('from_at')
        and bound_at < getvariable('until_at')

),

-- Of each host, its seats from the newest to the oldest.
ranked as (

    select
        *,
        row_number() over (partition by host order by bound_at desc, activation_id, generation) as seat_rank,
        min(seat_number) over (partition by host) as host_number,

    from seats

),

seat_months as (

    select
        seat_rank,
        entitlement_id,
        host_number,
        customer_id,
        last_bound_at,
        unnest(generate_series(
            greatest(date_trunc('month', bound_at), getvariable('from_at')),
            least(date_trunc('month', last_bound_at), getvariable('until_at') - interval 1 month),
            interval 1 month
        )) as month_at,

    from ranked

),

-- Whose an entitlement was, from when on: the versions that change it, which few do.
owners as (

    select
        entitlement_id,
        customer_id,
        stood_from_at as owned_from_at,
        lead(stood_from_at, 1, timestamp 'infinity') over (partition by entitlement_id order by version) as owned_until_at,

    from (
        select
            entitlement_id,
            version,
            customer_id,
            stood_from_at,

        from int_entitlement_state

        qualify version = 1
            or customer_id is distinct from lag(customer_id) over (partition by entitlement_id order by version)
    ) as changes_of_owner

),

host_months as (

    select
        month_at,
        host_number,
        min(seat_rank) as seat_rank,

    from seat_months

    group by all

),

month_owners as (

    select
        seat_months.month_at as month_at,
        seat_months.host_number as host_number,
        -- Whose the entitlement was when the month, or the seat's use in it, ended: it may have been transferred.
        coalesce(owners.customer_id, seat_months.customer_id) as customer_id,

    from seat_months

    left join owners
        on seat_months.entitlement_id = owners.entitlement_id
        and owners.owned_from_at <= least(
            seat_months.month_at + interval 1 month - interval 1 microsecond, seat_months.last_bound_at
        )
        and owners.owned_until_at > least(
            seat_months.month_at + interval 1 month - interval 1 microsecond, seat_months.last_bound_at
        )

)

select
    cast(month_owners.month_at as date) as month,
    newest.os_type as os_type,
    newest.os_version as os_version,
    newest.arch as arch,
    count(distinct month_owners.host_number) as active_hosts,
    count(distinct month_owners.customer_id) as active_customers,
from month_owners
inner join host_months
    on month_owners.month_at = host_months.month_at
    and month_owners.host_number = host_months.host_number
inner join ranked as newest
    on host_months.host_number = newest.host_number
    and host_months.seat_rank = newest.seat_rank
group by all
order by month, os_type, os_version, arch
