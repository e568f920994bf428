-- Makes site.arrow: what the pages are built from, and for whom.
select
  snapshot,
  as_of,
  getvariable('audience') as audience,
from meta
