-- Makes scopes.arrow: what pages can be narrowed to, by kind, the largest first.
select
  scope,
  kind,
  name,
from scope
order by kind, place
