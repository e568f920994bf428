-- Makes platformMonths.arrow: hosts that held a seat in each of the last 24 months, by operating system. A host counts once a month.
-- Of agg_platform_month alone: reading every seat for this took about a hundred times as long, of a million events.
with month_system as (
  select
    month,
    os_type,
    sum(active_hosts) as hosts,
    -- No fewer customers than this: one may use several versions.
    max(active_customers) as customers,
  from agg_platform_month
  where
    -- A month that begins with the as-of time has not begun.
    month < (select as_of from meta)
    and month >= (select as_of from meta) - interval 24 month
  group by month, os_type
)
select
  month as month_at,
  if(customers < getvariable('fewest_customers'), 'few', coalesce(os_type, '')) as os_type,
  sum(hosts)::double as hosts,
from month_system
group by all
order by month_at, hosts desc, os_type
