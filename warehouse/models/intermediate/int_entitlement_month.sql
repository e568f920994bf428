-- Entitlements in each month in which they were in force: as they last stood in it, and how much they were used at the most.

with versions as (

    select
        entitlement_id,
        version,
        order_id,
        customer_id,
        sku,
        brand,
        license_model,
        metric,
        quantity,
        changed_at,
        -- An end is not part of the time before it. The as-of time sets no end: what is told of a month is the same on each day of it.
        least(
            stood_until_at,
            coalesce(ends_at, timestamp 'infinity'),
            date_trunc('month', getvariable('as_of')) + interval 1 month
        ) - interval 1 microsecond as last_stood_at,
        is_test,

    from int_entitlement_state

    where cancelled_at is null

),

version_months as (

    select
        *,
        unnest(generate_series(
            date_trunc('month', changed_at), date_trunc('month', last_stood_at), interval 1 month
        )) as month_at,

    from versions

    where last_stood_at >= changed_at

),

months as (

    select
        *,
        least(month_at + interval 1 month - interval 1 microsecond, last_stood_at) as closing_at,

    from version_months

    qualify row_number() over (partition by entitlement_id, month_at order by version desc) = 1

),

-- Seats and what was bought, as one course: so it is seen what was over at any time, not at the month's end alone.
seat_turns as (

    select
        entitlement_id,
        bound_at as turned_at,
        1 as seats,
        0 as quantity,

    from fct_activation

    union all

    select
        entitlement_id,
        -- A seat whose term is over runs no software, though nobody gave it back.
        greatest(bound_at, least(ended_at, term_ends_at)) as turned_at,
        -1 as seats,
        0 as quantity,

    from fct_activation

    where least(ended_at, term_ends_at) is not null

    union all

    select
        entitlement_id,
        changed_at as turned_at,
        0 as seats,
        quantity_added as quantity,

    from int_entitlement_state

    where quantity_added <> 0

),

-- What happens at one instant, such as a move from a host to another, is one turn.
turns as (

    select
        entitlement_id,
        turned_at,
        sum(seats) as seats,
        sum(quantity) as quantity,

    from seat_turns

    group by all

),

levels as (

    select
        entitlement_id,
        turned_at,
        sum(seats) over so_far as seats,
        sum(seats) over so_far - sum(quantity) over so_far as seats_over,

    from turns

    window so_far as (
        partition by entitlement_id order by turned_at rows between unbounded preceding and current row
    )

),

-- The highest of each month that had a turn.
peaks as (

    select
        entitlement_id,
        date_trunc('month', turned_at) as month_at,
        max(seats) as seats,
        max(seats_over) as seats_over,

    from levels

    group by all

),

closed as (

    select
        months.*,
        coalesce(levels.seats, 0) as seats_at_close,

    from months

    asof left join levels
        on months.entitlement_id = levels.entitlement_id
        and months.closing_at >= levels.turned_at

),

opened as (

    select
        closed.*,
        coalesce(levels.seats, 0) as seats_at_open,
        coalesce(levels.seats_over, 0) as seats_over_at_open,

    from closed

    asof left join levels
        on closed.entitlement_id = levels.entitlement_id
        and closed.month_at >= levels.turned_at

)

select
    opened.entitlement_id as entitlement_id,
    cast(opened.month_at as date) as month,
    opened.closing_at as closing_at,
    opened.order_id as order_id,
    opened.customer_id as customer_id,
    opened.sku as sku,
    opened.brand as brand,
    opened.license_model as license_model,
    opened.metric as metric,
    opened.quantity as quantity,
    cast(opened.seats_at_close as bigint) as seats_bound,
    cast(greatest(opened.seats_at_open, peaks.seats) as bigint) as seats_peak,
    -- A site has no seats to count, and a metered license counts units.
    if(
        opened.metric in ('site', 'metered'),
        0,
        cast(greatest(0, opened.seats_over_at_open, peaks.seats_over) as bigint)
    ) as seats_over,
    opened.is_test as is_test,
from opened
left join peaks
    on opened.entitlement_id = peaks.entitlement_id
    and opened.month_at = peaks.month_at
