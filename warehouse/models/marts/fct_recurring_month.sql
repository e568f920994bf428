-- What recurs of each entitlement at the end of each month, and at the end of the one before, by what it is now.

with running as (

    select
        *,
        greatest(booked_at, service_starts_at) as runs_from_at,
        -- Nulls are passed over.
        least(service_ends_at, cancelled_at, replaced_at) as runs_until_at,

    from int_revenue_schedule

    where monthly_amount <> 0

),

months as (

    select
        *,
        unnest(generate_series(
            date_trunc('month', runs_from_at),
            date_trunc('month', least(runs_until_at, getvariable('as_of'))),
            interval 1 month
        )) as month_at,

    from running

    where runs_from_at < runs_until_at

),

rates as (

    select
        entitlement_id,
        currency,
        month_at,
        any_value(order_id) as order_id,
        any_value(is_test) as is_test,
        sum(monthly_amount) as amount,

    from months

    -- At the month's end; of the running month, at the as-of time.
    where least(month_at + interval 1 month - interval 1 microsecond, getvariable('as_of')) >= runs_from_at
        and least(month_at + interval 1 month - interval 1 microsecond, getvariable('as_of')) < runs_until_at

    group by all

    having sum(monthly_amount) <> 0

),

-- Up to the month after its last, in which it is lost.
lives as (

    select
        entitlement_id,
        currency,
        any_value(order_id) as order_id,
        any_value(is_test) as is_test,
        unnest(generate_series(
            min(month_at),
            least(max(month_at) + interval 1 month, date_trunc('month', getvariable('as_of'))),
            interval 1 month
        )) as month_at,

    from rates

    group by entitlement_id, currency

),

standings as (

    select
        lives.entitlement_id as entitlement_id,
        lives.currency as currency,
        lives.order_id as order_id,
        lives.is_test as is_test,
        lives.month_at as month_at,
        coalesce(rates.amount, 0) as closing,
        lag(coalesce(rates.amount, 0)) over (
            partition by lives.entitlement_id, lives.currency order by lives.month_at
        ) as before,

    from lives

    left join rates
        on lives.entitlement_id = rates.entitlement_id
        and lives.currency = rates.currency
        and lives.month_at = rates.month_at

)

select
    cast(standings.month_at as date) as month,
    standings.order_id as order_id,
    standings.entitlement_id as entitlement_id,
    entitlements.customer_id as customer_id,
    entitlements.sku as sku,
    entitlements.brand as brand,
    entitlements.country as country,
    standings.currency as currency,
    cast(standings.before as bigint) as amount_before,
    cast(standings.closing as bigint) as amount,
    standings.is_test as is_test,
from standings
left join fct_entitlement as entitlements
    on standings.entitlement_id = entitlements.entitlement_id
order by month, entitlement_id, currency
