-- What became of all by day since delivery, on every day on which anyone activated or was cancelled.
select
  told.scope,
  told.period,
  curve.day,
  curve.at_risk,
  curve.incidence_activated,
  curve.incidence_cancelled,
from waits.told as told
join waits.time_to_activation as curve on told.code = curve.dimension and told.segment = curve.segment
where told.dimension = 'all'
-- The last day says how far anyone was watched.
qualify
  curve.activated > 0
  or curve.cancelled > 0
  or curve.day = 0
  or curve.day = max(curve.day) over (partition by told.code)
order by told.scope, told.period, curve.day
