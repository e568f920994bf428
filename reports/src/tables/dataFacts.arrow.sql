-- Makes dataFacts.arrow: what the numbers of this snapshot rest on.
select
  meta.snapshot,
  meta.as_of,
  meta.created_at,
  meta.events,
  meta.first_occurred_at,
  meta.last_occurred_at,
  meta.last_recorded_at,
  meta.entitlements,
  meta.test_entitlements,
  meta.quarantine_open,
  (select max(tests_run) from fct_load where fct_load.snapshot = meta.snapshot) as tests_run,
  (select count(*) from load_warning) as warnings,
from meta
