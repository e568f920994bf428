-- Makes recurringMonths.arrow: recurring revenue and what moved it, by month, scope and currency, in minor units: of everything what
-- agg_recurring_revenue_month says. What few customers pay, and what few moved, is null.
with entitlement_month as (
  select
    month,
    currency,
    sku,
    brand,
    country,
    -- Whose it is, is asked only where it may be too few.
    if(getvariable('fewest_customers') > 1, customer_id, null) as customer_id,
    sum(coalesce(amount_before, 0)) as opening,
    sum(if(amount_before is null, amount, 0)) as new,
    sum(if(amount_before > 0 and amount > amount_before, amount - amount_before, 0)) as expansion,
    sum(if(amount > 0 and amount < amount_before, amount - amount_before, 0)) as contraction,
    sum(if(amount_before > 0 and amount = 0, amount - amount_before, 0)) as churn,
    sum(if(amount_before = 0, amount, 0)) as reactivation,
    sum(amount) as closing,
    count(*) filter (where amount > 0) as entitlements,
    bool_or(amount > 0) as is_paying,
    bool_or(amount is distinct from amount_before) as is_moved,
  from fct_recurring_month
  where not is_test and month >= (select as_of from meta) - interval 24 month
  group by all
),
cell as (
  select
    month,
    currency,
    sku,
    brand,
    country,
    sum(opening) as opening,
    sum(new) as new,
    sum(expansion) as expansion,
    sum(contraction) as contraction,
    sum(churn) as churn,
    sum(reactivation) as reactivation,
    sum(closing) as closing,
    sum(entitlements) as entitlements,
    -- Some of its customers, as many as it takes to be told: to count all of them in each scope took more than twice as long.
    min(customer_id, getvariable('fewest_customers')) filter (where is_paying) as who,
    min(customer_id, getvariable('fewest_customers')) filter (where is_moved) as who_moved,
  from entitlement_month
  group by month, currency, sku, brand, country
),
scoped as (
  select
    month,
    currency,
    scope,
    sum(opening) as opening,
    sum(new) as new,
    sum(expansion) as expansion,
    sum(contraction) as contraction,
    sum(churn) as churn,
    sum(reactivation) as reactivation,
    sum(closing) as closing,
    sum(entitlements) as entitlements,
    customers_of(who) as customers,
    customers_of(who_moved) as customers_moved,
  from (select *, unnest(scopes_of(sku, brand, country)) as scope from cell)
  group by month, currency, scope
),
-- A month in which nothing of a scope recurs, after one in which something did, is nothing: not a month less.
calendar as (
  select
    scope,
    currency,
    unnest(generate_series(min(month)::timestamp, (select as_of from meta) - interval 1 microsecond, interval 1 month))::date as month,
  from scoped
  group by scope, currency
),
told as (
  select
    calendar.*,
    scoped.* exclude (scope, currency, month),
    coalesce(scoped.customers, 0) between 1 and getvariable('fewest_customers') - 1 as is_few,
    coalesce(scoped.customers_moved, 0) between 1 and getvariable('fewest_customers') - 1 as is_few_moved,
    coalesce(lag(scoped.customers) over (partition by scope, currency order by month), scoped.customers, 0)
      between 1 and getvariable('fewest_customers') - 1 as is_few_before,
  from calendar
  left join scoped using (scope, currency, month)
)
select
  month::timestamp as month_at,
  scope,
  currency,
  if(is_few_before, null, coalesce(opening, 0))::double as opening,
  if(is_few_moved, null, coalesce(new, 0))::double as new,
  if(is_few_moved, null, coalesce(expansion, 0))::double as expansion,
  if(is_few_moved, null, coalesce(contraction, 0))::double as contraction,
  if(is_few_moved, null, coalesce(churn, 0))::double as churn,
  if(is_few_moved, null, coalesce(reactivation, 0))::double as reactivation,
  if(is_few, null, coalesce(closing, 0))::double as closing,
  if(is_few, null, coalesce(entitlements, 0))::integer as entitlements,
  month + interval 1 month > (select as_of from meta) as is_partial,
from told
-- A currency in which nothing of the scope may be told is not offered.
qualify max(customers) over (partition by scope, currency) >= getvariable('fewest_customers') or getvariable('fewest_customers') = 1
order by scope, currency, month_at
