-- Makes modelSold.arrow: money booked in each of the last 24 months (sales, renewals, upgrades and extensions; what went back is
-- not taken off), by license model, term and metric, in each currency; of all brands and of each.
with line as (
  select
    date_trunc('month', line.booked_at) as month_at,
    coalesce(line.brand, '') as brand,
    line.license_model,
    model.term,
    model.metric,
    line.currency,
    line.customer_id,
    line.amount,
  from fct_order_line as line
  left join dim_license_model as model using (license_model)
  where
    not line.is_test
    and line.kind in ('sale', 'renewal', 'upgrade', 'extension')
    and line.booked_at < (select as_of from meta)
    and line.booked_at >= date_trunc('month', (select as_of from meta) - interval 1 microsecond) - interval 23 month
),
booked as (
  select
    month_at,
    if(grouping(brand) = 1, '', 'brand:' || brand) as scope,
    case when grouping(license_model) = 0 then 'model' when grouping(term) = 0 then 'term' else 'metric' end as dimension,
    coalesce(license_model, term, metric, '') as member,
    currency,
    count(distinct customer_id) as customers,
    sum(amount) as amount,
  from line
  group by grouping sets (
    (month_at, currency, license_model), (month_at, currency, term), (month_at, currency, metric),
    (month_at, currency, brand, license_model), (month_at, currency, brand, term), (month_at, currency, brand, metric)
  )
)
select
  month_at,
  scope,
  dimension,
  if(customers < getvariable('fewest_customers'), 'few', member) as member,
  currency,
  sum(amount)::double as amount,
from booked
group by all
order by month_at, scope, dimension, currency, amount desc, member
