-- Makes waitingCohorts.arrow: the estimated share activated by days since delivery, of each of the last 24 months of orders.
select
  * exclude (scope, period)
from waits.cohort
where scope = '' and period = ''
order by rowid
