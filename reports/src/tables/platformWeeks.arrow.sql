-- Makes platformWeeks.arrow: hosts that were heard of in each of the last 104 weeks that are over, by system, version of it,
-- processor and version of the application, of each scope but regions. The seven largest of each, the others together.
with week as (
  select
    week,
    coalesce(sku, '') as sku,
    os_type,
    os_version,
    arch,
    app_version,
    active_hosts,
    active_customers,
    hosts_once,
  from agg_platform_week
  where week + interval 7 day <= (select as_of from meta)
),
product as (
  select
    week.sku,
    unnest(scopes_of(week.sku, any_value(dim_product.brand), null)) as scope,
  from week
  left join dim_product using (sku)
  group by week.sku
),
scoped as (
  select
    week.* exclude (sku, active_hosts, hosts_once),
    product.scope,
    -- A host that runs two products is heard of in both; of all products together it counts once.
    if(product.scope = '', week.hosts_once, week.active_hosts) as hosts,
  from week
  join product using (sku)
  -- The week knows no country.
  where not starts_with(product.scope, 'region:')
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
