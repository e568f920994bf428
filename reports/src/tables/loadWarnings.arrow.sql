-- Makes loadWarnings.arrow: what data tests that may fail found in this snapshot; and what else the load warned of, as it said it.
select
  nullif(regexp_extract(warning, '^(\w+): "(.*)" does not hold for (\d+) row', 1), '') as table_name,
  coalesce(nullif(regexp_extract(warning, '^(\w+): "(.*)" does not hold for (\d+) row', 2), ''), warning) as test,
  try_cast(nullif(regexp_extract(warning, '^(\w+): "(.*)" does not hold for (\d+) row', 3), '') as bigint) as failures,
from load_warning
order by failures desc nulls last, table_name, test
