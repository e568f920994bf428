-- Makes lateness.arrow: how long after it happened an event of the last 90 days was recorded, by source.
select
  source,
  count(*) as events,
  count(*) filter (where recorded_at - occurred_at <= interval 1 minute) as within_minute,
  count(*) filter (where recorded_at - occurred_at > interval 1 minute and recorded_at - occurred_at <= interval 1 hour)
    as within_hour,
  count(*) filter (where recorded_at - occurred_at > interval 1 hour and recorded_at - occurred_at <= interval 1 day) as within_day,
  count(*) filter (where recorded_at - occurred_at > interval 1 day and recorded_at - occurred_at <= interval 7 day)
    as within_week,
  count(*) filter (where recorded_at - occurred_at > interval 7 day) as later,
from entitlement_history
where
  not is_test
  -- The end of a term is recorded by nobody: it follows from its date.
  and recorded_at is not null
  and occurred_at > (select as_of from meta) - interval 90 day
group by source
order by events desc, source
