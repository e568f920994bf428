-- Makes largestCustomers.arrow: the customers with the most entitlements in force, to begin with where no one is looked for.
select
  entitlement.customer_id,
  coalesce(any_value(customer.name), entitlement.customer_id) as customer,
  count(*) as entitlements,
from fct_entitlement as entitlement
left join dim_customer as customer using (customer_id)
where not entitlement.is_test and entitlement.status = 'active'
group by entitlement.customer_id
order by entitlements desc, entitlement.customer_id
limit 8
