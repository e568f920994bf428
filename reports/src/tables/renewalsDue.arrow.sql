-- Makes renewalsDue.arrow: terms of subscriptions that end in the 90 days after the as-of time, by scope, product and currency, in
-- minor units. What few customers hold is told together, and left out where these are few as well.
with ending as (
  select entitlement_id, currency, sku, brand, country, product_name, customer_id, ends_at,
  from fct_entitlement
  where
    not is_test
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
    ending.currency,
    ending.sku,
    ending.brand,
    ending.country,
    ending.customer_id,
    any_value(ending.product_name) as product_name,
    count(*) as terms,
    -- What was paid for the term that ends: its sale or renewal, and what was added or taken back in it.
    coalesce(sum(paid.amount), 0) as amount,
  from ending
  left join paid
    on ending.entitlement_id = paid.entitlement_id and ending.ends_at = paid.service_ends_at
  group by ending.currency, ending.sku, ending.brand, ending.country, ending.customer_id
),
scoped as (
  select *, unnest(scopes_of(sku, brand, country)) as scope from due
),
product as (
  select
    scope,
    currency,
    sku,
    max(product_name) as name,
    list(distinct customer_id) as who,
    row_number() over (partition by scope, currency order by sum(amount) desc, sku) > 12 as is_rest,
  from scoped
  group by scope, currency, sku
),
folded as (
  select *, folds(is_rest, who, sku, scope || ' ' || currency) as is_other from product
)
select
  scoped.scope,
  scoped.currency,
  folded.is_other,
  if(folded.is_other, 'Other products', folded.name) as name,
  sum(scoped.terms)::integer as terms,
  count(distinct scoped.customer_id)::integer as customers,
  sum(scoped.amount)::double as value,
from scoped
join folded using (scope, currency, sku)
group by all
having count(distinct scoped.customer_id) >= getvariable('fewest_customers')
order by scoped.scope, scoped.currency, folded.is_other, value desc, name
