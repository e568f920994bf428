-- How many of each segment activated, were cancelled, or were last seen waiting, by days since delivery.

with alike as (

    select
        'all' as "all",
        product,
        brand,
        license_model,
        price_band,
        channel,
        region,
        cohort_month,
        days_observed as day,
        outcome,
        count(*) as entitlements,

    from int_activation_wait

    -- Counted once for all dimensions: many are alike.
    group by all

),

members as (

    select
        dimension,
        segment,
        day,
        outcome,
        entitlements,

    from alike unpivot include nulls (
        segment for dimension in (
            "all", product, brand, license_model, price_band, channel, region, cohort_month
        )
    )

)

select
    dimension,
    segment,
    day,
    cast(coalesce(sum(entitlements) filter (where outcome = 'activated'), 0) as bigint) as activated,
    cast(coalesce(sum(entitlements) filter (where outcome = 'cancelled'), 0) as bigint) as cancelled,
    cast(coalesce(sum(entitlements) filter (where outcome = 'censored'), 0) as bigint) as censored,
    cast(coalesce(sum(entitlements) filter (where outcome = 'unknown'), 0) as bigint) as left_out,
from members
group by all
