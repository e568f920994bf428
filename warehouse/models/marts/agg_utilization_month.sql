-- What was bought and what was used of it, by product and license model. An entitlement stands in each month in which it was
-- in force for any time, by what it last was in it.

with months as (

    select *

    from int_entitlement_month

    where not is_test

),

bought as (

    select
        month,
        brand,
        sku,
        license_model,
        metric,
        count(*) as entitlements,
        count(distinct customer_id) as customers,
        -- A site has no number of seats, and a metered license has units.
        cast(sum(if(metric in ('site', 'metered'), null, quantity)) as bigint) as seats_bought,
        cast(sum(seats_bound) as bigint) as seats_bound,
        cast(sum(seats_peak) as bigint) as seats_peak,

    from months

    group by all

),

used as (

    select
        months.month as month,
        months.brand as brand,
        months.sku as sku,
        months.license_model as license_model,
        months.metric as metric,
        count(distinct months.entitlement_id) as entitlements_active,
        count(distinct heard.host) as active_hosts,

    from months

    inner join int_seat_day as heard
        on months.entitlement_id = heard.entitlement_id
        and months.month = month_of(heard.date)
        -- Software that goes on past its term uses nothing that was bought.
        and heard.first_heard_at <= months.closing_at

    group by all

)

select
    bought.month as month,
    bought.brand as brand,
    bought.sku as sku,
    bought.license_model as license_model,
    bought.metric as metric,
    bought.entitlements as entitlements,
    coalesce(used.entitlements_active, 0) as entitlements_active,
    bought.customers as customers,
    bought.seats_bought as seats_bought,
    bought.seats_bound as seats_bound,
    bought.seats_peak as seats_peak,
    coalesce(used.active_hosts, 0) as active_hosts,
    is_running(bought.month) as is_partial,
from bought
left join used
    on bought.month = used.month
    and bought.sku = used.sku
    and bought.license_model = used.license_model
    and bought.metric = used.metric
    and bought.brand is not distinct from used.brand
order by month, brand, sku, license_model, metric
