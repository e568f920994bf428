-- Makes waitingCurves.arrow: the curves of the segments that a page can draw, without the days on which nothing happened.
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
-- As in waitingSummary: a segment of too few customers is left out.
told as (
  select
    dimension,
    segment,
  from sold
  group by dimension, segment
  having count(distinct customer_id) >= getvariable('fewest_customers')
),
drawn as (
  select
    dimension,
    segment,
  from time_to_activation_summary
  join told using (dimension, segment)
  -- A page draws six of these; a few more, should it draw more one day. Months are taken from the latest.
  qualify row_number() over (
    partition by dimension
    order by case when dimension = 'cohort_month' then segment end desc nulls last, entitlements desc, segment
  ) <= 12
)
select
  curve.dimension,
  curve.segment,
  curve.day,
  curve.at_risk,
  curve.survival,
  curve.survival_low,
  curve.survival_high,
  curve.incidence_activated,
  curve.incidence_cancelled,
from time_to_activation as curve
join drawn using (dimension, segment)
-- The estimate only moves on a day with an event; the last day says how far the curve reaches.
qualify
  curve.activated > 0
  or curve.cancelled > 0
  or curve.day = 0
  or curve.day = max(curve.day) over (partition by curve.dimension, curve.segment)
order by curve.dimension, curve.segment, curve.day
