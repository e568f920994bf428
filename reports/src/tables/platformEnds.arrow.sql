-- Makes platformEnds.arrow: what would be lost if support for a version of a system or of the application ended now, of each
-- scope: hosts, and customers and entitlements in force whose bound seats all run it, with their money in each currency. The row
-- without a currency counts all of them.
with seat as materialized (
  select
    -- Numbers stand for texts; see platformNow. With texts, a million entitlements did not fit into memory.
    hash(coalesce(activation.host_hash, activation.user_hash, activation.activation_id)) as host,
    hash(entitlement.customer_id) as customer,
    hash(entitlement.entitlement_id) as entitlement,
    hash(entitlement.sku, entitlement.brand, entitlement.country) as place,
    entitlement.currency,
    entitlement.quantity,
    entitlement.amount,
    -- What the host told last; of its application too where it runs no other.
    hash(
      coalesce(host.os_type, activation.os_type, ''),
      coalesce(if(host.os_type is null, activation.os_version, host.os_version), '')
    ) as version,
    hash(coalesce(if(host.products = 1, host.app_version, null), activation.app_version, '')) as application,
  from fct_activation as activation
  join fct_entitlement as entitlement using (entitlement_id)
  left join dim_host as host on activation.host_hash = host.host_hash
  where not activation.is_test and activation.is_bound and entitlement.status = 'active'
),
-- What was not stated is no version that could end.
named as (
  select
    'version' as dimension,
    os_type || ' ' || os_version as name,
    hash(os_type, os_version) as member,
  from (
    select os_type, os_version from fct_activation group by all
    union
    select os_type, os_version from dim_host group by all
  ) as system
  where os_version <> ''
  union all
  select
    'application' as dimension,
    app_version as name,
    hash(app_version) as member,
  from (
    select app_version from fct_activation group by all
    union
    select app_version from dim_host group by all
  ) as application
  where app_version <> ''
),
place as (
  select
    hash(sku, brand, country) as place,
    unnest(scopes_of(sku, brand, country)) as scope,
    hash(scope) as scope_number,
  from fct_entitlement
  group by sku, brand, country
),
host as materialized (
  select
    host,
    min(place) as place,
    min(version) as version,
    min(application) as application,
    min(place) = max(place) and min(version) = max(version) and min(application) = max(application) as is_whole,
  from seat
  group by host
),
hosts as (
  select
    scope_number,
    dimension,
    member,
    sum(hosts) as hosts,
  from (
    -- Most hosts are in one place and of one version, and are counted before they are told apart.
    select
      place.scope_number,
      unnest(['version', 'application']) as dimension,
      unnest([whole.version, whole.application]) as member,
      whole.hosts,
    from (select place, version, application, count(*) as hosts from host where is_whole group by all) as whole
    join place using (place)
    union all
    select
      scope_number,
      dimension,
      member,
      count(distinct host) as hosts,
    from (
      select
        place.scope_number,
        seat.host,
        unnest(['version', 'application']) as dimension,
        unnest([seat.version, seat.application]) as member,
      from seat
      join place using (place)
      where seat.host in (select host from host where not is_whole)
    ) as divided
    group by all
  ) as counted
  group by all
),
used as (
  select distinct
    place,
    customer,
    dimension,
    member,
  from (
    select
      place,
      customer,
      unnest(['version', 'application']) as dimension,
      unnest([version, application]) as member,
    from seat
  ) as told
),
customers as (
  select
    place.scope_number,
    used.dimension,
    used.member,
    count(distinct used.customer) as customers,
  from used
  join place using (place)
  group by all
),
-- Whoever has a seat anywhere else, or on a platform that is not known, is not wholly on a version.
wholly as (
  select
    scope_number,
    dimension,
    member,
    count(*) as customers_only,
  from (
    select
      unnest(['version', 'application']) as dimension,
      unnest([
        if(min(first_version) = max(last_version), min(first_version), null),
        if(min(first_application) = max(last_application), min(first_application), null)
      ]) as member,
      place.scope_number,
    from (
      select
        place,
        customer,
        min(version) as first_version,
        max(version) as last_version,
        min(application) as first_application,
        max(application) as last_application,
      from seat
      group by place, customer
    ) as told
    join place using (place)
    group by place.scope_number, told.customer
  ) as customer
  where member is not null
  group by all
),
-- An entitlement is whole in each of its scopes, and is told apart by scope last.
entitlement as (
  select
    place,
    customer,
    any_value(currency) as currency,
    any_value(quantity) as quantity,
    any_value(amount) as amount,
    if(min(version) = max(version), min(version), null) as version,
    if(min(application) = max(application), min(application), null) as application,
  from seat
  group by entitlement, place, customer
),
whole as (
  select
    place,
    dimension,
    member,
    customer,
    currency,
    count(*) as entitlements,
    sum(quantity) as seats,
    sum(amount) as amount,
  from (
    select
      * exclude (version, application),
      unnest(['version', 'application']) as dimension,
      unnest([version, application]) as member,
    from entitlement
  ) as told
  where member is not null
  group by all
),
only_it as (
  select
    place.scope_number,
    whole.dimension,
    whole.member,
    coalesce(whole.currency, '') as currency,
    sum(whole.entitlements)::double as entitlements,
    count(distinct whole.customer) as entitlement_customers,
    sum(whole.seats)::double as seats,
    -- Currencies are never added up.
    if(grouping(whole.currency) = 0, sum(whole.amount), null)::double as amount,
  from whole
  join place using (place)
  group by grouping sets (
    (place.scope_number, whole.dimension, whole.member), (place.scope_number, whole.dimension, whole.member, whole.currency)
  )
)
select
  scope.scope,
  dimension,
  named.name as member,
  coalesce(only_it.currency, '') as currency,
  hosts.hosts::double as hosts,
  customers.customers,
  -- What is told of fewer customers than may be told of is null: not known here, and little.
  if(wholly.customers_only < getvariable('fewest_customers'), null, coalesce(wholly.customers_only, 0)) as customers_only,
  if(only_it.entitlement_customers < getvariable('fewest_customers'), null, coalesce(only_it.entitlements, 0)) as entitlements,
  if(only_it.entitlement_customers < getvariable('fewest_customers'), null, coalesce(only_it.seats, 0)) as seats,
  if(only_it.entitlement_customers < getvariable('fewest_customers'), null, only_it.amount) as amount,
from customers
join (select distinct scope, scope_number from place) as scope using (scope_number)
join named using (dimension, member)
join hosts using (scope_number, dimension, member)
left join wholly using (scope_number, dimension, member)
left join only_it using (scope_number, dimension, member)
where customers.customers >= getvariable('fewest_customers')
-- The twelve with most hosts in each: what is smaller is a query for npm run sql.
qualify dense_rank() over (partition by scope.scope, dimension order by hosts.hosts desc, named.name) <= 12
order by scope.scope, dimension, hosts.hosts desc, named.name, currency
