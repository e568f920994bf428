-- Short licenses that were lent beside the seats: to work on through a failure, a late renewal, a mistake of the vendor's.

select
    lent.license_id as license_id,
    lent.activation_id as activation_id,
    lent.entitlement_id as entitlement_id,
    lent.order_id as order_id,
    coalesce(states.customer_id, lent.customer_id) as customer_id,
    coalesce(states.sku, lent.sku) as sku,
    states.brand as brand,
    states.license_model as license_model,
    states.price_band as price_band,
    states.channel as channel,
    lent.kind as kind,
    lent.host_hash as host_hash,
    lent.generation as generation,
    lent.not_before_at as not_before_at,
    lent.expires_at as expires_at,
    days_between(lent.not_before_at, lent.expires_at) as days_lent,
    lent.expires_at > getvariable('as_of') as is_running,
    coalesce(states.is_test, false) as is_test,
    lent.source as source,
from stg_temporary_licenses as lent
left join int_entitlement_state as states
    on lent.entitlement_id = states.entitlement_id
    and states.stood_from_at <= lent.lent_at
    and states.stood_until_at > lent.lent_at
order by license_id
