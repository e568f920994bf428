-- Makes snapshot.arrow: what the pages are built from.
select
  snapshot,
  as_of,
from meta
