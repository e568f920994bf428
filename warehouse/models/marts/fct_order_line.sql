-- Lines of money: what was ordered, what was paid for it later, and what went back.

with sales as (

    select
        'sale' as kind,
        lines.event_id as event_id,
        lines.order_id as order_id,
        lines.line_number as line_number,
        lines.entitlement_id as entitlement_id,
        lines.customer_id as customer_id,
        lines.sku as sku,
        grants.brand as brand,
        lines.license_model as license_model,
        lines.price_band as price_band,
        lines.channel as channel,
        lines.country as country,
        lines.quantity as quantity,
        lines.unit_amount as unit_amount,
        lines.amount as amount,
        lines.currency as currency,
        lines.ordered_at as ordered_at,
        lines.starts_at as starts_at,
        lines.ordered_at as booked_at,
        cast(null as varchar) as refund_id,
        cast(null as varchar) as reason,
        lines.is_test as is_test,
        lines.source as source,
        lines.recorded_at as recorded_at,

    from stg_order_lines as lines

    -- The brand as it was sold: a product that changes hands takes no money of the past with it.
    left join stg_entitlement_grants as grants
        on lines.entitlement_id = grants.entitlement_id

),

-- Renewals, upgrades and extensions. A part that was split off is of the same order line as its whole.
changes as (

    select
        prices.kind as kind,
        prices.event_id as event_id,
        grants.order_id as order_id,
        grants.line_number as line_number,
        prices.entitlement_id as entitlement_id,
        prices.customer_id as customer_id,
        states.sku as sku,
        states.brand as brand,
        states.license_model as license_model,
        grants.price_band as price_band,
        grants.channel as channel,
        grants.country as country,
        coalesce(prices.quantity_added, states.quantity) as quantity,
        cast(null as bigint) as unit_amount,
        prices.amount as amount,
        prices.currency as currency,
        coalesce(sales.ordered_at, grants.ordered_at) as ordered_at,
        prices.starts_at as starts_at,
        prices.occurred_at as booked_at,
        cast(null as varchar) as refund_id,
        prices.reason as reason,
        grants.is_test as is_test,
        prices.source as source,
        prices.recorded_at as recorded_at,

    from stg_change_prices as prices

    inner join stg_entitlement_grants as grants
        on prices.entitlement_id = grants.entitlement_id

    inner join int_entitlement_state as states
        on prices.event_id = states.event_id

    left join sales
        on grants.order_id = sales.order_id
        and grants.line_number = sales.line_number

),

refunds as (

    select
        refunds.kind as kind,
        refunds.event_id as event_id,
        refunds.order_id as order_id,
        refunds.line_number as line_number,
        sales.entitlement_id as entitlement_id,
        refunds.customer_id as customer_id,
        sales.sku as sku,
        sales.brand as brand,
        sales.license_model as license_model,
        sales.price_band as price_band,
        sales.channel as channel,
        sales.country as country,
        -refunds.quantity as quantity,
        cast(null as bigint) as unit_amount,
        -refunds.amount as amount,
        refunds.currency as currency,
        sales.ordered_at as ordered_at,
        cast(null as timestamp) as starts_at,
        refunds.occurred_at as booked_at,
        refunds.refund_id as refund_id,
        refunds.reason as reason,
        sales.is_test as is_test,
        refunds.source as source,
        refunds.recorded_at as recorded_at,

    from stg_order_refunds as refunds

    -- One that is of no line stays, and fails the tests of the columns it lacks: money is not left out in silence.
    left join sales
        on refunds.order_id = sales.order_id
        and refunds.line_number = sales.line_number

),

lines as (

    select * from sales
    union all
    select * from changes
    union all
    select * from refunds

)

select
    lines.order_id as order_id,
    lines.line_number as line_number,
    lines.entitlement_id as entitlement_id,
    lines.customer_id as customer_id,
    lines.sku as sku,
    lines.brand as brand,
    lines.license_model as license_model,
    lines.price_band as price_band,
    lines.channel as channel,
    lines.country as country,
    lines.quantity as quantity,
    lines.unit_amount as unit_amount,
    lines.amount as amount,
    lines.currency as currency,
    major_units(lines.unit_amount, lines.currency) as unit_amount_major,
    major_units(lines.amount, lines.currency) as amount_major,
    lines.ordered_at as ordered_at,
    lines.starts_at as starts_at,
    cancellations.cancelled_at as cancelled_at,
    cancellations.reason as cancel_reason,
    lines.is_test as is_test,
    lines.source as source,
    lines.recorded_at as recorded_at,
    lines.kind as kind,
    lines.booked_at as booked_at,
    lines.refund_id as refund_id,
    lines.reason as reason,
    lines.event_id as event_id,
from lines
left join stg_order_cancellations as cancellations
    on lines.order_id = cancellations.order_id
order by order_id, line_number, booked_at, recorded_at, event_id, entitlement_id
