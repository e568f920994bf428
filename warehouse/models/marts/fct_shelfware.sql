-- What was paid for and delivered, and not activated within 30 days. Once that is so it stays so, whoever comes late.

with delivered as (

    select
        *,
        delivered_at + interval 30 day as shelved_at,

    from fct_entitlement

    where amount > 0
        -- What was split off was paid for with its whole.
        and parent_entitlement_id is null
        -- What came from another system without its seats may have been in use there all the time.
        and is_wait_known

),

shelved as (

    select *

    from delivered

    where shelved_at <= getvariable('as_of')
        and (first_activated_at is null or first_activated_at > shelved_at)
        and (cancelled_at is null or cancelled_at > shelved_at)
        -- A site or a metered license is used without binding a seat.
        and metric not in ('site', 'metered')

)

select
    entitlement_id,
    order_id,
    customer_id,
    sku,
    product_name,
    brand,
    license_model,
    channel,
    price_band,
    quantity,
    amount,
    currency,
    amount_major,
    delivered_at,
    shelved_at,
    first_activated_at,
    -- Until somebody came, the right was over, or the as-of time.
    days_between(delivered_at, least(first_activated_at, cancelled_at, ends_at, getvariable('as_of'))) as days_unused,
    status,
    first_activated_at is null and status in ('active', 'suspended') as is_open,
    is_test,
from shelved
order by entitlement_id
