// What is told of few customers is told together with the rest, in every table by the same rule.

import type { Lake } from "../warehouse/read.ts";

/**
 * Adds two macros for the cells that a whole is told in. Each cell has the list of its customers, `who`.
 *
 * `folds(is_rest, who, tie, whole)`: whether a cell is told together with others. Those of fewer customers than may be told of
 * are, and those that are of the rest anyway. Where all of these together are of too few customers, the smallest of the others
 * goes with them (`tie` tells equal ones apart): whoever knows the whole could take from it what is told, and be left with the few.
 *
 * `is_told(who)`, an aggregate: whether cells that were folded have enough customers together.
 *
 * `customers_of(who)`, an aggregate as well: how many customers cells have together, where of each a few are enough to know.
 */
export async function addFolding(lake: Pick<Lake, "run">): Promise<void> {
  await lake.run(`
    create macro customers_of(who) as len(list_distinct(flatten(list(who))));

    create macro is_told(who) as customers_of(who) >= getvariable('fewest_customers');

    create macro is_apart(is_rest, who) as not is_rest and len(who) >= getvariable('fewest_customers');

    create macro folds(is_rest, who, tie, whole) as
      not is_apart(is_rest, who)
      or (
        len(list_distinct(flatten(
          coalesce(list(who) filter (where not is_apart(is_rest, who)) over (partition by whole), [])
        ))) between 1 and getvariable('fewest_customers') - 1
        and row_number() over (partition by whole order by is_apart(is_rest, who) desc, len(who), tie) = 1
      );
  `);
}
