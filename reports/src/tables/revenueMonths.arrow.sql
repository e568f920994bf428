-- Makes revenueMonths.arrow: revenue recognized, and what is still deferred at the month's end, by month and currency, in minor
-- units; the two years before the as-of time, and the year after it as it comes if nothing changes.
select
  month::timestamp as month_at,
  currency,
  sum(booked)::double as booked,
  sum(recognized)::double as recognized,
  sum(released)::double as released,
  sum(deferred)::double as deferred,
  bool_or(is_scheduled) as is_scheduled,
from fct_revenue_month
where
  not is_test
  and month >= (select as_of from meta) - interval 24 month
  and month < (select as_of from meta) + interval 12 month
group by month, currency
order by currency, month_at
