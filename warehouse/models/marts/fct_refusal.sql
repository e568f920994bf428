-- Requests that were turned away. Nobody wants to see them more than a product manager.

select
    refusals.refusal_id as refusal_id,
    refusals.refused as refused,
    refusals.request as request,
    refusals.refused_at as refused_at,
    refusals.code as code,
    refusals.rule as rule,
    refusals.detail as detail,
    refusals.passes_at as passes_at,
    coalesce(states.customer_id, refusals.customer_id) as customer_id,
    coalesce(refusals.order_id, states.order_id) as order_id,
    refusals.entitlement_id as entitlement_id,
    coalesce(states.sku, refusals.sku) as sku,
    states.brand as brand,
    states.license_model as license_model,
    states.price_band as price_band,
    coalesce(refusals.channel, states.channel) as channel,
    refusals.host_hash as host_hash,
    refusals.os_type as os_type,
    refusals.os_version as os_version,
    refusals.arch as arch,
    refusals.app_version as app_version,
    coalesce(refusals.is_test, states.is_test, false) as is_test,
    refusals.source as source,
from stg_refusals as refusals
-- As it stood then: whose it was, and what it was a right to.
left join int_entitlement_state as states
    on refusals.entitlement_id = states.entitlement_id
    and states.stood_from_at <= refusals.refused_at
    and states.stood_until_at > refusals.refused_at
order by refused_at, refusal_id
