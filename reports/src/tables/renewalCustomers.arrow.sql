-- Makes renewalCustomers.arrow: the terms of the highest value in each scope and currency that end in the 90 days after the as-of time,
-- 25 of everything and 10 of each other scope, with whom to call. Nobody's where the site names no customer.
with ending as (
  select *
  from fct_entitlement
  where
    getvariable('audience') = 'internal'
    and not is_test
    and term = 'subscription'
    and status in ('active', 'suspended')
    and ends_at > (select as_of from meta)
    and ends_at <= (select as_of from meta) + interval 90 day
),
paid as (
  select
    entitlement_id,
    service_ends_at,
    sum(booked) as amount,
  from fct_revenue_month
  where not is_test and booked <> 0 and entitlement_id in (select entitlement_id from ending)
  group by all
),
due as (
  select
    scopes_of(ending.sku, ending.brand, ending.country) as scopes,
    ending.entitlement_id,
    ending.currency,
    ending.customer_id,
    ending.product_name,
    ending.quantity,
    ending.seats_bound,
    ending.metric in ('site', 'metered') as is_uncounted,
    ending.ends_at,
    coalesce(paid.amount, 0)::double as value,
  from ending
  left join paid
    on ending.entitlement_id = paid.entitlement_id and ending.ends_at = paid.service_ends_at
)
select
  scope,
  due.currency,
  due.customer_id,
  coalesce(customer.name, due.customer_id) as customer,
  due.product_name as product,
  due.quantity,
  due.seats_bound,
  due.is_uncounted,
  due.ends_at,
  due.value as amount,
from (select *, unnest(scopes) as scope from due) as due
left join dim_customer as customer using (customer_id)
qualify row_number() over (partition by scope, due.currency order by due.value desc, due.entitlement_id) <= if(scope = '', 25, 10)
order by scope, due.currency, due.value desc, due.entitlement_id
