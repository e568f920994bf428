-- How much of a product license servers had lent on a day, at the most and in the mean.

with instants as (

    -- Versions of a product are pools of their own.
    select
        cast(observed_at as date) as date,
        sku,
        customer_id,
        server,
        observed_at,
        sum(issued) as issued,
        sum(in_use) as in_use,

    from fct_floating_use

    -- Where a server does not count, nothing is to be had too much or too little of.
    where issued is not null

    group by all

),

servers as (

    select
        date,
        sku,
        customer_id,
        server,
        count(*) as observations,
        max(issued) as issued,
        max(in_use) as in_use_peak,
        avg(in_use) as in_use_mean,

    from instants

    group by all

)

select
    servers.date as date,
    servers.sku as sku,
    any_value(dim_product.brand) as brand,
    count(distinct servers.customer_id) as customers,
    count(*) as servers,
    cast(sum(servers.observations) as bigint) as observations,
    cast(sum(servers.issued) as bigint) as issued,
    cast(sum(servers.in_use_peak) as bigint) as in_use_peak,
    sum(servers.in_use_mean) as in_use_mean,
    case when sum(servers.issued) > 0 then sum(servers.in_use_peak) / sum(servers.issued) end as peak_share,
from servers
left join dim_product
    on servers.sku = dim_product.sku
group by servers.date, servers.sku
order by date, sku
