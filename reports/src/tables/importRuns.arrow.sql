-- Makes importRuns.arrow: the newest imports, one by one.
select
  import_id,
  source,
  files,
  coalesce(finished_at, taken_back_at) as told_at,
  entries_read as read,
  entries_accepted as accepted,
  entries_duplicate as duplicate,
  entries_in_conflict as in_conflict,
  entries_quarantined as quarantined,
  taken_back_at,
  orders_taken_back,
  count(*) over () as all_imports,
from fct_import
order by told_at desc, import_id
limit 20
