-- Revenue by month: of each payment what is recognized in a month, and what is deferred at its end.

with months as (

    select
        *,
        unnest(generate_series(
            date_trunc('month', booked_at),
            date_trunc('month', coalesce(settled_at, greatest(booked_at, getvariable('as_of')))),
            interval 1 month
        )) as month_at,

    from int_revenue_schedule

),

recognized as (

    select
        *,
        month_at <= booked_at as is_first,
        -- Nothing is recognized before it is booked: what began earlier is caught up in the first month.
        if(
            month_at <= booked_at,
            0,
            recognized_before(month_at, amount_before, amount_after, service_starts_at, service_days, settled_at)
        ) as recognized_before,
        recognized_before(
            month_at + interval 1 month, amount_before, amount_after, service_starts_at, service_days, settled_at
        )
            as recognized_to_date,
        month_at + interval 1 month > settled_at and settled_at = greatest(cancelled_at, booked_at) as is_cut_short,

    from months

)

select
    cast(month_at as date) as month,
    entitlement_id,
    charge_event_id,
    event_id,
    kind,
    order_id,
    line_number,
    customer_id,
    sku,
    term,
    currency,
    cast(if(is_first, amount, 0) as bigint) as booked,
    cast(recognized_to_date - recognized_before as bigint) as recognized,
    -- What would have been deferred at the cancellation; of a refund after it, what that had released.
    cast(
        case
            when not coalesce(is_cut_short, false) or term = 'perpetual' then 0
            else amount - recognized_before(cancelled_at, amount_before, amount_after, service_starts_at, service_days, null)
        end as bigint
    ) as released,
    cast(amount - recognized_to_date as bigint) as deferred,
    service_starts_at,
    service_ends_at,
    is_running(month_at) as is_scheduled,
    is_test,
from recognized
order by month, entitlement_id, charge_event_id, event_id
