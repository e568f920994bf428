-- Quantiles and shares of each segment, with the name that people know it by.
select
  told.scope,
  told.period,
  told.dimension,
  told.segment,
  coalesce(product.name, model.name) as name,
  summary.entitlements,
  summary.activated,
  summary.median_days,
  summary.median_low,
  summary.median_high,
  summary.p25_days,
  summary.p25_low,
  summary.p25_high,
  summary.p75_days,
  summary.p75_low,
  summary.p75_high,
  summary.share_day_1,
  summary.share_day_1_low,
  summary.share_day_1_high,
  summary.share_day_7,
  summary.share_day_7_low,
  summary.share_day_7_high,
  summary.share_day_30,
  summary.share_day_30_low,
  summary.share_day_30_high,
  summary.share_day_90,
  summary.share_day_90_low,
  summary.share_day_90_high,
  summary.mean_days_of_activated,
  -- Null where it is of fewer customers than may be told of.
  if(told.tells_left_out, summary.left_out, null) as left_out,
from waits.told as told
join waits.time_to_activation_summary as summary
  on told.code = summary.dimension and told.segment = summary.segment
left join dim_product as product on told.dimension = 'product' and told.segment = product.sku
left join dim_license_model as model
  on told.dimension = 'license_model' and told.segment = model.license_model
-- Where nothing but what is left out is known, only the whole says so.
where told.dimension = 'all' or summary.entitlements > 0
-- A table of more rows than this is a query for npm run sql; of months the latest are read.
qualify row_number() over (
  partition by told.code
  order by
    case when told.dimension = 'cohort_month' then told.segment end desc nulls last,
    summary.entitlements desc,
    told.segment
) <= if(told.dimension = 'cohort_month', 36, 100)
order by told.scope, told.period, told.dimension, told.segment
