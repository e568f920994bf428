-- How long customers wait before they activate, as curves: Kaplan and Meier (1958) with Greenwood's variance and the
-- log(−log) interval (Kalbfleisch and Prentice), cumulative incidences by Aalen and Johansen (1978).

with entitlements as (

    select
        outcome,
        -- To the activation, to the cancellation, or as long as anyone could look.
        days_between(
            delivered_at, coalesce(first_activated_at, cancelled_at, getvariable('as_of'))
        ) as days_observed,
        -- By what was sold: an upgrade after a year says nothing of how long the wait was.
        granted_sku as sku,
        granted_brand as brand,
        granted_license_model as license_model,
        price_band,
        channel,
        cohort_month,
        count(*) as entitlements,

    from fct_entitlement

    -- What was not delivered by the as-of time could not be activated. A part that was split off was delivered with its
    -- whole, and no customer waits for it a second time.
    where not is_test and parent_entitlement_id is null and delivered_at <= getvariable('as_of')

    -- Counted once for all dimensions: many are alike.
    group by all

),

members as (

    select 'all' as dimension, 'all' as segment, days_observed as day, outcome, entitlements from entitlements
    union all
    select 'product', sku, days_observed, outcome, entitlements from entitlements
    union all
    select 'brand', brand, days_observed, outcome, entitlements from entitlements
    union all
    select 'license_model', license_model, days_observed, outcome, entitlements from entitlements
    union all
    select 'price_band', coalesce(price_band, '(none)'), days_observed, outcome, entitlements from entitlements
    union all
    select 'channel', channel, days_observed, outcome, entitlements from entitlements
    union all
    select 'cohort_month', strftime(cohort_month, '%Y-%m'), days_observed, outcome, entitlements from entitlements

),

outcomes as (

    select
        dimension,
        segment,
        day,
        cast(coalesce(sum(entitlements) filter (where outcome = 'activated'), 0) as bigint) as activated,
        cast(coalesce(sum(entitlements) filter (where outcome = 'cancelled'), 0) as bigint) as cancelled,
        cast(coalesce(sum(entitlements) filter (where outcome = 'censored'), 0) as bigint) as censored,

    from members

    group by all

),

starts as (

    select distinct
        dimension,
        segment,
        0 as day,

    from members

),

days as (

    select
        dimension,
        segment,
        day,
        coalesce(outcomes.activated, 0) as activated,
        coalesce(outcomes.cancelled, 0) as cancelled,
        coalesce(outcomes.censored, 0) as censored,

    from outcomes

    full join starts
        using (dimension, segment, day)

),

at_risk as (

    select
        *,
        -- Who leaves on a day, for whatever reason, is still at risk on it.
        cast(sum(activated + cancelled + censored) over (
            partition by dimension, segment order by day rows between current row and unbounded following
        ) as bigint) as at_risk,

    from days

),

-- A running product or sum is rounded anew on every row. Taken only where it changes and carried on between, it is the
-- same number all along a flat stretch, and no curve turns back by a rounding error.
steps as (

    select
        *,
        case when activated > 0 then product(1 - activated / at_risk) over so_far end as survival_step,
        case
            when activated > 0 then sum(activated / nullif(at_risk * (at_risk - activated), 0)) over so_far
        end as greenwood_step,
        case
            when activated + cancelled > 0 then product(1 - (activated + cancelled) / at_risk) over so_far
        end as waiting_step,

    from at_risk

    window so_far as (
        partition by dimension, segment order by day rows between unbounded preceding and current row
    )

),

estimates as (

    select
        *,
        coalesce(last_value(survival_step ignore nulls) over so_far, 1.0) as survival,
        coalesce(last_value(greenwood_step ignore nulls) over so_far, 0.0) as greenwood,
        -- Just before the day's events.
        coalesce(last_value(waiting_step ignore nulls) over before, 1.0) as waiting,

    from steps

    window
        so_far as (
            partition by dimension, segment order by day rows between unbounded preceding and current row
        ),
        before as (
            partition by dimension, segment order by day rows between unbounded preceding and 1 preceding
        )

),

incidence_steps as (

    select
        *,
        case when activated > 0 then sum(waiting * activated / at_risk) over so_far end as activated_step,
        case when cancelled > 0 then sum(waiting * cancelled / at_risk) over so_far end as cancelled_step,
        -- The standard normal quantile of 97.5 %, times the standard error of log(−log(survival)).
        case
            when survival > 0 and survival < 1 then exp(1.959963984540054 * sqrt(greenwood) / abs(ln(survival)))
        end as spread,

    from estimates

    window so_far as (
        partition by dimension, segment order by day rows between unbounded preceding and current row
    )

),

curves as (

    select
        *,
        coalesce(last_value(activated_step ignore nulls) over so_far, 0.0) as incidence_activated,
        coalesce(last_value(cancelled_step ignore nulls) over so_far, 0.0) as incidence_cancelled,

    from incidence_steps

    window so_far as (
        partition by dimension, segment order by day rows between unbounded preceding and current row
    )

)

select
    dimension,
    segment,
    day,
    at_risk,
    activated,
    cancelled,
    censored,
    survival,
    -- Where no one has activated yet the interval is a point, where all have it is undefined, as in R.
    case when survival = 1 then 1.0 else pow(survival, spread) end as survival_low,
    case when survival = 1 then 1.0 else pow(survival, 1 / spread) end as survival_high,
    incidence_activated,
    incidence_cancelled,
from curves
order by dimension, segment, day
