-- Makes waitingSummary.arrow: quantiles and shares of each segment, with the name that people know it by.
select
  summary.dimension,
  summary.segment,
  coalesce(product.name, model.name) as name,
  summary.entitlements,
  summary.activated,
  summary.median_days,
  summary.median_low,
  summary.median_high,
  summary.p25_days,
  summary.p75_days,
  summary.share_day_1,
  summary.share_day_7,
  summary.share_day_30,
  summary.share_day_30_low,
  summary.share_day_30_high,
  summary.share_day_90,
  summary.mean_days_of_activated,
from time_to_activation_summary as summary
left join dim_product as product on summary.dimension = 'product' and summary.segment = product.sku
left join dim_license_model as model
  on summary.dimension = 'license_model' and summary.segment = model.license_model
-- A table of more rows than this is a query for npm run sql.
qualify row_number() over (partition by summary.dimension order by summary.entitlements desc, summary.segment) <= 200
order by summary.dimension, summary.segment
