-- Makes customerMatches.arrow: customers who look like one, the strongest evidence first, with what a merger would bring together.
-- Nobody where the site names no customer.
select
  match.customer_id,
  coalesce(kept.name, match.customer_id) as customer,
  match.other_customer_id,
  coalesce(other.name, match.other_customer_id) as other_customer,
  array_to_string(match.evidence, ' ') as evidence,
  match.strength,
  match.is_same_country,
  match.entitlements,
  match.other_entitlements,
  array_to_string(match.sources, ', ') as sources,
  array_to_string(match.other_sources, ', ') as other_sources,
  count(*) over ()::integer as all_pairs,
from fct_customer_match as match
left join dim_customer as kept on match.customer_id = kept.customer_id
left join dim_customer as other on match.other_customer_id = other.customer_id
where getvariable('audience') = 'internal'
order by
  array_position(['strong', 'medium', 'weak'], match.strength),
  match.entitlements + match.other_entitlements desc,
  match.customer_id,
  match.other_customer_id
limit 100
