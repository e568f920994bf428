-- Makes platformWeeks.arrow: hosts that were heard of in each of the last 104 weeks that are over, by system, version of it,
-- processor and version of the application; of all products, of each brand and of the products with most hosts. The seven
-- largest of each, the others together.
with week as (
  select
    week,
    coalesce(sku, '') as sku,
    coalesce(product.brand, '') as brand,
    os_type,
    os_version,
    arch,
    app_version,
    active_hosts,
    active_customers,
    hosts_once,
  from agg_platform_week
  left join dim_product as product using (sku)
  where week + interval 7 day <= (select as_of from meta)
),
product as (
  select sku
  from week
  group by sku
  order by sum(active_hosts) desc, sku
  limit 12
),
scoped as (
  select
    week.* exclude (sku, brand, active_hosts, hosts_once),
    -- A host that runs two products is heard of in both; of all products together it counts once.
    unnest([
      {'scope': '', 'hosts': hosts_once},
      {'scope': 'brand:' || brand, 'hosts': active_hosts},
      {'scope': if(product.sku is null, null, week.sku), 'hosts': active_hosts}
    ], recursive := true),
  from week
  left join product using (sku)
),
dimensions as (
  select
    week,
    scope,
    hosts,
    active_customers,
    unnest([
      {'dimension': 'system', 'told': coalesce(os_type, '')},
      {'dimension': 'version', 'told': coalesce(os_type, '') || ' ' || coalesce(os_version, '')},
      {'dimension': 'processor', 'told': coalesce(arch, '')},
      {'dimension': 'application', 'told': coalesce(app_version, '')}
    ], recursive := true),
  from scoped
  where scope is not null
),
counted as (
  select
    week,
    scope,
    dimension,
    told,
    sum(hosts) as hosts,
    -- No fewer customers than this: cells of other platforms may have others.
    max(active_customers) as customers,
    min(min(week)) over (partition by scope, dimension, told) as first_week,
  from dimensions
  group by week, scope, dimension, told
),
recent as (
  select
    scope,
    dimension,
    told,
    sum(hosts) as hosts,
  from counted
  -- Of versions the newest matter, be they still few.
  where week > (select as_of from meta) - interval 26 week
  group by all
),
ranked as (
  select
    counted.scope,
    counted.dimension,
    counted.told,
    row_number() over (
      partition by counted.scope, counted.dimension
      order by recent.hosts desc nulls last, counted.told
    ) <= 7 as is_large,
  from (select distinct scope, dimension, told from counted) as counted
  left join recent using (scope, dimension, told)
),
folded as (
  select
    counted.week,
    counted.scope,
    counted.dimension,
    if(ranked.is_large and counted.customers >= getvariable('fewest_customers'), counted.told, 'rest') as member,
    counted.hosts,
    counted.first_week,
  from counted
  join ranked using (scope, dimension, told)
  where counted.week > (select as_of from meta) - interval 105 week and counted.hosts > 0
)
select
  week as week_at,
  scope,
  dimension,
  member,
  sum(hosts)::double as hosts,
  -- Since when it is known; of others together that says nothing.
  min(first_week) as first_week_at,
from folded
group by all
order by week_at, scope, dimension, hosts desc, member
