-- Whether the segments of a dimension differ, by the log-rank test.
select
  choice.scope,
  choice.period,
  choice.dimension,
  test.chi_square,
  test.degrees_of_freedom,
  test.p_value,
from waits.time_to_activation_test as test
join waits.choice as choice on test.dimension = choice.code
-- Where the whole is of too few customers, nothing is told of it.
semi join waits.told as whole
  on choice.scope = whole.scope and choice.period = whole.period and whole.dimension = 'all'
where choice.dimension <> 'all'
order by choice.scope, choice.period, choice.dimension
