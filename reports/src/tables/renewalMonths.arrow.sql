-- Makes renewalMonths.arrow: terms that ended and those of them that were renewed, by month, scope and currency: of everything what
-- agg_renewal_month says. Months in which terms of few customers ended are left out.
select
  date_trunc('month', ended_at) as month_at,
  scope,
  currency,
  count(*)::integer as terms_due,
  count(*) filter (where is_renewed)::integer as terms_renewed,
  count(*) filter (where renewed_at <= ended_at)::integer as terms_renewed_in_time,
  date_trunc('month', ended_at) + interval 1 month > (select as_of from meta) as is_partial,
from (select *, unnest(scopes_of(sku, brand, country)) as scope from fct_term_end)
where
  not is_test
  -- A month that begins with the as-of time has not begun.
  and date_trunc('month', ended_at) < (select as_of from meta)
  and date_trunc('month', ended_at) >= (select as_of from meta) - interval 24 month
group by all
having count(distinct customer_id) >= getvariable('fewest_customers')
order by scope, currency, month_at
