-- Requests that were turned away. Nobody wants to see them more than a product manager.

select
    refusals.refusal_id as refusal_id,
    refusals.refused as refused,
    refusals.refused_at as refused_at,
    refusals.code as code,
    refusals.rule as rule,
    refusals.detail as detail,
    refusals.passes_at as passes_at,
    coalesce(refusals.customer_id, grants.customer_id) as customer_id,
    coalesce(refusals.order_id, grants.order_id) as order_id,
    refusals.entitlement_id as entitlement_id,
    coalesce(refusals.sku, grants.sku) as sku,
    grants.brand as brand,
    grants.license_model as license_model,
    coalesce(refusals.channel, grants.channel) as channel,
    refusals.host_hash as host_hash,
    refusals.os_type as os_type,
    refusals.os_version as os_version,
    refusals.arch as arch,
    refusals.app_version as app_version,
    coalesce(refusals.is_test, grants.is_test, false) as is_test,
    refusals.source as source,
from stg_refusals as refusals
left join stg_entitlement_grants as grants
    on refusals.entitlement_id = grants.entitlement_id
order by refused_at, refusal_id
