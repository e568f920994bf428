// What a page can be narrowed to: a brand, a product, or a region. Every page knows the same ones by the same names, so that
// a choice goes with the reader from page to page.

import type { Lake } from "../warehouse/read.ts";

/** Scopes of a kind at most; a longer list is no choice any more. */
const MOST_OF_A_KIND = 12;

/**
 * Adds the table `scope` (`scope`, `kind`, `name`, `place`) and the macro `scopes_of(sku, brand, country)`: the list of all
 * scopes that a fact belongs to. The first, `''`, is everything; others are `brand:Atlas`, `product:CAD-PRO` and `region:DE`,
 * of each kind those with most entitlements, and none of fewer customers than may be told of.
 */
export async function addScopes(lake: Pick<Lake, "run">): Promise<void> {
  await lake.run(`
    create table scope as
    with sold as (
      select
        customer_id,
        unnest([
          {'kind': 'brand', 'member': coalesce(brand, ''), 'name': coalesce(nullif(brand, ''), 'No brand')},
          {'kind': 'product', 'member': sku, 'name': product_name},
          {'kind': 'region', 'member': coalesce(country, ''), 'name': country}
        ], recursive := true),
      from fct_entitlement
      where not is_test
    ),
    counted as (
      select
        kind,
        member,
        max(name) as name,
        count(*) as entitlements,
        count(distinct customer_id) as customers,
      from sold
      group by kind, member
    ),
    told as (
      select
        *,
        row_number() over (partition by kind order by entitlements desc, member) as place,
      from counted
      where customers >= getvariable('fewest_customers')
    )
    select kind || ':' || member as scope, kind, name, place::integer as place
    from told
    -- Where all are of one kind there is nothing to choose.
    where place <= ${MOST_OF_A_KIND} and (select count(*) from counted where counted.kind = told.kind) > 1;

    set variable scopes = (select list(scope) from scope);

    create macro scopes_of(sku, brand, country) as list_filter(
      ['', 'brand:' || coalesce(brand, ''), 'product:' || coalesce(sku, ''), 'region:' || coalesce(country, '')],
      lambda scope: scope = '' or list_contains(getvariable('scopes'), scope)
    );
  `);
}
