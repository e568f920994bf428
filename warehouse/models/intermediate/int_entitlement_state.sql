-- Entitlements as they stood after each change of their terms: the fold of licensing/evolve.ts, kept step by step. In the
-- order of time, for what is recorded late takes its place in time; at one instant as the ledger decided.

with changes as (

    select
        *,
        row_number() over in_order as version,
        lead(occurred_at) over in_order as next_changed_at,

    from stg_entitlement_changes

    window in_order as (partition by entitlement_id order by occurred_at, seq)

),

-- A new term begins with a grant, an upgrade, or the first activation; a renewal continues the one before.
terms as (

    select
        *,
        count(*) filter (
            where event_type in ('entitlement.granted', 'entitlement.started', 'entitlement.upgraded')
        ) over (
            partition by entitlement_id order by version rows between unbounded preceding and current row
        ) as term_number,

    from changes

),

folded as (

    select
        *,
        -- Only these two say whose it is from now on. Others carry the customer whom the ledger knew when it recorded them.
        last_value(
            case when event_type in ('entitlement.granted', 'entitlement.transferred') then customer_id end ignore nulls
        ) over so_far as customer_id_after,
        last_value(
            case
                when sku is not null
                    then {
                        'sku': sku, 'name': product_name, 'brand': brand, 'version': product_version, 'features': features
                    }
            end ignore nulls
        ) over so_far as product_after,
        last_value(
            case
                when license_model is not null
                    then {
                        'id': license_model, 'name': license_model_name, 'term': term, 'duration': duration,
                        'expires_from': expires_from, 'consumption_per': consumption_per, 'metric': metric
                    }
            end ignore nulls
        ) over so_far as model_after,
        last_value(policy ignore nulls) over so_far as policy_after,
        -- By what was added and moved, not by what each says is then the whole: whatever the order, no seat is lost.
        cast(sum(quantity_added) over so_far as bigint) as quantity_after,
        last_value(
            case when event_type in ('entitlement.granted', 'entitlement.started') then starts_at end ignore nulls
        ) over so_far as starts_at_after,
        -- A renewal begins where the term ended that the ledger knew, so of two that changed places the later end holds.
        max(ends_at) over in_term as ends_at_after,
        max(maintenance_ends_at) over in_term as maintenance_ends_at_after,
        last_value(
            case event_type
                when 'entitlement.suspended' then {'suspended_at': occurred_at}
                when 'entitlement.reinstated' then {'suspended_at': null}
            end ignore nulls
        ) over so_far as suspension,
        min(occurred_at) filter (where event_type = 'entitlement.cancelled') over so_far as cancelled_at,
        count(*) filter (where event_type = 'entitlement.renewed') over so_far as renewals,
        count(*) filter (where event_type = 'entitlement.upgraded') over so_far as upgrades,

    from terms

    window
        so_far as (
            partition by entitlement_id order by version rows between unbounded preceding and current row
        ),
        in_term as (
            partition by entitlement_id, term_number order by version
            rows between unbounded preceding and current row
        )

)

select
    folded.entitlement_id as entitlement_id,
    folded.version as version,
    folded.event_id as event_id,
    folded.event_type as event_type,
    folded.occurred_at as changed_at,
    folded.next_changed_at as next_changed_at,
    -- For joins, in plain comparisons: with an `or` in it a left join is a nested loop, fifty times slower. What came before
    -- the first version is told of the first: a request may be refused for the very reason that it came too early.
    if(folded.version = 1, timestamp '-infinity', folded.occurred_at) as stood_from_at,
    coalesce(folded.next_changed_at, timestamp 'infinity') as stood_until_at,
    grants.order_id as order_id,
    folded.customer_id_after as customer_id,
    folded.product_after.sku as sku,
    folded.product_after.name as product_name,
    folded.product_after.brand as brand,
    folded.product_after.version as product_version,
    folded.product_after.features as features,
    folded.model_after.id as license_model,
    folded.model_after.name as license_model_name,
    folded.model_after.term as term,
    folded.model_after.duration as duration,
    folded.model_after.expires_from as expires_from,
    folded.model_after.consumption_per as consumption_per,
    folded.model_after.metric as metric,
    folded.policy_after as policy,
    folded.quantity_after as quantity,
    folded.quantity_added as quantity_added,
    folded.quantity_told as quantity_told,
    folded.starts_at_after as starts_at,
    folded.ends_at_after as ends_at,
    folded.ends_at as told_ends_at,
    folded.maintenance_ends_at_after as maintenance_ends_at,
    folded.suspension.suspended_at as suspended_at,
    folded.cancelled_at as cancelled_at,
    folded.renewals as renewals,
    folded.upgrades as upgrades,
    grants.price_band as price_band,
    grants.channel as channel,
    grants.currency as currency,
    grants.is_test as is_test,
    folded.seq as seq,
from folded
inner join stg_entitlement_grants as grants
    on folded.entitlement_id = grants.entitlement_id
order by entitlement_id, version
