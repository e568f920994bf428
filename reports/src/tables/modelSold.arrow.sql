-- Makes modelSold.arrow: money booked in each of the last 24 months (sales, renewals, upgrades and extensions; what went back is
-- not taken off), by license model, term and metric, in each currency, of each scope. The seven models with most money in each,
-- the others together.
with line as materialized (
  select
    date_trunc('month', line.booked_at) as month_at,
    hash(line.sku, line.brand, line.country) as place,
    line.license_model,
    line.currency,
    hash(line.customer_id) as customer,
    sum(line.amount) as amount,
  from fct_order_line as line
  where
    not line.is_test
    and line.kind in ('sale', 'renewal', 'upgrade', 'extension')
    and line.booked_at < (select as_of from meta)
    and line.booked_at >= date_trunc('month', (select as_of from meta) - interval 1 microsecond) - interval 23 month
  group by all
),
member_of as (
  select
    sold.license_model,
    unnest([
      {'dimension': 'model', 'told': coalesce(sold.license_model, '')},
      {'dimension': 'term', 'told': coalesce(model.term, '')},
      {'dimension': 'metric', 'told': coalesce(model.metric, '')}
    ], recursive := true),
  from (select distinct license_model from line) as sold
  left join dim_license_model as model using (license_model)
),
place as (
  select
    hash(sku, brand, country) as place,
    unnest(scopes_of(sku, brand, country)) as scope,
  from fct_order_line
  group by sku, brand, country
),
ranked as (
  select
    place.scope,
    line.currency,
    member_of.dimension,
    member_of.told,
    row_number() over (
      partition by place.scope, line.currency, member_of.dimension
      order by sum(line.amount) desc, member_of.told
    ) as rank,
  from (select place, license_model, currency, sum(amount) as amount from line group by all) as line
  join place using (place)
  join member_of using (license_model)
  group by place.scope, line.currency, member_of.dimension, member_of.told
),
cell as (
  select
    here.place,
    here.license_model,
    here.currency,
    place.scope,
    member_of.dimension,
    if(ranked.rank <= 7, member_of.told, 'rest') as member,
    hash(place.scope, here.currency, member_of.dimension, if(ranked.rank <= 7, member_of.told, 'rest')) as cell,
  from (select distinct place, license_model, currency from line) as here
  join place using (place)
  join member_of using (license_model)
  join ranked
    on place.scope = ranked.scope
    and here.currency = ranked.currency
    and member_of.dimension = ranked.dimension
    and member_of.told = ranked.told
),
booked as (
  select
    line.month_at,
    cell.cell,
    count(distinct line.customer) as customers,
    sum(line.amount) as amount,
  from line
  join cell using (place, license_model, currency)
  group by all
)
select
  booked.month_at,
  named.scope,
  named.dimension,
  if(booked.customers < getvariable('fewest_customers'), 'few', named.member) as member,
  named.currency,
  sum(booked.amount)::double as amount,
from booked
join (select distinct cell, scope, dimension, member, currency from cell) as named using (cell)
group by all
order by month_at, scope, dimension, currency, amount desc, member
