-- Recurring revenue a month, and what moved it.

with movements as (

    select
        currency,
        month,
        sum(coalesce(amount_before, 0)) as opening,
        coalesce(sum(amount) filter (where amount_before is null), 0) as new,
        coalesce(sum(amount - amount_before) filter (where amount_before > 0 and amount > amount_before), 0) as expansion,
        coalesce(sum(amount - amount_before) filter (where amount > 0 and amount < amount_before), 0) as contraction,
        coalesce(sum(amount - amount_before) filter (where amount_before > 0 and amount = 0), 0) as churn,
        coalesce(sum(amount) filter (where amount_before = 0), 0) as reactivation,
        sum(amount) as closing,
        count(*) filter (where amount > 0) as entitlements,
        count(*) filter (where amount_before is null) as entitlements_new,
        count(*) filter (where amount_before > 0 and amount = 0) as entitlements_churned,
        count(*) filter (where amount_before = 0 and amount > 0) as entitlements_reactivated,

    from fct_recurring_month

    where not is_test

    group by currency, month

),

calendar as (

    select
        currency,
        unnest(generate_series(
            cast(min(month) as timestamp), date_trunc('month', getvariable('as_of')), interval 1 month
        )) as month,

    from movements

    group by currency

)

select
    cast(calendar.month as date) as month,
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
    is_running(calendar.month) as is_partial,
from calendar
left join movements
    on calendar.currency = movements.currency
    and calendar.month = movements.month
order by month, currency
