-- Makes revenueMonths.arrow: revenue recognized, and what is still deferred at the month's end, by month, scope and currency, in minor
-- units; the two years before the as-of time, and the year after it as it comes if nothing changes. What few customers' is is null.
with payment_month as (
  select
    revenue.month,
    revenue.currency,
    revenue.sku,
    entitlement.brand,
    entitlement.country,
    -- Whose it is, is asked only where it may be too few.
    if(getvariable('fewest_customers') > 1, revenue.customer_id, null) as customer_id,
    sum(revenue.booked) as booked,
    sum(revenue.recognized) as recognized,
    sum(revenue.released) as released,
    sum(revenue.deferred) as deferred,
    bool_or(revenue.is_scheduled) as is_scheduled,
    bool_or(revenue.booked <> 0) as is_booked,
    bool_or(revenue.released <> 0) as is_released,
  from fct_revenue_month as revenue
  left join fct_entitlement as entitlement using (entitlement_id)
  where
    not revenue.is_test
    and revenue.month >= (select as_of from meta) - interval 24 month
    and revenue.month < (select as_of from meta) + interval 12 month
  group by all
),
cell as (
  select
    month,
    currency,
    sku,
    brand,
    country,
    sum(booked) as booked,
    sum(recognized) as recognized,
    sum(released) as released,
    sum(deferred) as deferred,
    bool_or(is_scheduled) as is_scheduled,
    -- Some of its customers, as many as it takes to be told: to count all of them in each scope took more than twice as long.
    min(customer_id, getvariable('fewest_customers')) as who,
    min(customer_id, getvariable('fewest_customers')) filter (where is_booked) as who_booked,
    min(customer_id, getvariable('fewest_customers')) filter (where is_released) as who_released,
  from payment_month
  group by month, currency, sku, brand, country
),
scoped as (
  select
    month,
    currency,
    scope,
    sum(booked)::double as booked,
    sum(recognized)::double as recognized,
    sum(released)::double as released,
    sum(deferred)::double as deferred,
    bool_or(is_scheduled) as is_scheduled,
    customers_of(who) as customers,
    customers_of(who_booked) as customers_booked,
    customers_of(who_released) as customers_released,
  from (select *, unnest(scopes_of(sku, brand, country)) as scope from cell)
  group by month, currency, scope
)
select
  month::timestamp as month_at,
  scope,
  currency,
  if(customers_booked between 1 and getvariable('fewest_customers') - 1, null, booked) as booked,
  if(customers between 1 and getvariable('fewest_customers') - 1, null, recognized) as recognized,
  if(customers_released between 1 and getvariable('fewest_customers') - 1, null, released) as released,
  if(customers between 1 and getvariable('fewest_customers') - 1, null, deferred) as deferred,
  is_scheduled,
from scoped
-- A currency in which nothing of the scope may be told is not offered.
qualify max(customers) over (partition by scope, currency) >= getvariable('fewest_customers') or getvariable('fewest_customers') = 1
order by scope, currency, month_at
