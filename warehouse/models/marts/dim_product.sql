-- Products of the newest catalog, and those that were sold before it and are no longer in it.

with listed as (

    select
        catalog_version,
        unnest(
            json_transform(
                json_extract(data, '$.products'),
                '[{
                    "sku": "VARCHAR",
                    "name": "VARCHAR",
                    "brand": "VARCHAR",
                    "version": "VARCHAR",
                    "features": ["VARCHAR"],
                    "defaultLicenseModel": "VARCHAR"
                }]'
            )
        ) as product,

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
        sku,
        product_name,
        brand,
        product_version,
        features,

    from sales

    where (sku, changed_at) in (select (sku, max(changed_at)) from sales group by sku)

    qualify row_number() over (partition by sku order by changed_at desc, seq desc, entitlement_id) = 1

)

select
    coalesce(listed.product.sku, sold.sku) as sku,
    coalesce(listed.product.name, sold.product_name) as name,
    coalesce(listed.product.brand, sold.brand) as brand,
    case when listed.product.sku is null then sold.product_version else listed.product.version end as version,
    coalesce(listed.product.features, sold.features, []) as features,
    listed.product.defaultLicenseModel as default_license_model,
    listed.product.sku is not null as is_in_catalog,
    listed.catalog_version as catalog_version,
from listed
full join sold
    on listed.product.sku = sold.sku
order by sku
