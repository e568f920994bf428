-- Makes quarantine.arrow: input that could not be understood, by where it came from and why.
select
  source,
  stage,
  code,
  count(*) as inputs,
  count(*) filter (where is_open) as inputs_open,
  min(quarantined_at) as first_at,
  max(quarantined_at) as last_at,
from quarantine
group by all
order by inputs_open desc, inputs desc, source, stage, code
limit 100
