-- Makes shelfware.arrow: what was paid for, was delivered a month ago or more, is in force, and was never activated. The
-- five of the highest price in each currency, each row with the totals of its currency.
select
  entitlement.currency,
  entitlement.entitlement_id,
  entitlement.customer_id,
  coalesce(customer.name, entitlement.customer_id) as customer,
  entitlement.product_name as product,
  entitlement.quantity,
  entitlement.amount::double as amount,
  entitlement.delivered_at,
  count(*) over currency as all_entitlements,
  count(distinct entitlement.customer_id) over (partition by entitlement.currency) as all_customers,
  (sum(entitlement.amount) over currency)::double as all_amount,
from fct_entitlement as entitlement
left join dim_customer as customer using (customer_id)
where
  not entitlement.is_test
  and entitlement.status = 'active'
  and entitlement.first_activated_at is null
  and entitlement.amount > 0
  and entitlement.delivered_at <= (select as_of from meta) - interval 30 day
  -- A site or a metered license is used without binding a seat.
  and entitlement.metric not in ('site', 'metered')
window currency as (partition by entitlement.currency)
qualify row_number() over (
  partition by entitlement.currency order by entitlement.amount desc, entitlement.entitlement_id
) <= 5
order by all_entitlements desc, entitlement.currency, entitlement.amount desc, entitlement.entitlement_id
