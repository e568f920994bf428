-- Makes waitingTest.arrow: whether the segments of a dimension differ, by the log-rank test.
select
  dimension,
  chi_square,
  degrees_of_freedom,
  p_value,
from time_to_activation_test
order by dimension
