-- Makes brands.arrow: brands side by side, each by the system that its entitlements came from: what is in force, under which terms, and
-- what was paid for it, in minor units, as JSON. What few customers have is told together; and of money, no currency of few.
with held as (
  select
    coalesce(brand, '') as brand,
    source,
    sku,
    country,
    currency,
    license_model,
    term,
    hash(customer_id) as customer,
    count(*) as entitlements,
    -- Site and metered licenses count no seats.
    coalesce(sum(quantity) filter (where metric not in ('site', 'metered')), 0) as seats,
    sum(amount) as amount,
  from fct_entitlement
  where not is_test and status = 'active'
  group by all
),
scoped as (
  select
    * exclude (sku, country),
    unnest(scopes_of(sku, nullif(brand, ''), country)) as scope,
  from held
),
cell as (
  select
    scope,
    brand,
    source,
    list(distinct customer) as who,
    list(distinct license_model) as models,
    sum(entitlements) as entitlements,
    sum(entitlements) filter (where term = 'perpetual') as perpetual,
    sum(entitlements) filter (where term = 'subscription') as subscription,
    sum(seats) as seats,
  from scoped
  group by scope, brand, source
),
ranked as (
  select
    *,
    row_number() over (partition by scope order by entitlements desc, brand, source) > 12 as is_rest,
  from cell
),
named as (
  select
    *,
    folds(is_rest, who, brand || ' ' || source, scope) as is_other,
  from ranked
),
told as (
  select
    scope,
    is_other,
    if(is_other, '', brand) as brand,
    if(is_other, '', source) as source,
    customers_of(who)::integer as customers,
    len(list_distinct(flatten(list(models))))::integer as models,
    sum(entitlements)::double as entitlements,
    coalesce(sum(perpetual), 0)::double as perpetual,
    coalesce(sum(subscription), 0)::double as subscription,
    sum(seats)::double as seats,
  from named
  group by scope, is_other, if(is_other, '', brand), if(is_other, '', source)
  having is_told(who)
),
paid as (
  select
    scoped.scope,
    named.is_other,
    if(named.is_other, '', scoped.brand) as brand,
    if(named.is_other, '', scoped.source) as source,
    scoped.currency,
    sum(scoped.amount)::double as amount,
  from scoped
  join named using (scope, brand, source)
  group by scoped.scope, named.is_other, if(named.is_other, '', scoped.brand), if(named.is_other, '', scoped.source), scoped.currency
  having count(distinct scoped.customer) >= getvariable('fewest_customers') and sum(scoped.amount) > 0
),
money as (
  select
    scope,
    is_other,
    brand,
    source,
    to_json(list({'currency': currency, 'amount': amount} order by amount desc, currency))::varchar as money,
  from paid
  group by scope, is_other, brand, source
)
select
  told.*,
  coalesce(money.money, '[]') as money,
from told
left join money using (scope, is_other, brand, source)
order by scope, told.is_other, told.entitlements desc, told.brand, told.source
