-- License models of the newest catalog, and those that were sold before it and are no longer in it.

with listed as (

    select
        catalog_version,
        unnest(
            json_transform(
                json_extract(data, '$.license_models'),
                '[{
                    "id": "VARCHAR",
                    "name": "VARCHAR",
                    "term": {"kind": "VARCHAR", "duration": "VARCHAR", "from": "VARCHAR"},
                    "metric": "VARCHAR",
                    "maintenance": "VARCHAR",
                    "consumptionPer": "VARCHAR",
                    "policy": "JSON"
                }]'
            )
        ) as model,

    from stg_catalogs

),

-- An upgrade sells, too.
sales as (

    select *

    from int_entitlement_state

    where event_type in ('entitlement.granted', 'entitlement.upgraded')

),

-- Of the newest alone it is asked what they say: that is a fifth of the work of a window over whole rows.
sold as (

    select
        license_model,
        license_model_name,
        term,
        duration,
        expires_from,
        consumption_per,
        metric,
        policy,

    from sales

    where (license_model, changed_at) in (select (license_model, max(changed_at)) from sales group by license_model)

    qualify row_number() over (partition by license_model order by changed_at desc, seq desc, entitlement_id) = 1

),

models as (

    select
        coalesce(listed.model.id, sold.license_model) as license_model,
        coalesce(listed.model.name, sold.license_model_name) as name,
        coalesce(listed.model.term.kind, sold.term) as term,
        case when listed.model.id is null then sold.duration else listed.model.term.duration end as duration,
        case when listed.model.id is null then sold.expires_from else coalesce(listed.model.term."from", 'start') end
            as expires_from,
        case when listed.model.id is null then sold.consumption_per else listed.model.consumptionPer end as consumption_per,
        coalesce(listed.model.metric, sold.metric) as metric,
        listed.model.maintenance as maintenance,
        cast(coalesce(listed.model.policy, sold.policy) as varchar) as policy,
        listed.model.id is not null as is_in_catalog,
        listed.catalog_version as catalog_version,

    from listed

    full join sold
        on listed.model.id = sold.license_model

)

select
    license_model,
    name,
    term,
    duration,
    case when duration is not null then expires_from end as expires_from,
    consumption_per,
    metric,
    maintenance,
    json_extract_string(policy, '$.preset') as preset,
    json_extract_string(policy, '$.lease') as lease,
    json_extract_string(policy, '$.grace') as grace,
    json_extract_string(policy, '$.offline') as offline,
    json_extract_string(policy, '$.borrow') as borrow,
    json_extract_string(policy, '$.overdraft') as overdraft,
    cast(json_extract_string(policy, '$.rehosts.count') as integer) as rehosts,
    json_extract_string(policy, '$.rehosts.per') as rehosts_per,
    cast(json_extract_string(policy, '$.returns.count') as integer) as returns,
    json_extract_string(policy, '$.returns.per') as returns_per,
    cast(json_extract_string(policy, '$.repairs.count') as integer) as repairs,
    json_extract_string(policy, '$.repairs.per') as repairs_per,
    cast(json_extract_string(policy, '$.temporary.count') as integer) as temporary,
    json_extract_string(policy, '$.temporary.per') as temporary_per,
    json_extract_string(policy, '$.temporary.duration') as temporary_duration,
    policy,
    is_in_catalog,
    catalog_version,
from models
order by license_model
