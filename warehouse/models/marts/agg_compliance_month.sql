-- What the rules met: seats beyond what was bought, requests that they refused, copies that showed themselves. The row
-- without a rule has what no rule refused.

with findings as (

    select
        month,
        brand,
        sku,
        license_model,
        null as rule,
        customer_id,
        0 as refusals,
        seats_over as overdraft_seats,
        null as cloned_host,

    from int_entitlement_month

    where seats_over > 0 and not is_test

    union all

    select
        month_of(refused_at) as month,
        brand,
        sku,
        license_model,
        coalesce(rule, code) as rule,
        customer_id,
        1 as refusals,
        0 as overdraft_seats,
        null as cloned_host,

    from fct_refusal

    where not is_test

    union all

    select
        month_of(detected_at) as month,
        brand,
        sku,
        license_model,
        null as rule,
        customer_id,
        0 as refusals,
        0 as overdraft_seats,
        -- A copy that does not say where it runs is one more.
        coalesce(host_hash, clone_id) as cloned_host,

    from fct_clone

    where not is_test

)

select
    month,
    brand,
    sku,
    license_model,
    rule,
    cast(sum(refusals) as bigint) as refusals,
    cast(sum(overdraft_seats) as bigint) as overdraft_seats,
    count(distinct cloned_host) as cloned_hosts,
    count(distinct customer_id) as customers,
from findings
group by all
order by month, brand, sku, license_model, rule
