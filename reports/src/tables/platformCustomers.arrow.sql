-- Makes platformCustomers.arrow: customers with a host on a system this month, of all products and of each. A customer may use several.
with seat as (
  select
    customer_id,
    sku,
    coalesce(os_type, '') as os_type,
  from fct_activation
  where
    not is_test
    and greatest(bound_at, least(ended_at, term_ends_at, (select as_of from meta) + interval 1 microsecond) - interval 1 microsecond)
      >= date_trunc('month', (select as_of from meta) - interval 1 microsecond)
)
select
  coalesce(seat.sku, '') as sku,
  coalesce(product.name, seat.sku, '') as name,
  seat.os_type,
  count(distinct seat.customer_id) as customers,
from seat
left join dim_product as product using (sku)
-- A row without a system counts customers of any system.
group by grouping sets ((seat.sku, product.name, seat.os_type), (seat.sku, product.name), (seat.os_type), ())
order by sku, customers desc
