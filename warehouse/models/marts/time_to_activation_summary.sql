-- One line on each curve: median and quartiles with their intervals, and the share activated within so many days.

with curve as (

    select
        dimension,
        segment,
        day,
        at_risk,
        activated,
        cancelled,
        survival,
        survival_low,
        survival_high,

    from time_to_activation

),

-- An estimate that is one half on paper may be a hair above it as a product of fractions; no real step is this small.
quantiles as (

    select
        dimension,
        segment,
        max(at_risk) as entitlements,
        cast(sum(activated) as bigint) as activated,
        cast(sum(cancelled) as bigint) as cancelled,
        -- An interval is where the ends of the curve's own come down to the same share (Brookmeyer and Crowley, 1982). Where
        -- all have activated, that is undefined, and surely below any quantile at its lower end.
        min(day) filter (where survival <= 0.50 + 1e-9) as median_days,
        min(day) filter (where coalesce(survival_low, 0) <= 0.50 + 1e-9) as median_low,
        min(day) filter (where survival_high <= 0.50 + 1e-9) as median_high,
        min(day) filter (where survival <= 0.75 + 1e-9) as p25_days,
        min(day) filter (where coalesce(survival_low, 0) <= 0.75 + 1e-9) as p25_low,
        min(day) filter (where survival_high <= 0.75 + 1e-9) as p25_high,
        min(day) filter (where survival <= 0.25 + 1e-9) as p75_days,
        min(day) filter (where coalesce(survival_low, 0) <= 0.25 + 1e-9) as p75_low,
        min(day) filter (where survival_high <= 0.25 + 1e-9) as p75_high,
        sum(day * activated) / nullif(sum(activated), 0) as mean_days_of_activated,
        max(day) as last_day,
        min(survival) as last_survival,

    from curve

    group by all

),

horizons as (

    select unnest([1, 7, 30, 90]) as horizon,

),

-- The curve is a step: its value on a day is that of the last row up to it. Behind the last observation it is unknown,
-- unless nobody was left to wait.
shares as (

    select
        quantiles.dimension as dimension,
        quantiles.segment as segment,
        horizons.horizon as horizon,
        1 - arg_max(curve.survival, curve.day) as share,
        1 - arg_max_null(curve.survival_high, curve.day) as share_low,
        1 - arg_max_null(curve.survival_low, curve.day) as share_high,

    from quantiles

    inner join horizons
        on horizons.horizon <= quantiles.last_day or quantiles.last_survival = 0

    inner join curve
        on quantiles.dimension = curve.dimension
        and quantiles.segment = curve.segment
        and curve.day <= horizons.horizon

    group by all

),

wide as (

    select
        dimension,
        segment,
        max(share) filter (where horizon = 1) as share_day_1,
        max(share_low) filter (where horizon = 1) as share_day_1_low,
        max(share_high) filter (where horizon = 1) as share_day_1_high,
        max(share) filter (where horizon = 7) as share_day_7,
        max(share_low) filter (where horizon = 7) as share_day_7_low,
        max(share_high) filter (where horizon = 7) as share_day_7_high,
        max(share) filter (where horizon = 30) as share_day_30,
        max(share_low) filter (where horizon = 30) as share_day_30_low,
        max(share_high) filter (where horizon = 30) as share_day_30_high,
        max(share) filter (where horizon = 90) as share_day_90,
        max(share_low) filter (where horizon = 90) as share_day_90_low,
        max(share_high) filter (where horizon = 90) as share_day_90_high,

    from shares

    group by all

),

unknown as (

    select
        dimension,
        segment,
        cast(sum(left_out) as bigint) as left_out,

    from int_activation_day

    where left_out > 0

    group by all

)

select
    coalesce(quantiles.dimension, unknown.dimension) as dimension,
    coalesce(quantiles.segment, unknown.segment) as segment,
    coalesce(quantiles.entitlements, 0) as entitlements,
    coalesce(quantiles.activated, 0) as activated,
    coalesce(quantiles.cancelled, 0) as cancelled,
    coalesce(quantiles.entitlements - quantiles.activated - quantiles.cancelled, 0) as censored,
    quantiles.median_days as median_days,
    quantiles.median_low as median_low,
    quantiles.median_high as median_high,
    quantiles.p25_days as p25_days,
    quantiles.p25_low as p25_low,
    quantiles.p25_high as p25_high,
    quantiles.p75_days as p75_days,
    quantiles.p75_low as p75_low,
    quantiles.p75_high as p75_high,
    wide.share_day_1 as share_day_1,
    wide.share_day_1_low as share_day_1_low,
    wide.share_day_1_high as share_day_1_high,
    wide.share_day_7 as share_day_7,
    wide.share_day_7_low as share_day_7_low,
    wide.share_day_7_high as share_day_7_high,
    wide.share_day_30 as share_day_30,
    wide.share_day_30_low as share_day_30_low,
    wide.share_day_30_high as share_day_30_high,
    wide.share_day_90 as share_day_90,
    wide.share_day_90_low as share_day_90_low,
    wide.share_day_90_high as share_day_90_high,
    quantiles.mean_days_of_activated as mean_days_of_activated,
    coalesce(unknown.left_out, 0) as left_out,
from quantiles
full join unknown
    on quantiles.dimension = unknown.dimension
    and quantiles.segment = unknown.segment
left join wide
    on quantiles.dimension = wide.dimension
    and quantiles.segment = wide.segment
order by dimension, segment
