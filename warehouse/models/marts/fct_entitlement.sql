-- Entitlements, with what came of them by the as-of time.

with seats as (

    select
        entitlement_id,
        min(bound_at) as first_activated_at,
        max(bound_at) as last_activated_at,
        count(*) as activations,
        count(*) filter (where is_bound) as seats_bound,
        cast(sum(licenses_issued) as bigint) as licenses_issued,

    from fct_activation

    group by all

),

entitlements as (

    select
        grants.*,
        cancellations.cancelled_at as cancelled_at,
        cancellations.reason as cancel_reason,
        seats.first_activated_at as first_activated_at,
        seats.last_activated_at as last_activated_at,
        coalesce(seats.activations, 0) as activations,
        coalesce(seats.seats_bound, 0) as seats_bound,
        coalesce(seats.licenses_issued, 0) as licenses_issued,
        case
            -- At the same microsecond the seat was bound first: nobody binds a cancelled entitlement.
            when seats.first_activated_at is not null then 'activated'
            when cancellations.cancelled_at is not null then 'cancelled'
            else 'censored'
        end as outcome,

    from stg_entitlement_grants as grants

    left join stg_entitlement_cancellations as cancellations
        on grants.entitlement_id = cancellations.entitlement_id

    left join seats
        on grants.entitlement_id = seats.entitlement_id

)

select
    entitlement_id,
    order_id,
    line_number,
    customer_id,
    sku,
    product_name,
    brand,
    license_model,
    license_model_name,
    term,
    metric,
    channel,
    country,
    price_band,
    quantity,
    unit_amount,
    amount,
    currency,
    major_units(amount, currency) as amount_major,
    ordered_at,
    delivered_at,
    starts_at,
    ends_at,
    first_activated_at,
    last_activated_at,
    cancelled_at,
    cancel_reason,
    outcome,
    case when outcome = 'activated' then days_between(delivered_at, first_activated_at) end as days_to_activate,
    days_between(
        delivered_at, coalesce(first_activated_at, cancelled_at, getvariable('as_of'))
    ) as days_observed,
    outcome = 'activated' as is_activated,
    outcome = 'censored' as is_censored,
    case
        when cancelled_at is not null then 'cancelled'
        when ends_at <= getvariable('as_of') then 'expired'
        else 'active'
    end as status,
    seats_bound,
    activations,
    licenses_issued,
    parent_entitlement_id,
    month_of(ordered_at) as cohort_month,
    is_test,
    source,
    recorded_at,
from entitlements
order by entitlement_id
