-- License models: what was sold in a month, and what was in force at its end (for the running month: at the as-of time).

with entitlements as (

    select
        entitlement_id,
        customer_id,
        brand,
        license_model,
        term,
        metric,
        currency,
        quantity,
        amount,
        ordered_at,
        ends_at,
        cancelled_at,
        month_of(ordered_at) as ordered_month,

    from fct_entitlement

    where not is_test and ordered_at <= getvariable('as_of')

),

groups as (

    select
        brand,
        license_model,
        term,
        metric,
        currency,
        min(ordered_month) as first_month,

    from entitlements

    group by all

),

months as (

    select
        brand,
        license_model,
        term,
        metric,
        currency,
        unnest(generate_series(
            cast(first_month as timestamp), date_trunc('month', getvariable('as_of')), interval 1 month
        )) as month_at,

    from groups

),

-- The instant of which the month's standing is told.
closings as (

    select
        brand,
        license_model,
        term,
        metric,
        currency,
        cast(month_at as date) as month,
        month_at + interval 1 month > getvariable('as_of') as is_partial,
        least(month_at + interval 1 month - interval 1 microsecond, getvariable('as_of')) as closing_at,

    from months

),

sold as (

    select
        brand,
        license_model,
        term,
        metric,
        currency,
        ordered_month as month,
        count(*) as entitlements_sold,
        cast(sum(quantity) as bigint) as seats_sold,
        cast(sum(amount) as bigint) as amount,

    from entitlements

    group by all

),

cancelled as (

    select
        brand,
        license_model,
        term,
        metric,
        currency,
        month_of(cancelled_at) as month,
        count(*) as entitlements_cancelled,

    from entitlements

    where cancelled_at is not null

    group by all

),

in_force as (

    select
        closings.brand as brand,
        closings.license_model as license_model,
        closings.term as term,
        closings.metric as metric,
        closings.currency as currency,
        closings.month as month,
        closings.closing_at as closing_at,
        entitlements.entitlement_id as entitlement_id,
        entitlements.customer_id as customer_id,
        entitlements.quantity as quantity,

    from closings

    inner join entitlements
        on closings.brand = entitlements.brand
        and closings.license_model = entitlements.license_model
        and closings.term = entitlements.term
        and closings.metric = entitlements.metric
        and closings.currency = entitlements.currency
        and entitlements.ordered_at <= closings.closing_at
        and (entitlements.cancelled_at is null or entitlements.cancelled_at > closings.closing_at)
        and (entitlements.ends_at is null or entitlements.ends_at > closings.closing_at)

),

bound as (

    select
        in_force.entitlement_id as entitlement_id,
        in_force.month as month,
        count(*) as seats_bound,

    from in_force

    inner join fct_activation as seats
        on in_force.entitlement_id = seats.entitlement_id
        and seats.bound_at <= in_force.closing_at
        and (seats.ended_at is null or seats.ended_at > in_force.closing_at)

    group by all

),

standing as (

    select
        in_force.brand as brand,
        in_force.license_model as license_model,
        in_force.term as term,
        in_force.metric as metric,
        in_force.currency as currency,
        in_force.month as month,
        count(*) as entitlements_active,
        cast(sum(in_force.quantity) as bigint) as seats_active,
        cast(coalesce(sum(bound.seats_bound), 0) as bigint) as seats_bound,
        count(distinct in_force.customer_id) as customers_active,

    from in_force

    left join bound
        on in_force.entitlement_id = bound.entitlement_id
        and in_force.month = bound.month

    group by all

)

select
    closings.month as month,
    closings.brand as brand,
    closings.license_model as license_model,
    closings.term as term,
    closings.metric as metric,
    closings.currency as currency,
    coalesce(sold.entitlements_sold, 0) as entitlements_sold,
    coalesce(sold.seats_sold, 0) as seats_sold,
    coalesce(sold.amount, 0) as amount,
    major_units(coalesce(sold.amount, 0), closings.currency) as amount_major,
    coalesce(cancelled.entitlements_cancelled, 0) as entitlements_cancelled,
    coalesce(standing.entitlements_active, 0) as entitlements_active,
    coalesce(standing.seats_active, 0) as seats_active,
    coalesce(standing.seats_bound, 0) as seats_bound,
    coalesce(standing.customers_active, 0) as customers_active,
    closings.is_partial as is_partial,
from closings
left join sold
    using (brand, license_model, term, metric, currency, month)
left join cancelled
    using (brand, license_model, term, metric, currency, month)
left join standing
    using (brand, license_model, term, metric, currency, month)
order by month, brand, license_model, term, metric, currency
