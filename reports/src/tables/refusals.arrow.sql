-- Makes refusals.arrow: requests that were turned away, by rule and reason, in the last 90 days and in the 90 before.
select
  rule,
  code,
  count(*) filter (where refused_at > (select as_of from meta) - interval 90 day) as refusals,
  count(*) filter (where refused_at <= (select as_of from meta) - interval 90 day) as refusals_before,
  count(distinct customer_id) filter (where refused_at > (select as_of from meta) - interval 90 day) as customers,
from fct_refusal
where not is_test and refused_at > (select as_of from meta) - interval 180 day and refused_at <= (select as_of from meta)
group by rule, code
order by refusals desc, refusals_before desc, code
