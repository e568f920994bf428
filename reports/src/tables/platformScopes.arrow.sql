-- Makes platformScopes.arrow: brands and products that platforms can be asked of, with the names that people know them by.
select distinct
  'brand:' || coalesce(brand, '') as scope,
  coalesce(nullif(brand, ''), 'No brand') || ', all products' as name,
  0 as place,
from fct_activation
where not is_test
union all
select
  activation.sku as scope,
  coalesce(any_value(product.name), activation.sku) as name,
  1 as place,
from fct_activation as activation
left join dim_product as product using (sku)
where not activation.is_test and activation.sku is not null
group by activation.sku
order by place, name
limit 100
