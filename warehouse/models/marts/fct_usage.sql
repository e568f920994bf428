-- Units of metered rights as they were used. Sums over a period are of units; units_used is the running count that the
-- ledger kept.

select
    usages.usage_id as usage_id,
    usages.activation_id as activation_id,
    usages.entitlement_id as entitlement_id,
    usages.order_id as order_id,
    coalesce(states.customer_id, usages.customer_id) as customer_id,
    coalesce(states.sku, usages.sku) as sku,
    states.brand as brand,
    states.license_model as license_model,
    states.price_band as price_band,
    states.channel as channel,
    usages.used_at as used_at,
    usages.units as units,
    usages.units_used as units_used,
    usages.units_over as units_over,
    states.quantity as quantity,
    usages.period_starts_at as period_starts_at,
    usages.period_ends_at as period_ends_at,
    coalesce(states.is_test, false) as is_test,
    usages.source as source,
from stg_usages as usages
left join int_entitlement_state as states
    on usages.entitlement_id = states.entitlement_id
    and states.stood_from_at <= usages.used_at
    and states.stood_until_at > usages.used_at
order by usage_id
