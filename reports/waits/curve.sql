-- The curves of the segments that are drawn, as a picture can show them: 362 pixels high for all of them. A day is left out where the
-- estimate and both ends of its interval stay within half a pixel, and shares are in ten-thousandths.
with drawn as (
  select
    told.*,
  from waits.told as told
  join waits.time_to_activation_summary as summary
    on told.code = summary.dimension and told.segment = summary.segment
  where told.dimension <> 'all' and summary.entitlements > 0
  -- The page draws six: of months the latest, of all else the largest.
  qualify row_number() over (
    partition by told.code
    order by
      case when told.dimension = 'cohort_month' then told.segment end desc nulls last,
      summary.entitlements desc,
      told.segment
  ) <= 6
),
steps as (
  select
    drawn.scope,
    drawn.period,
    drawn.dimension,
    drawn.segment,
    curve.day,
    curve.survival,
    curve.survival_low,
    curve.survival_high,
    [
      floor(724 * curve.survival),
      floor(724 * curve.survival_low),
      floor(724 * curve.survival_high)
    ] as place,
  from drawn
  join waits.time_to_activation as curve on drawn.code = curve.dimension and drawn.segment = curve.segment
  -- Beyond, one customer moves it visibly; but no line is shorter than a week.
  where curve.at_risk >= 10 or curve.day <= 7
)
select
  scope,
  period,
  dimension,
  segment,
  day,
  round(10000 * survival)::integer as survival_bp,
  round(10000 * survival_low)::integer as survival_low_bp,
  round(10000 * survival_high)::integer as survival_high_bp,
from steps
window in_order as (partition by scope, period, dimension, segment order by day)
qualify
  place is distinct from lag(place) over in_order
  -- The last day says how far the line reaches.
  or lead(day) over in_order is null
order by scope, period, dimension, segment, day
