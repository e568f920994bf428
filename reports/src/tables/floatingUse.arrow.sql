-- Makes floatingUse.arrow: what license servers may lend, and had lent at the most and in the mean, by product, in the year before the
-- as-of time; of everything, of brands and of products. What few customers have is told together.
with product as (
  select
    sku,
    name,
    unnest(scopes_of(sku, brand, null)) as scope,
  from dim_product
),
-- agg_floating_use_day adds servers up, day by day: neither the peak that one had in a year nor whose it is can be had from it.
instant as (
  select
    sku,
    customer_id,
    server,
    observed_at,
    -- Versions of a product are pools of their own.
    sum(issued) as issued,
    sum(in_use) as in_use,
  from fct_floating_use
  where issued is not null and observed_at > (select as_of from meta) - interval 1 year
  group by all
),
server as (
  select
    sku,
    customer_id,
    server,
    count(*) as observations,
    max(issued) as issued,
    max(in_use) as peak,
    avg(in_use) as mean,
  from instant
  group by all
),
cell as (
  select
    product.scope,
    server.sku,
    any_value(product.name) as name,
    list(distinct server.customer_id) as who,
    count(*) as servers,
    sum(server.observations) as observations,
    sum(server.issued) as issued,
    sum(server.peak) as peak,
    sum(server.mean) as mean,
  from server
  join product using (sku)
  where not starts_with(product.scope, 'region:')
  group by product.scope, server.sku
),
ranked as (
  select
    *,
    row_number() over (partition by scope order by issued desc, sku) > 12 as is_rest,
  from cell
),
named as (
  select
    *,
    folds(is_rest, who, sku, scope) as is_other,
  from ranked
)
select
  scope,
  is_other,
  if(is_other, 'Other products', name) as name,
  customers_of(who)::integer as customers,
  sum(servers)::integer as servers,
  sum(observations)::double as observations,
  sum(issued)::double as issued,
  sum(peak)::double as peak,
  sum(mean)::double as mean,
from named
group by scope, is_other, if(is_other, '', sku), if(is_other, 'Other products', name)
having is_told(who)
order by scope, is_other, issued desc, name
