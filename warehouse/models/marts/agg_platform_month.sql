-- Platforms in use. A host counts once a month, on the platform of the seat that it took last.

with seats as (

    select
        activation_id,
        entitlement_id,
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

    from fct_activation

    where not is_test

),

seat_months as (

    select
        activation_id,
        entitlement_id,
        host,
        customer_id,
        last_bound_at,
        os_type,
        os_version,
        arch,
        bound_at,
        unnest(generate_series(
            date_trunc('month', bound_at), date_trunc('month', last_bound_at), interval 1 month
        )) as month_at,

    from seats

),

host_months as (

    select
        cast(seat_months.month_at as date) as month,
        seat_months.host as host,
        -- Whose the entitlement was when the month, or the seat's use in it, ended: it may have been transferred.
        coalesce(states.customer_id, seat_months.customer_id) as customer_id,
        first_value(os_type) over newest as os_type,
        first_value(os_version) over newest as os_version,
        first_value(arch) over newest as arch,

    from seat_months

    left join int_entitlement_state as states
        on seat_months.entitlement_id = states.entitlement_id
        and states.stood_from_at <= least(
            seat_months.month_at + interval 1 month - interval 1 microsecond, seat_months.last_bound_at
        )
        and states.stood_until_at > least(
            seat_months.month_at + interval 1 month - interval 1 microsecond, seat_months.last_bound_at
        )

    window newest as (partition by host, month_at order by bound_at desc, activation_id)

)

select
    month,
    os_type,
    os_version,
    arch,
    count(distinct host) as active_hosts,
    count(distinct customer_id) as active_customers,
from host_months
group by all
order by month, os_type, os_version, arch
