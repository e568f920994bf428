-- Terms of subscriptions that ended, each with the renewal that followed.

with terms as (

    select
        entitlement_id,
        event_id,
        event_type,
        changed_at,
        ends_at,
        term,
        currency,
        order_id,
        is_test,
        -- Suspensions, transfers and the like leave the end where it is.
        lag(ends_at) over in_time as ends_at_before,

    from int_entitlement_state

    where version > 1 or next_changed_at is not null

    window in_time as (partition by entitlement_id order by version)

),

-- Each end that was ever set, and what set another one.
ends as (

    select
        entitlement_id,
        event_id,
        ends_at,
        term,
        currency,
        order_id,
        is_test,
        lead(event_type) over in_time as next_event_type,
        lead(changed_at) over in_time as next_changed_at,

    from terms

    where ends_at is distinct from ends_at_before

    window in_time as (partition by entitlement_id order by changed_at, ends_at)

    union all

    -- Most never changed: there is nothing to put in order.
    select
        entitlement_id,
        event_id,
        ends_at,
        term,
        currency,
        order_id,
        is_test,
        null as next_event_type,
        null as next_changed_at,

    from int_entitlement_state

    where version = 1 and next_changed_at is null

)

select
    ends.entitlement_id as entitlement_id,
    ends.event_id as event_id,
    ends.ends_at as ended_at,
    ends.order_id as order_id,
    entitlements.customer_id as customer_id,
    entitlements.sku as sku,
    entitlements.brand as brand,
    entitlements.country as country,
    ends.currency as currency,
    coalesce(ends.next_event_type = 'entitlement.renewed', false) as is_renewed,
    case when ends.next_event_type = 'entitlement.renewed' then ends.next_changed_at end as renewed_at,
    ends.is_test as is_test,
from ends
inner join fct_entitlement as entitlements
    on ends.entitlement_id = entitlements.entitlement_id
where ends.term = 'subscription'
    and ends.ends_at <= getvariable('as_of')
    and (entitlements.cancelled_at is null or entitlements.cancelled_at > ends.ends_at)
    -- An upgrade that begins another term before this one ends leaves nothing to be renewed.
    and (
        ends.next_changed_at is null
        or ends.next_event_type = 'entitlement.renewed'
        or ends.next_changed_at >= ends.ends_at
    )
order by ended_at, entitlement_id, event_id
