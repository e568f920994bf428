-- Which payment a refund is of: the latest of the order line that is not refunded yet, then the one before it. What was paid
-- is a pile, and refunds take from its top: money between two heights of the pile came with the last payment that reached
-- them before the refund.

with moves as (

    select
        order_id,
        line_number,
        currency,
        event_id,
        entitlement_id,
        kind in ('refund', 'credit') as is_refund,
        cast(sum(amount) over so_far as hugeint) as height_after,
        cast(sum(amount) over so_far as hugeint) - amount as height_before,
        row_number() over so_far as place,

    from fct_order_line

    where amount <> 0 and (order_id, line_number) in (select (order_id, line_number) from stg_order_refunds)

    window so_far as (
        partition by order_id, line_number, currency
        order by booked_at, kind in ('refund', 'credit'), recorded_at, event_id, entitlement_id
        rows between unbounded preceding and current row
    )

),

reached as (

    select
        refunds.event_id as event_id,
        refunds.line_number as line_number,
        charges.event_id as charge_event_id,
        charges.entitlement_id as entitlement_id,
        charges.place as place,
        refunds.place as refund_place,
        greatest(charges.height_before, refunds.height_after) as from_height,
        least(charges.height_after, refunds.height_before) as to_height,

    from moves as refunds

    inner join moves as charges
        on refunds.order_id = charges.order_id
        and refunds.line_number = charges.line_number
        and refunds.currency = charges.currency
        and not charges.is_refund
        and charges.place < refunds.place
        and charges.height_after > refunds.height_after
        and charges.height_before < refunds.height_before

    where refunds.is_refund

),

heights as (

    select distinct
        event_id,
        line_number,
        unnest([from_height, to_height]) as height,

    from reached

),

slices as (

    select
        event_id,
        line_number,
        height,
        lead(height) over (partition by event_id, line_number order by height) as next_height,

    from heights

),

taken as (

    select
        slices.event_id as event_id,
        slices.line_number as line_number,
        reached.charge_event_id as charge_event_id,
        reached.entitlement_id as entitlement_id,
        reached.refund_place as refund_place,
        slices.next_height - slices.height as amount,

    from slices

    inner join reached
        on slices.event_id = reached.event_id
        and slices.line_number = reached.line_number
        and reached.from_height <= slices.height
        and reached.to_height >= slices.next_height

    qualify row_number() over (
        partition by slices.event_id, slices.line_number, slices.height order by reached.place desc
    ) = 1

),

parts as (

    select
        event_id,
        line_number,
        entitlement_id,
        charge_event_id,
        refund_place,
        sum(amount) as amount,

    from taken

    group by all

)

select
    parts.event_id as event_id,
    parts.line_number as line_number,
    parts.entitlement_id as entitlement_id,
    parts.charge_event_id as charge_event_id,
    cast(parts.amount as bigint) as amount,
    cast(
        int_charge.amount - sum(parts.amount) over (
            partition by parts.charge_event_id, parts.entitlement_id order by parts.refund_place
        ) as bigint
    ) as amount_left,
from parts
inner join int_charge
    on parts.charge_event_id = int_charge.event_id
    and parts.entitlement_id = int_charge.entitlement_id
order by event_id, line_number, entitlement_id, charge_event_id
