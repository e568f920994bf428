-- What is not used by product and license model, with the totals of each currency; no customer is named.
with cell as (
  select
    scope,
    period,
    currency,
    sku,
    license_model,
    count(distinct customer_id) >= getvariable('fewest_customers') as is_told,
    -- Of those that are told, the ten of the most money stand alone.
    row_number() over (
      partition by scope, period, currency
      order by count(distinct customer_id) >= getvariable('fewest_customers') desc, sum(amount) desc, sku, license_model
    ) as rank,
  from waits.shelved
  group by scope, period, currency, sku, license_model
),
-- The rest is one row. Where it has too few customers itself, the last that stands alone joins it: else the rest could be had
-- by subtraction.
rest as (
  select
    shelf.scope,
    shelf.period,
    shelf.currency,
    count(distinct shelf.customer_id) as customers,
  from waits.shelved as shelf
  join cell using (scope, period, currency, sku, license_model)
  where not cell.is_told or cell.rank > 10
  group by shelf.scope, shelf.period, shelf.currency
),
shown as (
  select
    cell.scope,
    cell.period,
    cell.currency,
    cell.sku,
    cell.license_model,
    cell.is_told
      and cell.rank <= 10
      and (
        coalesce(rest.customers, getvariable('fewest_customers')) >= getvariable('fewest_customers')
        or cell.rank < max(cell.rank) filter (where cell.is_told and cell.rank <= 10)
          over (partition by cell.scope, cell.period, cell.currency)
      ) as is_shown,
  from cell
  left join rest using (scope, period, currency)
),
total as (
  select
    scope,
    period,
    currency,
    count(*) as all_entitlements,
    count(distinct customer_id) as all_customers,
    sum(amount)::double as all_amount,
  from waits.shelved
  group by scope, period, currency
  having count(distinct customer_id) >= getvariable('fewest_customers')
)
select
  shelf.scope,
  shelf.period,
  shelf.currency,
  if(shown.is_shown, coalesce(product.name, shelf.product_name), 'All others') as product,
  if(shown.is_shown, coalesce(model.name, shelf.license_model), '') as license_model,
  count(*) as entitlements,
  count(distinct shelf.customer_id) as customers,
  sum(shelf.amount)::double as amount,
  median(shelf.days_unused) as median_days_unused,
  any_value(total.all_entitlements) as all_entitlements,
  any_value(total.all_customers) as all_customers,
  any_value(total.all_amount) as all_amount,
from waits.shelved as shelf
join shown using (scope, period, currency, sku, license_model)
join total using (scope, period, currency)
left join dim_product as product using (sku)
left join dim_license_model as model on shelf.license_model = model.license_model
group by 1, 2, 3, 4, 5, shown.is_shown
order by shelf.scope, shelf.period, all_entitlements desc, shelf.currency, shown.is_shown desc, amount desc, product, license_model
