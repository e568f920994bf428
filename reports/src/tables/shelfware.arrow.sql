-- Makes shelfware.arrow: what was paid for, waited for 30 days, is in force, and was never activated. The ten of the highest
-- price in each currency, with whose they are: for those who may know the customers.
select
  shelf.currency,
  shelf.entitlement_id,
  shelf.customer_id,
  coalesce(customer.name, shelf.customer_id) as customer,
  shelf.product_name as product,
  shelf.quantity,
  shelf.amount::double as amount,
  shelf.delivered_at,
  shelf.days_unused,
from fct_shelfware as shelf
left join dim_customer as customer using (customer_id)
where getvariable('audience') = 'internal' and not shelf.is_test and shelf.is_open
qualify row_number() over (partition by shelf.currency order by shelf.amount desc, shelf.entitlement_id) <= 10
order by shelf.currency, shelf.amount desc, shelf.entitlement_id
