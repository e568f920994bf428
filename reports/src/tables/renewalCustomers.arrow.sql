-- Makes renewalCustomers.arrow: the 25 terms of the highest value in each currency that end in the 90 days after the as-of time,
-- with whom to call. Nobody's where the site names no customer.
with paid as (
  select
    entitlement_id,
    service_ends_at,
    sum(booked) as amount,
  from fct_revenue_month
  where not is_test
  group by all
)
select
  entitlement.currency,
  entitlement.customer_id,
  coalesce(customer.name, entitlement.customer_id) as customer,
  entitlement.product_name as product,
  entitlement.quantity,
  entitlement.seats_bound,
  entitlement.metric in ('site', 'metered') as is_uncounted,
  entitlement.ends_at,
  coalesce(paid.amount, 0)::double as amount,
from fct_entitlement as entitlement
left join paid
  on entitlement.entitlement_id = paid.entitlement_id and entitlement.ends_at = paid.service_ends_at
left join dim_customer as customer
  on entitlement.customer_id = customer.customer_id
where
  getvariable('audience') = 'internal'
  and not entitlement.is_test
  and entitlement.term = 'subscription'
  and entitlement.status in ('active', 'suspended')
  and entitlement.ends_at > (select as_of from meta)
  and entitlement.ends_at <= (select as_of from meta) + interval 90 day
qualify row_number() over (
  partition by entitlement.currency order by coalesce(paid.amount, 0) desc, entitlement.entitlement_id
) <= 25
order by entitlement.currency, amount desc, entitlement.entitlement_id
