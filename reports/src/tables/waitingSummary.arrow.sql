-- Makes waitingSummary.arrow: quantiles and shares of each segment, with the name that people know it by.
with sold as (
  select
    customer_id,
    unnest([
      {'dimension': 'all', 'segment': 'all'},
      {'dimension': 'product', 'segment': granted_sku},
      {'dimension': 'brand', 'segment': granted_brand},
      {'dimension': 'license_model', 'segment': granted_license_model},
      {'dimension': 'price_band', 'segment': coalesce(price_band, '(none)')},
      {'dimension': 'channel', 'segment': channel},
      {'dimension': 'cohort_month', 'segment': strftime(cohort_month, '%Y-%m')}
    ], recursive := true),
  from fct_entitlement
  where not is_test and parent_entitlement_id is null and delivered_at <= (select as_of from meta)
),
-- A curve cannot be folded into others: a segment of too few customers is left out.
told as (
  select
    dimension,
    segment,
  from sold
  group by dimension, segment
  having count(distinct customer_id) >= getvariable('fewest_customers')
)
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
from time_to_activation_summary as summary
join told using (dimension, segment)
left join dim_product as product on summary.dimension = 'product' and summary.segment = product.sku
left join dim_license_model as model
  on summary.dimension = 'license_model' and summary.segment = model.license_model
-- A table of more rows than this is a query for npm run sql; of months the latest are read.
qualify row_number() over (
  partition by summary.dimension
  order by case when summary.dimension = 'cohort_month' then summary.segment end desc nulls last, summary.entitlements desc, summary.segment
) <= if(summary.dimension = 'cohort_month', 36, 200)
order by summary.dimension, summary.segment
