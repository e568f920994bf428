-- Platforms that were heard of in an ISO week.

with told as (

    select
        cast(date_trunc('week', date) as date) as week,
        host,
        customer_id,
        sku,
        os_type,
        os_version,
        arch,
        app_version,
        last_heard_at,
        activation_id,
        entitlement_id,

    from int_seat_day

    where not is_test

),

ranked as (

    select
        *,
        -- The row that a host counts in where it may count but once: what was heard of it last.
        row_number() over (
            partition by week, host order by last_heard_at desc, activation_id, entitlement_id, sku
        ) = 1 as is_last,

    from told

)

select
    week,
    sku,
    os_type,
    os_version,
    arch,
    app_version,
    count(distinct host) as active_hosts,
    count(distinct customer_id) as active_customers,
    count(*) filter (where is_last) as hosts_once,
from ranked
group by all
order by week, sku, os_type, os_version, arch, app_version
