-- Terms of subscriptions that ended, and those of them that were renewed.

with terms as (

    select
        entitlement_id,
        event_type,
        changed_at,
        ends_at,
        term,
        currency,
        -- Suspensions, transfers and the like leave the end where it is.
        lag(ends_at) over in_time as ends_at_before,

    from int_entitlement_state

    where not is_test and (version > 1 or next_changed_at is not null)

    window in_time as (partition by entitlement_id order by version)

),

-- Each end that was ever set, and what set another one.
ends as (

    select
        entitlement_id,
        ends_at,
        term,
        currency,
        lead(event_type) over in_time as next_event_type,
        lead(changed_at) over in_time as next_changed_at,

    from terms

    where ends_at is distinct from ends_at_before

    window in_time as (partition by entitlement_id order by changed_at, ends_at)

    union all

    -- Most never changed: there is nothing to put in order.
    select
        entitlement_id,
        ends_at,
        term,
        currency,
        null as next_event_type,
        null as next_changed_at,

    from int_entitlement_state

    where not is_test and version = 1 and next_changed_at is null

),

due as (

    select
        ends.entitlement_id as entitlement_id,
        ends.currency as currency,
        ends.ends_at as ends_at,
        coalesce(ends.next_event_type = 'entitlement.renewed', false) as is_renewed,
        ends.next_changed_at as next_changed_at,

    from ends

    inner join int_entitlement_state as present
        on ends.entitlement_id = present.entitlement_id
        and present.next_changed_at is null

    where ends.term = 'subscription'
        and ends.ends_at <= getvariable('as_of')
        and (present.cancelled_at is null or present.cancelled_at > ends.ends_at)
        -- An upgrade that begins another term before this one ends leaves nothing to be renewed.
        and (
            ends.next_changed_at is null
            or ends.next_event_type = 'entitlement.renewed'
            or ends.next_changed_at >= ends.ends_at
        )

),

months as (

    select
        month_of(ends_at) as month,
        currency,
        count(*) as terms_due,
        count(*) filter (where is_renewed and next_changed_at <= ends_at) as terms_renewed_in_time,
        count(*) filter (where is_renewed and next_changed_at > ends_at) as terms_renewed_late,

    from due

    group by all

)

select
    month,
    currency,
    terms_due,
    terms_renewed_in_time + terms_renewed_late as terms_renewed,
    terms_renewed_in_time,
    terms_renewed_late,
    (terms_renewed_in_time + terms_renewed_late) / terms_due as renewal_rate,
    is_running(month) as is_partial,
from months
order by month, currency
