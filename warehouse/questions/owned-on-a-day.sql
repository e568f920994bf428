-- What a customer owned on a day: each entitlement as its last change by the end of that day (UTC) left it, where it was the
-- customer's then and in force. Any day up to the as-of time; what was transferred or merged since then is theirs all the same.

with asked as (

    select
        'C-00001' as customer_id,
        date '2026-03-15' as day,

),

standing as (

    select
        entitlement_history.*,
        asked.customer_id as asked_customer_id,

    from entitlement_history

    cross join asked

    where occurred_at < asked.day + interval 1 day

    -- Before anything is said of the customer: the last change may have made it somebody else's.
    qualify row_number() over (partition by entitlement_id order by change_number desc) = 1

)

select
    entitlement_id,
    sku,
    license_model,
    status_after as status,
    quantity_after as seats,
    seats_bound_after as seats_bound,
    ends_at_after as ends_at,
from standing
where customer_id = asked_customer_id
    and status_after in ('active', 'suspended')
order by entitlement_id
