-- Makes recurringMonths.arrow: recurring revenue and what moved it, by month and currency, in minor units.
select
  month::timestamp as month_at,
  currency,
  opening::double as opening,
  new::double as new,
  expansion::double as expansion,
  contraction::double as contraction,
  churn::double as churn,
  reactivation::double as reactivation,
  closing::double as closing,
  entitlements,
  is_partial,
from agg_recurring_revenue_month
where
  -- A month that begins with the as-of time has not begun.
  month < (select as_of from meta)
  and month >= (select as_of from meta) - interval 24 month
order by currency, month_at
