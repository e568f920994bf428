-- How long customers wait before they activate, as curves: Kaplan and Meier (1958) with Greenwood's variance and the
-- log(−log) interval (Kalbfleisch and Prentice), cumulative incidences by Aalen and Johansen (1978).

with outcomes as (

    select
        dimension,
        segment,
        day,
        activated,
        cancelled,
        censored,

    from int_activation_day

    -- Of some it is only known that they are left out.
    where activated + cancelled + censored > 0

),

starts as (

    select distinct
        dimension,
        segment,
        0 as day,

    from outcomes

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
