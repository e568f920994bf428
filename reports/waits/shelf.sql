-- The ten of the highest price in each currency, with whose they are: for those who may know the customers.
select
  shelf.scope,
  shelf.period,
  shelf.currency,
  shelf.entitlement_id,
  shelf.customer_id,
  coalesce(customer.name, shelf.customer_id) as customer,
  shelf.product_name as product,
  shelf.quantity,
  shelf.amount::double as amount,
  shelf.delivered_at,
  shelf.days_unused,
from waits.shelved as shelf
left join dim_customer as customer using (customer_id)
where getvariable('audience') = 'internal'
qualify row_number() over (
  partition by shelf.scope, shelf.period, shelf.currency order by shelf.amount desc, shelf.entitlement_id
) <= 10
order by shelf.scope, shelf.period, shelf.currency, shelf.amount desc, shelf.entitlement_id
