-- Makes shelfwareProducts.arrow: the same by product and license model, with the totals of each currency; no customer is named.
select
  * exclude (scope, period)
from waits.shelf_product
where scope = '' and period = ''
order by rowid
