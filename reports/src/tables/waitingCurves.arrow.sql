-- Makes waitingCurves.arrow: the curves of the segments that are drawn, as a picture can show them.
select
  * exclude (scope, period)
from waits.curve
where scope = '' and period = ''
order by rowid
