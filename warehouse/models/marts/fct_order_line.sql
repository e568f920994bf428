-- Order lines with their money.

with products as (

    select
        sku,
        brand,

    from dim_product

)

select
    order_lines.order_id as order_id,
    order_lines.line_number as line_number,
    order_lines.entitlement_id as entitlement_id,
    order_lines.customer_id as customer_id,
    order_lines.sku as sku,
    products.brand as brand,
    order_lines.license_model as license_model,
    order_lines.price_band as price_band,
    order_lines.channel as channel,
    order_lines.country as country,
    order_lines.quantity as quantity,
    order_lines.unit_amount as unit_amount,
    order_lines.amount as amount,
    order_lines.currency as currency,
    major_units(order_lines.unit_amount, order_lines.currency) as unit_amount_major,
    major_units(order_lines.amount, order_lines.currency) as amount_major,
    order_lines.ordered_at as ordered_at,
    order_lines.starts_at as starts_at,
    cancellations.cancelled_at as cancelled_at,
    cancellations.reason as cancel_reason,
    order_lines.is_test as is_test,
    order_lines.source as source,
    order_lines.recorded_at as recorded_at,
from stg_order_lines as order_lines
left join stg_order_cancellations as cancellations
    on order_lines.order_id = cancellations.order_id
left join products
    on order_lines.sku = products.sku
order by order_id, line_number
