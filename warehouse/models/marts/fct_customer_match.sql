-- Customers who look like one: pairs that share an e-mail address or a name, or a company's domain and nearly a name. They are
-- proposed; who is who is for people to say, and the call that merges two of them is theirs.

with held as (

    -- What a merger would give to the other. It leaves what was cancelled where it is.
    select
        customer_id,
        count(*) as entitlements,
        bool_and(starts_with(source, 'import:')) as is_imported,

    from fct_entitlement

    where not is_test
        and status <> 'cancelled'

    group by customer_id

),

customers as (

    select
        held.customer_id as customer_id,
        held.entitlements as entitlements,
        held.is_imported as is_imported,
        dim_customer.country as country,
        nullif(lower(trim(dim_customer.email)), '') as email,
        dim_customer.name as name,

    from held

    inner join dim_customer
        on held.customer_id = dim_customer.customer_id

    where dim_customer.name is not null
        or dim_customer.email is not null

),

named as materialized (

    select
        * exclude (name),
        words_of_company(name) as words,
        -- Systems of old wrote letters that they did not have in two.
        case when spelled_out(name) <> lower(name) then words_of_company(spelled_out(name)) end as words_spelled_out,
        regexp_extract(email, '@([^@\s]+\.[^@\s.]+)$', 1) as domain,

    from customers

),

keys as materialized (

    select customer_id, 'email' as kind, email as value from named
    union all
    select customer_id, 'name', in_any_order(words) from named
    union all
    select customer_id, 'name', in_any_order(words_spelled_out) from named where words_spelled_out <> words
    union all
    select customer_id, 'domain', domain from named where domain <> '' and not is_free_mail(domain)

),

-- What more have than are looked at pair by pair is no sign of anything: a reseller's address, a usual name, a university. The few of
-- a sign are a list: a join of all with all by it would first make the pairs of those whom many share.
telling as (

    select
        kind,
        list(customer_id) as who,

    from keys

    where value is not null

    group by kind, value

    having count(*) between 2 and 20

),

led as (

    select
        kind,
        who,
        unnest(who) as one_id,

    from telling

),

met as (

    select
        kind,
        one_id,
        unnest(list_filter(who, lambda it: it > one_id)) as other_id,

    from led

),

shared as (

    select
        one_id,
        other_id,
        bool_or(kind = 'email') as is_email,
        bool_or(kind = 'name') as is_name,
        bool_or(kind = 'domain') as is_domain,

    from met

    group by one_id, other_id

),

pairs as (

    select
        ones.customer_id as one_id,
        ones.entitlements as one_entitlements,
        others.customer_id as other_id,
        others.entitlements as other_entitlements,
        shared.is_email as is_email,
        shared.is_name as is_name,
        shared.is_domain and not shared.is_email as is_domain,
        not shared.is_name and coalesce(
            is_nearly(ones.words, others.words),
            false
        ) as is_nearly_name,
        ones.country = others.country as is_same_country,
        -- Who has something that was not brought in is known here for longer; else who has more.
        (ones.is_imported, -ones.entitlements, ones.customer_id)
            <= (others.is_imported, -others.entitlements, others.customer_id) as is_one_kept,

    from shared

    inner join named as ones
        on shared.one_id = ones.customer_id

    inner join named as others
        on shared.other_id = others.customer_id

),

proposed as (

    select
        *,
        if(is_one_kept, one_id, other_id) as customer_id,
        if(is_one_kept, other_id, one_id) as other_customer_id,
        if(is_one_kept, one_entitlements, other_entitlements) as entitlements,
        if(is_one_kept, other_entitlements, one_entitlements) as entitlements_to_go,

    from pairs

    where is_email
        or is_name
        or is_nearly_name

),

-- Asked of the few alone: of all customers it would take longer than all else here.
sources as (

    select
        customer_id,
        list(distinct source order by source) as sources,

    from fct_entitlement

    where not is_test
        and status <> 'cancelled'
        and customer_id in (select unnest([one_id, other_id]) from proposed)

    group by customer_id

)

select
    proposed.customer_id as customer_id,
    proposed.other_customer_id as other_customer_id,
    list_filter(
        [
            if(proposed.is_email, 'same_email', null),
            if(proposed.is_name, 'same_name', null),
            if(proposed.is_nearly_name, 'similar_name', null),
            if(proposed.is_domain, 'same_domain', null)
        ],
        lambda it: it is not null
    ) as evidence,
    case
        when proposed.is_email and (proposed.is_name or proposed.is_nearly_name) then 'strong'
        when proposed.is_name and proposed.is_domain then 'strong'
        when proposed.is_email then 'medium'
        when proposed.is_name and proposed.is_same_country then 'medium'
        else 'weak'
    end as strength,
    proposed.is_same_country as is_same_country,
    proposed.entitlements as entitlements,
    proposed.entitlements_to_go as other_entitlements,
    kept.sources as sources,
    gone.sources as other_sources,
from proposed
left join sources as kept
    on proposed.customer_id = kept.customer_id
left join sources as gone
    on proposed.other_customer_id = gone.customer_id
order by customer_id, other_customer_id
