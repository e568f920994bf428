-- Makes dictionary.arrow: every column of every table, with what it means.
select
  "table" as table_name,
  table_description,
  grain,
  "column" as column_name,
  type,
  unit,
  description,
  example,
  is_key = 'true' as is_key,
from dictionary
