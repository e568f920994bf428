-- Makes imports.arrow: what was brought in, by where it came from, and what became of its entries. What is accepted counts until its
-- import is taken back.
select
  source,
  count(*) as imports,
  count(taken_back_at) as imports_taken_back,
  coalesce(sum(entries_read), 0)::double as read,
  coalesce(sum(entries_accepted) filter (where taken_back_at is null), 0)::double as accepted,
  coalesce(sum(entries_accepted) filter (where taken_back_at is not null), 0)::double as taken_back,
  coalesce(sum(entries_duplicate), 0)::double as duplicate,
  coalesce(sum(entries_in_conflict), 0)::double as in_conflict,
  coalesce(sum(entries_quarantined), 0)::double as quarantined,
  max(coalesce(finished_at, taken_back_at)) as last_at,
from fct_import
group by source
order by read desc, source
limit 40
