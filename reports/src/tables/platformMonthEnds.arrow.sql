-- Makes platformMonthEnds.arrow: hosts that held a seat at the end of each of the last 24 months, and their customers, of each scope,
-- by what was told of the seat when it was bound: system, version of it, processor and version of the application. The seven
-- largest of each, the others together. A host counts once for each platform that its seats are of.
with newest as (
  select
    as_of,
    date_trunc('month', as_of - interval 1 microsecond) - interval 23 month as from_at,
  from meta
),
-- Month ends are bits, the oldest the lowest: what is held at some of them is one number.
seat as materialized (
  select
    -- Numbers stand for texts; see platformNow.
    hash(coalesce(activation.host_hash, activation.user_hash, activation.activation_id)) as host,
    hash(activation.customer_id) as customer,
    hash(entitlement.sku, entitlement.brand, entitlement.country) as place,
    hash(activation.os_type, activation.os_version, activation.arch, activation.app_version) as platform,
    -- To the last month end before its end.
    if(
      coalesce(least(activation.ended_at, activation.term_ends_at), timestamp 'infinity') > newest.as_of,
      1 << 24,
      1 << greatest(0, datediff('month', newest.from_at, least(activation.ended_at, activation.term_ends_at)))
    ) - (1 << greatest(0, datediff('month', newest.from_at, activation.bound_at))) as months,
  from fct_activation as activation
  join fct_entitlement as entitlement using (entitlement_id)
  cross join newest
  where
    not activation.is_test
    and activation.bound_at <= newest.as_of
    and (
      coalesce(least(activation.ended_at, activation.term_ends_at), timestamp 'infinity') > newest.as_of
      or least(activation.ended_at, activation.term_ends_at)
        >= greatest(date_trunc('month', activation.bound_at), newest.from_at) + interval 1 month
    )
),
platform as (
  select
    hash(os_type, os_version, arch, app_version) as platform,
    unnest([
      {'dimension': 'system', 'member': coalesce(os_type, '')},
      {'dimension': 'version', 'member': coalesce(os_type, '') || ' ' || coalesce(os_version, '')},
      {'dimension': 'processor', 'member': coalesce(arch, '')},
      {'dimension': 'application', 'member': coalesce(app_version, '')}
    ], recursive := true),
  from fct_activation
  group by os_type, os_version, arch, app_version
),
place as (
  select
    hash(sku, brand, country) as place,
    unnest(scopes_of(sku, brand, country)) as scope,
  from fct_entitlement
  group by sku, brand, country
),
held as materialized (
  select
    place,
    platform,
    months,
    count(*) as seats,
  from seat
  group by place, platform, months
),
-- Of versions the newest matter, be they still few: those with most seats at the last six month ends.
ranked as (
  select
    place.scope,
    platform.dimension,
    platform.member,
    row_number() over (
      partition by place.scope, platform.dimension
      order by sum(held.seats * bit_count(held.months >> 18)) desc, platform.member
    ) as rank,
  from held
  join place using (place)
  join platform using (platform)
  group by place.scope, platform.dimension, platform.member
),
cell as materialized (
  select
    here.place,
    here.platform,
    place.scope,
    platform.dimension,
    if(ranked.rank <= 7, platform.member, 'rest') as member,
    hash(place.scope, platform.dimension, if(ranked.rank <= 7, platform.member, 'rest')) as cell,
  from (select distinct place, platform from held) as here
  join place using (place)
  join platform using (platform)
  join ranked using (scope, dimension, member)
  -- What the weekly table tells of others is not told again; it does not count customers, and knows no country.
  where platform.dimension = 'system' or starts_with(place.scope, 'region:')
),
host as materialized (
  select
    host,
    min(place) as place,
    min(platform) as platform,
    bit_or(months) as months,
    min(place) = max(place) and min(platform) = max(platform) as is_whole,
  from seat
  group by host
),
counted as (
  -- Most hosts are in one place and of one platform, and are counted before they are told apart.
  select
    cell.cell,
    whole.months,
    whole.hosts,
    0 as customers,
  from (select place, platform, months, count(*) as hosts from host where is_whole group by all) as whole
  join cell using (place, platform)
  union all
  select
    cell,
    months,
    count(*) as hosts,
    0 as customers,
  from (
    select
      cell.cell,
      seat.host,
      bit_or(seat.months) as months,
    from seat
    join cell using (place, platform)
    where seat.host in (select host from host where not is_whole)
    group by all
  ) as divided
  group by all
  union all
  select
    cell,
    months,
    0 as hosts,
    count(*) as customers,
  from (
    select
      cell.cell,
      used.customer,
      bit_or(used.months) as months,
    from (select customer, place, platform, bit_or(months) as months from seat group by all) as used
    join cell using (place, platform)
    group by all
  ) as customer
  group by all
),
by_month as (
  select
    cell,
    month.number,
    sum(hosts) as hosts,
    sum(customers) as customers,
  from (select cell, months, sum(hosts) as hosts, sum(customers) as customers from counted group by all) as told
  join (select unnest(range(24)) as number) as month on (told.months >> month.number) & 1 = 1
  group by all
)
select
  newest.from_at + to_months(by_month.number::integer) as month_at,
  named.scope,
  named.dimension,
  if(by_month.customers < getvariable('fewest_customers'), 'rest', named.member) as member,
  sum(by_month.hosts)::double as hosts,
  -- Of rows that were put together the customers are not known.
  if(count(*) > 1 or min(by_month.customers) < getvariable('fewest_customers'), null, max(by_month.customers))::double as customers,
from by_month
join (select distinct cell, scope, dimension, member from cell) as named using (cell)
cross join newest
group by all
order by month_at, scope, dimension, hosts desc, member
