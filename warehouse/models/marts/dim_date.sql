-- Days, from the first of January of the first year with an event to the last of December of the as-of year.

with span as (

    select
        date_trunc('year', min(least(occurred_at, getvariable('as_of')))) as first_at,
        date_trunc('year', getvariable('as_of')) + interval 1 year - interval 1 day as last_at,

    from stg_events

),

days as (

    select unnest(generate_series(first_at, last_at, interval 1 day)) as day_at,

    from span

    where first_at is not null

)

select
    cast(day_at as date) as date,
    cast(year(day_at) as integer) as year,
    cast(quarter(day_at) as integer) as quarter,
    cast(month(day_at) as integer) as month_number,
    month_of(day_at) as month,
    strftime(day_at, '%B') as month_name,
    cast(isoyear(day_at) as integer) as iso_year,
    cast(week(day_at) as integer) as iso_week,
    cast(day(day_at) as integer) as day_of_month,
    cast(isodow(day_at) as integer) as day_of_week,
    isodow(day_at) >= 6 as is_weekend,
    day_at + interval 1 day <= getvariable('as_of') as is_complete,
from days
order by date
