-- Makes renewalMonths.arrow: terms that ended and those of them that were renewed, by month and currency.
select
  month::timestamp as month_at,
  currency,
  terms_due,
  terms_renewed,
  terms_renewed_in_time,
  is_partial,
from agg_renewal_month
where month < (select as_of from meta) and month >= (select as_of from meta) - interval 24 month
order by currency, month_at
