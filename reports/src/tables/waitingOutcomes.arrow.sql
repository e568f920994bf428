-- Makes waitingOutcomes.arrow: what became of all entitlements by day since delivery.
select
  * exclude (scope, period)
from waits.outcome
where scope = '' and period = ''
order by rowid
