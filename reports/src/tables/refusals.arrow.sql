-- Makes refusals.arrow: requests that were turned away, by rule and reason, in the last 90 days and in the 90 before.
with refusal as (
  select
    rule,
    code,
    customer_id,
    refused_at > (select as_of from meta) - interval 90 day as is_recent,
  from fct_refusal
  where not is_test and refused_at > (select as_of from meta) - interval 180 day and refused_at <= (select as_of from meta)
),
-- What few customers met is told together, and not at all where those are few too. A request of nobody known tells of nobody.
reason as (
  select
    rule,
    code,
    count(customer_id) = 0
    or least(
      count(distinct customer_id) filter (where is_recent), count(distinct customer_id) filter (where not is_recent)
    ) >= getvariable('fewest_customers')
    or getvariable('audience') = 'internal' as is_told,
  from refusal
  group by rule, code
)
select
  if(reason.is_told, refusal.rule, 'several') as rule,
  if(reason.is_told, refusal.code, 'other_reasons') as code,
  count(*) filter (where refusal.is_recent) as refusals,
  count(*) filter (where not refusal.is_recent) as refusals_before,
  count(distinct refusal.customer_id) filter (where refusal.is_recent) as customers,
from refusal
join reason using (rule, code)
group by 1, 2, reason.is_told
having reason.is_told or count(distinct refusal.customer_id) >= getvariable('fewest_customers')
order by refusals desc, refusals_before desc, code
