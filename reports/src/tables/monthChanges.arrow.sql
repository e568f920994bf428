-- Makes monthChanges.arrow: what the last whole month was like, and the month before it, one row a measure (and a currency).
-- A number of fewer customers than may be told of is null.
with month as (
  select
    (date_trunc('month', as_of) - interval 1 month)::date as month,
    (date_trunc('month', as_of) - interval 2 month)::date as month_before,
  from meta
),
told as (
  select
    'sold' as measure,
    null as currency,
    cohort_month as month,
    1 as amount,
    customer_id,
  from fct_entitlement
  where not is_test and parent_entitlement_id is null
  union all
  select 'activated', null, date_trunc('month', first_activated_at), 1, customer_id
  from fct_entitlement
  where not is_test and parent_entitlement_id is null and first_activated_at is not null
  union all
  select 'refused', null, date_trunc('month', refused_at), 1, coalesce(customer_id, '')
  from fct_refusal
  where not is_test
),
counted as (
  select
    measure,
    currency,
    month,
    sum(amount)::double as number,
    count(distinct customer_id) as customers,
  from told
  where month in (select unnest([month, month_before]) from month)
  group by measure, currency, month
  union all
  -- Whose money it is: all with a subscription in the currency.
  select 'recurring', revenue.currency, revenue.month, revenue.closing::double, count(distinct entitlement.customer_id)
  from agg_recurring_revenue_month as revenue
  join fct_entitlement as entitlement using (currency)
  where
    not entitlement.is_test
    and entitlement.term = 'subscription'
    and revenue.month in (select unnest([month, month_before]) from month)
  group by revenue.currency, revenue.month, revenue.closing
  union all
  -- Whose it was: those of whom something ended in the month, and was not renewed since.
  select 'lost', revenue.currency, revenue.month, -(revenue.churn + revenue.contraction)::double, count(distinct entitlement.customer_id)
  from agg_recurring_revenue_month as revenue
  left join fct_entitlement as entitlement
    on entitlement.currency = revenue.currency
    and not entitlement.is_test
    and entitlement.term = 'subscription'
    and date_trunc('month', least(entitlement.ends_at, entitlement.cancelled_at)) = revenue.month
  where revenue.month in (select unnest([month, month_before]) from month)
  group by revenue.currency, revenue.month, revenue.churn, revenue.contraction
  union all
  select
    unnest(['due', 'renewed']),
    null,
    month,
    unnest([sum(terms_due), sum(terms_renewed)])::double,
    (select count(distinct customer_id) from fct_entitlement where not is_test and term = 'subscription')
  from agg_renewal_month
  group by month
  union all
  select 'overdraft', null, month, sum(seats_over)::double, count(distinct customer_id)
  from fct_overdraft_month
  where not is_test
  group by month
  union all
  select 'cloned', null, date_trunc('month', detected_at), count(distinct host_hash)::double, count(distinct customer_id)
  from fct_clone
  where not is_test
  group by date_trunc('month', detected_at)
),
spoken as (
  select
    *,
    case when customers >= getvariable('fewest_customers') or number = 0 then number end as spoken_number,
  from counted
)
select
  spoken.measure,
  spoken.currency,
  month.month as month_at,
  month.month_before as month_before_at,
  -- No row is none; a row without a number is one that is not told.
  if(bool_or(spoken.month = month.month), max(spoken.spoken_number) filter (where spoken.month = month.month), 0) as number,
  if(
    bool_or(spoken.month = month.month_before),
    max(spoken.spoken_number) filter (where spoken.month = month.month_before),
    0
  ) as number_before,
  coalesce(max(spoken.customers) filter (where spoken.month = month.month), 0) as customers,
from spoken
cross join month
where spoken.month in (month.month, month.month_before)
group by spoken.measure, spoken.currency, month.month, month.month_before
order by spoken.measure, customers desc, spoken.currency
