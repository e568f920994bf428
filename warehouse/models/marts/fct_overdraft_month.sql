-- Entitlements of which more seats were bound at once than were bought, by month.

select
    months.month as month,
    months.entitlement_id as entitlement_id,
    months.order_id as order_id,
    months.customer_id as customer_id,
    months.sku as sku,
    months.brand as brand,
    grants.country as country,
    months.license_model as license_model,
    months.quantity as quantity,
    months.seats_over as seats_over,
    months.is_test as is_test,
from int_entitlement_month as months
inner join stg_entitlement_grants as grants
    on months.entitlement_id = grants.entitlement_id
where months.seats_over > 0
order by month, entitlement_id
