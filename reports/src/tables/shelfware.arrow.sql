-- Makes shelfware.arrow: what was paid for, waited for 30 days, is in force, and was never activated: the largest, for those who may know the customers.
select
  * exclude (scope, period)
from waits.shelf
where scope = '' and period = ''
order by rowid
