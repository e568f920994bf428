-- Entitlements as they stand at the as-of time, with what was sold and with what came of them.

with seats as (

    select
        entitlement_id,
        min(bound_at) as first_activated_at,
        min(bound_at) filter (where starts_with(source, 'import:')) as first_brought_in_at,
        max(bound_at) as last_activated_at,
        count(distinct activation_id) as activations,
        count(*) filter (where is_bound) as seats_bound,
        count(*) filter (where bind_reason = 'rehosted') as rehosts,
        count(*) filter (where bind_reason = 'repaired') as repairs,
        count(*) filter (where end_reason = 'returned') as returns,
        cast(sum(licenses_issued) as bigint) as licenses_issued,

    from fct_activation

    group by all

),

lent as (

    select
        entitlement_id,
        count(*) as temporary_licenses,

    from fct_temporary_license

    group by all

),

cloned as (

    select
        entitlement_id,
        count(*) as clones,

    from fct_clone

    group by all

),

entitlements as (

    select
        present.*,
        grants.line_number as line_number,
        grants.country as country,
        grants.unit_amount as unit_amount,
        grants.amount as amount,
        grants.ordered_at as ordered_at,
        grants.delivered_at as delivered_at,
        grants.parent_entitlement_id as parent_entitlement_id,
        grants.customer_id as granted_customer_id,
        grants.sku as granted_sku,
        grants.brand as granted_brand,
        grants.license_model as granted_license_model,
        grants.quantity as granted_quantity,
        grants.source as source,
        grants.recorded_at as recorded_at,
        cancellations.reason as cancel_reason,
        seats.first_activated_at as first_activated_at,
        seats.last_activated_at as last_activated_at,
        -- Another system that tells of no seat leaves open whether one was taken there, and when. Neither does a seat that is
        -- taken here later tell that it was the first.
        not starts_with(grants.source, 'import:')
        or coalesce(seats.first_brought_in_at = seats.first_activated_at, false) as is_wait_known,
        coalesce(seats.activations, 0) as activations,
        coalesce(seats.seats_bound, 0) as seats_bound,
        coalesce(seats.licenses_issued, 0) as licenses_issued,
        coalesce(seats.rehosts, 0) as rehosts,
        coalesce(seats.repairs, 0) as repairs,
        coalesce(seats.returns, 0) as returns,
        coalesce(lent.temporary_licenses, 0) as temporary_licenses,
        coalesce(cloned.clones, 0) as clones,
        case
            -- At the same microsecond the seat was bound first: nobody binds a cancelled entitlement.
            when seats.first_activated_at is not null then 'activated'
            when present.cancelled_at is not null then 'cancelled'
            else 'censored'
        end as outcome,

    from stg_entitlement_grants as grants

    inner join int_entitlement_state as present
        on grants.entitlement_id = present.entitlement_id
        and present.next_changed_at is null

    left join stg_entitlement_cancellations as cancellations
        on grants.entitlement_id = cancellations.entitlement_id

    left join seats
        on grants.entitlement_id = seats.entitlement_id

    left join lent
        on grants.entitlement_id = lent.entitlement_id

    left join cloned
        on grants.entitlement_id = cloned.entitlement_id

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
    maintenance_ends_at,
    first_activated_at,
    last_activated_at,
    suspended_at,
    cancelled_at,
    cancel_reason,
    outcome,
    case when outcome = 'activated' then days_between(delivered_at, first_activated_at) end as days_to_activate,
    outcome = 'activated' as is_activated,
    outcome = 'censored' as is_censored,
    is_wait_known,
    case
        when cancelled_at is not null then 'cancelled'
        when suspended_at is not null then 'suspended'
        when ends_at <= getvariable('as_of') then 'expired'
        else 'active'
    end as status,
    seats_bound,
    activations,
    licenses_issued,
    renewals,
    upgrades,
    rehosts,
    repairs,
    returns,
    temporary_licenses,
    clones,
    parent_entitlement_id,
    granted_customer_id,
    granted_sku,
    granted_brand,
    granted_license_model,
    granted_quantity,
    month_of(ordered_at) as cohort_month,
    is_test,
    source,
    recorded_at,
from entitlements
order by entitlement_id
