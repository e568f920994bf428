-- License models: what was sold in a month, and what was in force at its end (for the running month: at the as-of time).

with grants as (

    select
        entitlements.entitlement_id as entitlement_id,
        entitlements.granted_brand as brand,
        entitlements.granted_license_model as license_model,
        granted.term as term,
        granted.metric as metric,
        entitlements.currency as currency,
        entitlements.granted_quantity as quantity,
        entitlements.amount as amount,
        month_of(entitlements.ordered_at) as month,
        entitlements.parent_entitlement_id is not null as is_split_off,

    from fct_entitlement as entitlements

    inner join int_entitlement_state as granted
        on entitlements.entitlement_id = granted.entitlement_id
        and granted.event_type = 'entitlement.granted'

    where not entitlements.is_test and entitlements.ordered_at <= getvariable('as_of')

),

-- An entitlement stands where its model is at the time: an upgrade takes it from one row to another.
states as (

    select
        *,
        month_of(changed_at) as month,

    from int_entitlement_state

    where entitlement_id in (select entitlement_id from grants)

),

groups as (

    select
        brand,
        license_model,
        term,
        metric,
        currency,
        min(month) as first_month,

    from (
        select brand, license_model, term, metric, currency, month from grants
        union all
        select brand, license_model, term, metric, currency, month from states
    ) as appearances

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
            greatest(cast(first_month as timestamp), getvariable('from_at')),
            least(date_trunc('month', getvariable('as_of')), getvariable('until_at') - interval 1 month),
            interval 1 month
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
        is_running(month_at) as is_partial,
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
        month,
        count(*) as entitlements_sold,
        cast(sum(quantity) as bigint) as seats_sold,
        cast(sum(amount) as bigint) as amount,

    from grants

    -- What was split off was sold with its whole.
    where not is_split_off

    group by all

),

changed as (

    select
        brand,
        license_model,
        term,
        metric,
        currency,
        month,
        count(*) filter (where event_type = 'entitlement.renewed') as renewals,
        count(*) filter (where event_type = 'entitlement.upgraded') as upgrades,
        cast(coalesce(sum(quantity_added) filter (where event_type = 'entitlement.extended'), 0) as bigint)
            as seats_extended,
        count(*) filter (where event_type = 'entitlement.cancelled' and changed_at = cancelled_at)
            as entitlements_cancelled,

    from states

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
        states.entitlement_id as entitlement_id,
        states.customer_id as customer_id,
        states.quantity as quantity,
        states.suspended_at is not null as is_suspended,

    from closings

    inner join states
        on closings.brand = states.brand
        and closings.license_model = states.license_model
        and closings.term = states.term
        and closings.metric = states.metric
        and closings.currency = states.currency
        and states.changed_at <= closings.closing_at
        and (states.next_changed_at is null or states.next_changed_at > closings.closing_at)
        and states.cancelled_at is null
        -- Suspension comes before the end of the term, as in fct_entitlement.status.
        and (states.suspended_at is not null or states.ends_at is null or states.ends_at > closings.closing_at)

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
        count(*) filter (where not in_force.is_suspended) as entitlements_active,
        count(*) filter (where in_force.is_suspended) as entitlements_suspended,
        cast(sum(in_force.quantity) filter (where not in_force.is_suspended) as bigint) as seats_active,
        cast(sum(bound.seats_bound) filter (where not in_force.is_suspended) as bigint) as seats_bound,
        count(distinct in_force.customer_id) filter (where not in_force.is_suspended) as customers_active,

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
    coalesce(changed.renewals, 0) as renewals,
    coalesce(changed.upgrades, 0) as upgrades,
    coalesce(changed.seats_extended, 0) as seats_extended,
    coalesce(changed.entitlements_cancelled, 0) as entitlements_cancelled,
    coalesce(standing.entitlements_active, 0) as entitlements_active,
    coalesce(standing.entitlements_suspended, 0) as entitlements_suspended,
    coalesce(standing.seats_active, 0) as seats_active,
    coalesce(standing.seats_bound, 0) as seats_bound,
    coalesce(standing.customers_active, 0) as customers_active,
    closings.is_partial as is_partial,
from closings
left join sold
    using (brand, license_model, term, metric, currency, month)
left join changed
    using (brand, license_model, term, metric, currency, month)
left join standing
    using (brand, license_model, term, metric, currency, month)
order by month, brand, license_model, term, metric, currency
