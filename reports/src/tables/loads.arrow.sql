-- Makes loads.arrow: the newest hundred loads, each with what it took, how long it worked, and how far behind the ledger it was.
select
  snapshot,
  because,
  is_full,
  created_at,
  seconds,
  events_taken,
  lines_repeated,
  rows_out,
  lag_seconds,
  tests_run,
  tests_warned,
  failures_before,
from fct_load
order by snapshot desc
limit 100
