-- Makes waitingTest.arrow: whether the segments of a dimension differ, by the log-rank test.
select
  * exclude (scope, period)
from waits.test
where scope = '' and period = ''
order by rowid
