-- Makes attention.arrow: what somebody should look at, as counts of entitlements and of the customers whom it concerns, in all
-- and in each currency. Fewer customers than may be told of are left out.
with waiting as (
  select
    'shelfware' as what,
    currency,
    customer_id,
    amount,
    quantity as seats,
  from fct_shelfware
  where not is_test and is_open
  union all
  select 'overdraft', currency, customer_id, 0, seats_bound - quantity
  from fct_entitlement
  where not is_test and status = 'active' and metric not in ('site', 'metered') and seats_bound > quantity
  union all
  select
    unnest(if(ends_at <= (select as_of from meta) + interval 30 day, ['due_30', 'due_90'], ['due_90'])),
    currency,
    customer_id,
    amount,
    quantity
  from fct_entitlement
  where
    not is_test
    and status = 'active'
    and term = 'subscription'
    and ends_at > (select as_of from meta)
    and ends_at <= (select as_of from meta) + interval 90 day
)
select
  what,
  currency,
  count(*) as entitlements,
  count(distinct customer_id) as customers,
  sum(seats)::double as seats,
  -- Only within a currency.
  case when currency is not null then sum(amount)::double end as amount,
from waiting
group by grouping sets ((what, currency), (what))
having count(distinct customer_id) >= getvariable('fewest_customers')
order by what, currency is not null, customers desc, currency
