-- What happened to each entitlement, in the order in which it happened, with its state before and after.

with present as (

    select
        entitlement_id,
        order_id,
        customer_id,
        is_test,

    from int_entitlement_state

    where next_changed_at is null

),

-- Whatever its type, an event says one thing by one name; so a type that comes to be added is read as these are.
told as (

    select
        event_id,
        shard,
        seq,
        recorded_at,
        source,
        activation_id,
        license_id,
        json_transform(
            data,
            '{
                "by": "VARCHAR",
                "reason": "VARCHAR",
                "kind": "VARCHAR",
                "added": "BIGINT",
                "moved": "BIGINT",
                "units": "BIGINT",
                "used": "BIGINT",
                "child_entitlement_id": "VARCHAR",
                "parent_entitlement_id": "VARCHAR",
                "from_customer_id": "VARCHAR",
                "request": "VARCHAR",
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

    from stg_events

    where entitlement_id is not null and event_type not like 'telemetry.%'

),

versions as (

    select
        entitlement_id,
        version,
        customer_id,
        sku,
        product_name,
        license_model,
        license_model_name,

    from int_entitlement_state

),

transitions as (

    select
        changes.*,
        told.event_id as event_id,
        told.recorded_at as recorded_at,
        told.source as source,
        told.activation_id as activation_id,
        told.license_id as license_id,
        told.fields as fields,
        versions.customer_id as customer_id,
        versions.sku as sku,
        versions.product_name as product_name,
        versions.license_model as license_model,
        versions.license_model_name as license_model_name,

    from int_entitlement_change as changes

    -- The end of a term has no place in the ledger, and nothing told of it.
    left join told
        on changes.shard = told.shard
        and changes.seq = told.seq

    left join versions
        on changes.entitlement_id = versions.entitlement_id
        and changes.version = versions.version

)

select
    transitions.entitlement_id as entitlement_id,
    transitions.change_number as change_number,
    transitions.event_id as event_id,
    transitions.event_type as event_type,
    transitions.occurred_at as occurred_at,
    transitions.recorded_at as recorded_at,
    present.order_id as order_id,
    transitions.customer_id as customer_id,
    present.customer_id as present_customer_id,
    transitions.fields.from_customer_id as from_customer_id,
    transitions.sku as sku,
    transitions.license_model as license_model,
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
    or transitions.ends_at_before is distinct from transitions.ends_at_after
    or transitions.event_type in ('entitlement.upgraded', 'entitlement.transferred') as is_state_change,
    case transitions.event_type
        when 'entitlement.granted'
            then if(transitions.fields.parent_entitlement_id is null, 'Granted', 'Granted by a split')
        when 'entitlement.started' then 'Term started'
        when 'entitlement.renewed' then 'Renewed'
        when 'entitlement.upgraded' then 'Upgraded'
        when 'entitlement.extended' then 'Seats added'
        when 'entitlement.split' then 'Seats split off'
        when 'entitlement.transferred' then 'Transferred'
        when 'entitlement.suspended' then 'Suspended'
        when 'entitlement.reinstated' then 'Reinstated'
        when 'entitlement.policy_overridden' then 'Policy changed'
        when 'entitlement.cancelled' then 'Cancelled'
        when 'entitlement.expired' then 'Term ended'
        when 'activation.bound'
            then case transitions.fields.reason
                when 'rehosted' then 'Seat moved'
                when 'repaired' then 'Seat repaired'
                else 'Seat bound'
            end
        when 'activation.ended'
            then case transitions.fields.reason
                when 'returned' then 'Seat returned'
                when 'released' then 'Seat released'
                when 'revoked' then 'Seat revoked'
                else 'Seat ended'
            end
        when 'activation.refused' then 'Refused'
        when 'activation.cloned' then 'Copy detected'
        when 'license.issued' then if(transitions.fields.reason = 'refreshed', 'License refreshed', 'License issued')
        when 'usage.recorded' then 'Units used'
        when 'license.lent' then 'Temporary license lent'
        else transitions.event_type
    end as what,
    case
        when transitions.event_type like 'activation.%' and transitions.fields.os_type is not null
            then concat_ws(' ', transitions.fields.os_type, transitions.fields.os_version, transitions.fields.arch)
        when transitions.event_type = 'entitlement.granted'
            then transitions.quantity_after || ' × ' || transitions.product_name || ', '
            || transitions.license_model_name
        when transitions.event_type in ('entitlement.renewed', 'entitlement.started')
            then 'until ' || strftime(transitions.ends_at_after, '%Y-%m-%d')
        when transitions.event_type = 'entitlement.upgraded'
            then transitions.product_name || ', ' || transitions.license_model_name
        when transitions.event_type = 'entitlement.extended'
            then transitions.fields.added || ' more, ' || transitions.quantity_after || ' in all'
        when transitions.event_type = 'entitlement.split'
            then transitions.fields.moved || ' to ' || transitions.fields.child_entitlement_id
        when transitions.event_type = 'entitlement.transferred'
            then 'from ' || transitions.fields.from_customer_id || ' to ' || transitions.customer_id
        when transitions.event_type = 'usage.recorded'
            then transitions.fields.units || ' more, ' || transitions.fields.used || ' in the period'
        when transitions.event_type like 'entitlement.%' then transitions.product_name
        else coalesce(transitions.license_id, transitions.activation_id)
    end as subject,
    -- That a seat was activated is what happened, not why.
    case
        when transitions.event_type = 'activation.bound' then nullif(transitions.fields.reason, 'activated')
        else coalesce(transitions.fields.code, transitions.fields.kind, transitions.fields.reason)
    end as reason,
    transitions.fields.by as decided_by,
    case
        when transitions.event_type = 'activation.refused' then coalesce(transitions.fields.request, 'activate')
    end as request,
    transitions.fields.rule as rule,
    transitions.fields.host_hash as host_hash,
    transitions.fields.user_hash as user_hash,
    transitions.fields.os_type as os_type,
    transitions.fields.os_version as os_version,
    transitions.fields.arch as arch,
    transitions.fields.app_version as app_version,
    present.is_test as is_test,
    transitions.source as source,
from transitions
inner join present
    on transitions.entitlement_id = present.entitlement_id
order by entitlement_id, change_number
