-- What happened to each entitlement, in the order in which it happened, with its state before and after.

with grants as (

    select
        entitlement_id,
        order_id,
        customer_id,
        sku,
        product_name,
        license_model_name,
        quantity,
        ends_at,
        is_test,

    from stg_entitlement_grants

),

events as (

    select
        stg_events.event_id as event_id,
        stg_events.event_type as event_type,
        stg_events.occurred_at as occurred_at,
        stg_events.recorded_at as recorded_at,
        stg_events.source as source,
        stg_events.shard as shard,
        stg_events.seq as seq,
        stg_events.entitlement_id as entitlement_id,
        stg_events.activation_id as activation_id,
        stg_events.license_id as license_id,
        stg_events.data as data,

    from stg_events

    inner join grants
        on stg_events.entitlement_id = grants.entitlement_id

),

cancelled as (

    select
        entitlement_id,
        cancelled_at,

    from stg_entitlement_cancellations

),

-- No event says that a term is over: it follows from the date.
expired as (

    select
        null as event_id,
        'entitlement.expired' as event_type,
        grants.ends_at as occurred_at,
        null as recorded_at,
        null as source,
        null as shard,
        null as seq,
        grants.entitlement_id as entitlement_id,
        null as activation_id,
        null as license_id,
        null as data,

    from grants

    left join cancelled
        on grants.entitlement_id = cancelled.entitlement_id

    where grants.ends_at <= getvariable('as_of')
        and (cancelled.cancelled_at is null or cancelled.cancelled_at > grants.ends_at)

),

changes as (

    select * from events
    union all
    select * from expired

),

-- Whatever its type, an event says one thing by one name; so a type that comes to be added is read as these are.
parsed as (

    select
        *,
        json_transform(
            data,
            '{
                "quantity": "BIGINT",
                "ends_at": "TIMESTAMP",
                "reason": "VARCHAR",
                "code": "VARCHAR",
                "rule": "VARCHAR",
                "host_hash": "VARCHAR",
                "user_hash": "VARCHAR",
                "os_type": "VARCHAR",
                "os_version": "VARCHAR",
                "arch": "VARCHAR",
                "app_version": "VARCHAR"
            }'
        ) as fields,

    from changes

),

read as (

    select
        event_id,
        event_type,
        occurred_at,
        recorded_at,
        source,
        entitlement_id,
        activation_id,
        license_id,
        row_number() over in_order as change_number,
        event_type = 'entitlement.cancelled' as is_cancel,
        event_type = 'entitlement.expired' as is_expiry,
        case when event_type like 'entitlement.%' then fields.quantity end as told_quantity,
        -- A term without end is told as well: by a null under the name.
        case
            when event_type like 'entitlement.%' and json_exists(data, '$.ends_at')
                then {'ends_at': fields.ends_at}
        end as told_end,
        fields.reason as reason,
        fields.code as code,
        fields.rule as rule,
        fields.host_hash as host_hash,
        fields.user_hash as user_hash,
        fields.os_type as os_type,
        fields.os_version as os_version,
        fields.arch as arch,
        fields.app_version as app_version,

    from parsed

    -- By time, for a lease that ran out is recorded later than it did; at one instant as the ledger decided. A term's end
    -- comes before what happened at that very instant.
    window in_order as (partition by entitlement_id order by occurred_at, seq nulls first)

),

-- A seat is taken once and given back once, however often either is told.
moves as (

    select
        entitlement_id,
        change_number,
        case
            when event_type = 'activation.bound' and before is distinct from 'activation.bound' then 1
            when event_type = 'activation.ended' and before = 'activation.bound' then -1
            else 0
        end as seats,

    from (
        select
            entitlement_id,
            change_number,
            event_type,
            lag(event_type) over (
                partition by entitlement_id, activation_id order by change_number
            ) as before,

        from read

        where event_type in ('activation.bound', 'activation.ended')
    ) as seat_events

),

states as (

    select
        read.*,
        bool_or(read.is_cancel) over so_far as is_cancelled,
        bool_or(read.is_expiry) over so_far as is_expired,
        coalesce(sum(moves.seats) over so_far, 0) as seats_moved,
        last_value(read.told_quantity ignore nulls) over so_far as quantity_after,
        last_value(read.told_end ignore nulls) over so_far as end_after,

    from read

    left join moves
        on read.entitlement_id = moves.entitlement_id
        and read.change_number = moves.change_number

    window so_far as (
        partition by read.entitlement_id order by read.change_number
        rows between unbounded preceding and current row
    )

),

after as (

    select
        *,
        case when is_cancelled then 'cancelled' when is_expired then 'expired' else 'active' end as status_after,
        case when is_cancelled then 0 else cast(seats_moved as bigint) end as seats_bound_after,
        end_after.ends_at as ends_at_after,

    from states

),

transitions as (

    select
        *,
        lag(status_after) over earlier as status_before,
        lag(seats_bound_after) over earlier as seats_bound_before,
        lag(quantity_after) over earlier as quantity_before,
        lag(ends_at_after) over earlier as ends_at_before,

    from after

    window earlier as (partition by entitlement_id order by change_number)

)

select
    transitions.entitlement_id as entitlement_id,
    transitions.change_number as change_number,
    transitions.event_id as event_id,
    transitions.event_type as event_type,
    transitions.occurred_at as occurred_at,
    transitions.recorded_at as recorded_at,
    grants.order_id as order_id,
    grants.customer_id as customer_id,
    grants.sku as sku,
    transitions.activation_id as activation_id,
    transitions.license_id as license_id,
    transitions.status_before as status_before,
    transitions.status_after as status_after,
    coalesce(transitions.seats_bound_before, 0) as seats_bound_before,
    transitions.seats_bound_after as seats_bound_after,
    transitions.quantity_before as quantity_before,
    transitions.quantity_after as quantity_after,
    transitions.ends_at_before as ends_at_before,
    transitions.ends_at_after as ends_at_after,
    transitions.change_number = 1
    or transitions.status_before is distinct from transitions.status_after
    or transitions.seats_bound_before is distinct from transitions.seats_bound_after
    or transitions.quantity_before is distinct from transitions.quantity_after
    or transitions.ends_at_before is distinct from transitions.ends_at_after as is_state_change,
    case transitions.event_type
        when 'entitlement.granted' then 'Granted'
        when 'entitlement.cancelled' then 'Cancelled'
        when 'entitlement.expired' then 'Term ended'
        when 'activation.bound' then 'Seat bound'
        when 'activation.ended' then 'Seat ended'
        when 'activation.refused' then 'Refused'
        when 'license.issued' then 'License issued'
        else transitions.event_type
    end as what,
    case
        when transitions.event_type like 'activation.%' and transitions.os_type is not null
            then concat_ws(' ', transitions.os_type, transitions.os_version, transitions.arch)
        when transitions.event_type = 'entitlement.granted'
            then grants.quantity || ' × ' || grants.product_name || ', ' || grants.license_model_name
        when transitions.event_type like 'entitlement.%' then grants.product_name
        else coalesce(transitions.license_id, transitions.activation_id)
    end as subject,
    -- That a seat was activated is what happened, not why.
    case
        when transitions.event_type = 'activation.bound' then nullif(transitions.reason, 'activated')
        else coalesce(transitions.code, transitions.reason)
    end as reason,
    transitions.rule as rule,
    transitions.host_hash as host_hash,
    transitions.user_hash as user_hash,
    transitions.app_version as app_version,
    grants.is_test as is_test,
    transitions.source as source,
from transitions
inner join grants
    on transitions.entitlement_id = grants.entitlement_id
order by entitlement_id, change_number
