-- Makes renewalsDue.arrow: terms of subscriptions that end in the 90 days after the as-of time, by product and currency, in minor
-- units. What few customers hold is told together, and left out where these are few as well.
with paid as (
  select
    entitlement_id,
    service_ends_at,
    sum(booked) as amount,
  from fct_revenue_month
  where not is_test
  group by all
),
due as (
  select
    entitlement.currency,
    entitlement.sku,
    entitlement.product_name,
    entitlement.customer_id,
    entitlement.ends_at,
    -- What was paid for the term that ends: its sale or renewal, and what was added or taken back in it.
    coalesce(paid.amount, 0) as amount,
  from fct_entitlement as entitlement
  left join paid
    on entitlement.entitlement_id = paid.entitlement_id and entitlement.ends_at = paid.service_ends_at
  where
    not entitlement.is_test
    and entitlement.term = 'subscription'
    and entitlement.status in ('active', 'suspended')
    and entitlement.ends_at > (select as_of from meta)
    and entitlement.ends_at <= (select as_of from meta) + interval 90 day
),
product as (
  select
    currency,
    sku,
    max(product_name) as name,
    count(distinct customer_id) < getvariable('fewest_customers')
      or row_number() over (partition by currency order by sum(amount) desc, sku) > 12 as is_other,
  from due
  group by currency, sku
)
select
  due.currency,
  product.is_other,
  if(product.is_other, 'Other products', product.name) as name,
  count(*) as terms,
  count(distinct due.customer_id) as customers,
  sum(due.amount)::double as value,
from due
join product using (currency, sku)
group by all
having count(distinct due.customer_id) >= getvariable('fewest_customers')
order by due.currency, product.is_other, value desc, name
