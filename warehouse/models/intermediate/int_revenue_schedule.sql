-- When what was paid becomes revenue. A refund is a payment below zero for the same time as the payment that it is of: what was
-- already recognized of it is reversed at once, what was still to come comes no more. It takes a payment from one amount to another,
-- and each of the two is rounded: with the refunds before it, nothing is left of a payment that went back whole, on no day.

with refunds as (

    select
        charges.entitlement_id as entitlement_id,
        lines.event_id as event_id,
        charges.event_id as charge_event_id,
        lines.kind as kind,
        charges.order_id as order_id,
        charges.line_number as line_number,
        charges.customer_id as customer_id,
        charges.sku as sku,
        charges.brand as brand,
        charges.license_model as license_model,
        charges.term as term,
        charges.currency as currency,
        parts.amount_left + parts.amount as amount_before,
        parts.amount_left as amount_after,
        lines.booked_at as booked_at,
        charges.service_starts_at as service_starts_at,
        charges.service_ends_at as service_ends_at,
        charges.cancelled_at as cancelled_at,
        charges.replaced_at as replaced_at,
        charges.is_test as is_test,

    from int_refund_part as parts

    inner join int_charge as charges
        on parts.charge_event_id = charges.event_id
        and parts.entitlement_id = charges.entitlement_id

    inner join fct_order_line as lines
        on parts.event_id = lines.event_id
        and parts.line_number = lines.line_number

),

payments as (

    select
        entitlement_id,
        event_id,
        event_id as charge_event_id,
        kind,
        order_id,
        line_number,
        customer_id,
        sku,
        brand,
        license_model,
        term,
        currency,
        0 as amount_before,
        amount as amount_after,
        booked_at,
        service_starts_at,
        service_ends_at,
        cancelled_at,
        replaced_at,
        is_test,

    from int_charge

    union all

    select * from refunds

),

measured as (

    select
        *,
        -- Days that a term has, by its dates; one that begins and ends on the same is a day.
        greatest(1, date_diff('day', service_starts_at, service_ends_at)) as service_days,
        date_diff('month', service_starts_at, service_ends_at) as months,

    from payments

)

select
    entitlement_id,
    event_id,
    charge_event_id,
    kind,
    order_id,
    line_number,
    customer_id,
    sku,
    brand,
    license_model,
    term,
    currency,
    amount_before,
    amount_after,
    amount_after - amount_before as amount,
    booked_at,
    service_starts_at,
    service_ends_at,
    if(term = 'perpetual' or service_ends_at is null, null, service_days) as service_days,
    cancelled_at,
    replaced_at,
    -- From when on nothing is deferred: null where the term has not begun, and nobody ended it.
    least(
        case
            when term = 'perpetual' then greatest(booked_at, service_starts_at)
            when service_ends_at is null then null
            else greatest(booked_at, date_trunc('day', service_starts_at) + to_days(cast(service_days - 1 as integer)))
        end,
        if(cancelled_at is null, null, greatest(cancelled_at, booked_at))
    ) as settled_at,
    -- A month's part of what recurs: of whole months as many parts, of other terms by days, of which a month has 30.4375 (487/16).
    case
        when term <> 'subscription' or service_ends_at is null then 0
        when months > 0 and service_starts_at + to_months(cast(months as integer)) = service_ends_at
            then part_of(amount_after, 1, months) - part_of(amount_before, 1, months)
        else part_of(amount_after, 487, 16 * service_days) - part_of(amount_before, 487, 16 * service_days)
    end as monthly_amount,
    is_test,
from measured
order by entitlement_id, charge_event_id, booked_at, event_id
