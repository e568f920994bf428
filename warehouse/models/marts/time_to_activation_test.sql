-- The log-rank test of each dimension's segments. SQL has no matrices: `log_rank` is computed from time_to_activation by
-- the load (logrank.ts).

with dimensions as (

    select
        dimension,
        count(*) as segments,

    from time_to_activation_summary

    where dimension <> 'all'
        -- What is left out alone is nothing to compare.
        and entitlements > 0

    group by all

)

select
    dimensions.dimension as dimension,
    dimensions.segments as segments,
    log_rank.chi_square as chi_square,
    log_rank.degrees_of_freedom as degrees_of_freedom,
    log_rank.p_value as p_value,
from dimensions
left join log_rank
    on dimensions.dimension = log_rank.dimension
order by dimension
