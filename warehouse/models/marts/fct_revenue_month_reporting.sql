-- Revenue by month once more, in the currency that was asked for: empty where none was.

with rates as (

    select
        from_currency,
        valid_from,
        valid_until,
        rate,

    from stated_rate

    where to_currency = getvariable('reporting_currency')

),

charges as (

    select
        event_id,
        entitlement_id,
        currency,
        cast(booked_at as date) as booked_date,

    from int_charge

    where getvariable('reporting_currency') is not null

),

-- A payment keeps the rate of the day on which it was booked, and so does what a refund takes back of it: what is deferred is
-- not valued anew, and of what went back whole nothing is left.
priced as (

    select
        charges.event_id as charge_event_id,
        charges.entitlement_id as entitlement_id,
        case
            when charges.currency = getvariable('reporting_currency') then cast(1 as decimal(17, 10))
            when rates.valid_until >= charges.booked_date then rates.rate
        end as rate,
        if(rates.valid_until >= charges.booked_date, rates.valid_from, null) as rate_date,

    from charges

    asof left join rates
        on charges.currency = rates.from_currency
        and charges.booked_date >= rates.valid_from

)

select
    months.month as month,
    months.entitlement_id as entitlement_id,
    months.charge_event_id as charge_event_id,
    months.event_id as event_id,
    months.kind as kind,
    months.order_id as order_id,
    months.customer_id as customer_id,
    months.sku as sku,
    months.currency as currency,
    months.booked as booked,
    months.recognized as recognized,
    months.released as released,
    months.deferred as deferred,
    cast(getvariable('reporting_currency') as varchar) as reporting_currency,
    priced.rate_date as rate_date,
    priced.rate as rate,
    converted(months.booked, months.currency, priced.rate, getvariable('reporting_currency')) as reporting_booked,
    converted(months.recognized, months.currency, priced.rate, getvariable('reporting_currency')) as reporting_recognized,
    converted(months.released, months.currency, priced.rate, getvariable('reporting_currency')) as reporting_released,
    converted(months.deferred, months.currency, priced.rate, getvariable('reporting_currency')) as reporting_deferred,
    months.is_scheduled as is_scheduled,
    months.is_test as is_test,
from fct_revenue_month as months
inner join priced
    on months.charge_event_id = priced.charge_event_id
    and months.entitlement_id = priced.entitlement_id
order by month, entitlement_id, charge_event_id, event_id
