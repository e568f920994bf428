-- Recurring revenue a month, and what moved it.

with running as (

    select
        *,
        greatest(booked_at, service_starts_at) as runs_from_at,
        -- Nulls are passed over.
        least(service_ends_at, cancelled_at, replaced_at) as runs_until_at,

    from int_revenue_schedule

    where monthly_amount <> 0 and not is_test

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

),

movements as (

    select
        currency,
        month_at,
        sum(coalesce(before, 0)) as opening,
        coalesce(sum(closing) filter (where before is null), 0) as new,
        coalesce(sum(closing - before) filter (where before > 0 and closing > before), 0) as expansion,
        coalesce(sum(closing - before) filter (where closing > 0 and closing < before), 0) as contraction,
        coalesce(sum(closing - before) filter (where before > 0 and closing = 0), 0) as churn,
        coalesce(sum(closing) filter (where before = 0), 0) as reactivation,
        sum(closing) as closing,
        count(*) filter (where closing > 0) as entitlements,
        count(*) filter (where before is null) as entitlements_new,
        count(*) filter (where before > 0 and closing = 0) as entitlements_churned,
        count(*) filter (where before = 0 and closing > 0) as entitlements_reactivated,

    from standings

    group by currency, month_at

),

calendar as (

    select
        currency,
        unnest(generate_series(
            min(month_at), date_trunc('month', getvariable('as_of')), interval 1 month
        )) as month_at,

    from movements

    group by currency

)

select
    cast(calendar.month_at as date) as month,
    calendar.currency as currency,
    cast(coalesce(movements.opening, 0) as bigint) as opening,
    cast(coalesce(movements.new, 0) as bigint) as new,
    cast(coalesce(movements.expansion, 0) as bigint) as expansion,
    cast(coalesce(movements.contraction, 0) as bigint) as contraction,
    cast(coalesce(movements.churn, 0) as bigint) as churn,
    cast(coalesce(movements.reactivation, 0) as bigint) as reactivation,
    cast(coalesce(movements.closing, 0) as bigint) as closing,
    major_units(coalesce(movements.closing, 0), calendar.currency) as closing_major,
    coalesce(movements.entitlements, 0) as entitlements,
    coalesce(movements.entitlements_new, 0) as entitlements_new,
    coalesce(movements.entitlements_churned, 0) as entitlements_churned,
    coalesce(movements.entitlements_reactivated, 0) as entitlements_reactivated,
    is_running(calendar.month_at) as is_partial,
from calendar
left join movements
    on calendar.currency = movements.currency
    and calendar.month_at = movements.month_at
order by month, currency
