-- Makes historyMonths.arrow: customers with something in force, and changes to their entitlements, by month.
with month as (
  select unnest(generate_series(
    greatest(date_trunc('month', min(delivered_at)), date_trunc('month', (select as_of from meta) - interval 23 month)),
    -- A month that begins with the as-of time has not begun.
    (select as_of from meta) - interval 1 microsecond,
    interval 1 month
  )) as month_at,
  from fct_entitlement
  where not is_test
),
change as (
  select
    date_trunc('month', occurred_at) as month_at,
    count(*) as changes,
  from entitlement_history
  where not is_test
  group by all
),
customer as (
  select
    month.month_at,
    count(distinct entitlement.customer_id) as customers,
  from month
  join fct_entitlement as entitlement
    on entitlement.delivered_at < month.month_at + interval 1 month
    and coalesce(least(entitlement.ends_at, entitlement.cancelled_at), (select as_of from meta) + interval 1 microsecond)
      > least(month.month_at + interval 1 month, (select as_of from meta))
  where not entitlement.is_test and entitlement.delivered_at <= (select as_of from meta)
  group by all
)
select
  month.month_at,
  coalesce(change.changes, 0) as changes,
  coalesce(customer.customers, 0) as customers,
from month
left join change using (month_at)
left join customer using (month_at)
order by month.month_at
