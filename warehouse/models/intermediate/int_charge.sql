-- What was paid, each with the time that it is paid for: the basis of revenue.

with grants as (

    select
        entitlement_id,
        event_id,

    from int_entitlement_state

    where event_type = 'entitlement.granted'

),

lines as (

    select
        lines.*,
        states.term as term,
        states.starts_at as term_starts_at,
        states.ends_at as ends_at,

    from fct_order_line as lines

    left join grants
        on lines.entitlement_id = grants.entitlement_id

    -- Of an order whose entitlements have not come yet nothing is known but its money: it waits, deferred. One comparison, for
    -- with a condition on both sides of the join this took three quarters of a rebuild.
    left join int_entitlement_state as states
        on states.event_id = if(lines.kind = 'sale', grants.event_id, lines.event_id)

    where lines.kind in ('sale', 'renewal', 'upgrade', 'extension') and lines.amount > 0

),

-- What a term begins with that waited for its first activation: that, or an upgrade to a term that does not wait.
starts as (

    select
        entitlement_id,
        changed_at as started_at,
        greatest(changed_at, starts_at) as starts_at,
        ends_at,
        term,

    from int_entitlement_state

    where event_type in ('entitlement.started', 'entitlement.upgraded')
        and (ends_at is not null or term = 'perpetual')

),

upgrades as (

    select
        entitlement_id,
        event_type,
        changed_at,
        ends_at,
        lag(ends_at) over (partition by entitlement_id order by version) as ends_at_before,

    from int_entitlement_state

),

-- Upgrades that end a term that was running, or was still to come, for another one.
replacements as (

    select
        entitlement_id,
        changed_at as replaced_at,

    from upgrades

    where event_type = 'entitlement.upgraded' and ends_at_before is not null and ends_at is distinct from ends_at_before

),

renewals as (

    select
        event_id,
        ends_at,

    from stg_entitlement_changes

    where event_type = 'entitlement.renewed'

),

timed as (

    select
        lines.* exclude (term),
        -- A term that is counted from the first activation has no end before, and is paid for from then on. More seats, or
        -- a better product, that are bought before the term begins are used no earlier than it does.
        if(
            lines.term = 'perpetual' or lines.ends_at is not null,
            greatest(lines.starts_at, lines.term_starts_at),
            starts.starts_at
        ) as service_starts_at,
        case
            when lines.term = 'perpetual' then null
            -- The end that the renewal itself says: another may be on record by then that ends later.
            else coalesce(renewals.ends_at, lines.ends_at, starts.ends_at)
        end as service_ends_at,
        if(lines.term <> 'perpetual' and lines.ends_at is null, coalesce(starts.term, lines.term), lines.term) as term,
        replacements.replaced_at as replaced_at,

    from lines

    left join renewals
        on lines.event_id = renewals.event_id

    asof left join starts
        on lines.entitlement_id = starts.entitlement_id
        and lines.booked_at <= starts.started_at

    asof left join replacements
        on lines.entitlement_id = replacements.entitlement_id
        and lines.booked_at < replacements.replaced_at

)

select
    timed.entitlement_id as entitlement_id,
    timed.event_id as event_id,
    timed.kind as kind,
    timed.order_id as order_id,
    timed.line_number as line_number,
    timed.customer_id as customer_id,
    timed.sku as sku,
    timed.brand as brand,
    timed.license_model as license_model,
    timed.term as term,
    timed.currency as currency,
    timed.amount as amount,
    timed.booked_at as booked_at,
    timed.recorded_at as recorded_at,
    timed.service_starts_at as service_starts_at,
    timed.service_ends_at as service_ends_at,
    cancellations.cancelled_at as cancelled_at,
    timed.replaced_at as replaced_at,
    timed.is_test as is_test,
from timed
left join stg_entitlement_cancellations as cancellations
    on timed.entitlement_id = cancellations.entitlement_id
order by entitlement_id, booked_at, event_id
