-- Makes waitingSummary.arrow: quantiles and shares of each segment. Of a scope or a period they are in files of their own (waitFiles.ts).
select
  * exclude (scope, period)
from waits.summary
where scope = '' and period = ''
order by rowid
