-- Exchange rates that amounts are told by in the reporting currency, as they were given to the load.

select
    from_currency,
    to_currency,
    valid_from,
    valid_until,
    rate,
from stated_rate
order by to_currency, from_currency, valid_from
