-- Terms of subscriptions that ended, and those of them that were renewed.

with months as (

    select
        month_of(ended_at) as month,
        currency,
        count(*) as terms_due,
        count(*) filter (where is_renewed and renewed_at <= ended_at) as terms_renewed_in_time,
        count(*) filter (where is_renewed and renewed_at > ended_at) as terms_renewed_late,

    from fct_term_end

    where not is_test

    group by all

)

select
    month,
    currency,
    terms_due,
    terms_renewed_in_time + terms_renewed_late as terms_renewed,
    terms_renewed_in_time,
    terms_renewed_late,
    (terms_renewed_in_time + terms_renewed_late) / terms_due as renewal_rate,
    is_running(month) as is_partial,
from months
order by month, currency
