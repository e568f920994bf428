-- Who waits for an activation, for how long, and what became of it: what every estimate of the wait counts.

select
    entitlement_id,
    customer_id,
    ordered_at,
    delivered_at,
    if(is_wait_known, outcome, 'unknown') as outcome,
    -- To the activation, to the cancellation, or as long as anyone could look.
    if(
        is_wait_known,
        days_between(delivered_at, coalesce(first_activated_at, cancelled_at, getvariable('as_of'))),
        0
    ) as days_observed,
    -- By what was sold: an upgrade after a year says nothing of how long the wait was.
    granted_sku as product,
    granted_brand as brand,
    granted_license_model as license_model,
    coalesce(price_band, '(none)') as price_band,
    channel,
    coalesce(country, '(none)') as region,
    strftime(cohort_month, '%Y-%m') as cohort_month,
from fct_entitlement

-- What was not delivered by the as-of time could not be activated. A part that was split off was delivered with its
-- whole, and no customer waits for it a second time.
where not is_test and parent_entitlement_id is null and delivered_at <= getvariable('as_of')
