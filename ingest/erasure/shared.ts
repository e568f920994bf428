// Who and what else bears the same name: a text that is found with others does not tell of one person.

import { inputsNaming } from "../ledger/named.ts";
import type { Sql } from "../ledger/sql.ts";

/** Whoever has more namesakes looks for them otherwise. */
const MAX_LISTED = 20;

/** Those who bear a name or an address of the person's. */
export interface Namesakes {
  customers: string[];
  /** Quarantined input that has the name, and is not known to be the person's. */
  inputs: string[];
}

/** Whether a text stands in another customer's profile, in the catalog, or in quarantined input that stays. */
export function sharedTexts(
  sql: Sql,
  customerId: string,
  emails: readonly string[],
): (text: string) => boolean {
  const theirs = JSON.stringify(inputsNaming(sql, customerId, emails));
  return (text) =>
    sql.get(
      `select 1 from profile where customer_id <> ? and (instr(name, ?) > 0 or instr(email, ?) > 0)
       union all select 1 from catalog where instr(body, ?) > 0
       union all select 1 from quarantine
         where instr(input, ?) > 0 and quarantine_id not in (select value from json_each(?))
       limit 1`,
      customerId,
      text,
      text,
      text,
      text,
      theirs,
    ) !== undefined;
}

/** Finds them; as long as the ledger still has the person's profiles, or by what is known of them from elsewhere. */
export function namesakes(
  sql: Sql,
  customerId: string,
  { names, emails }: { names: readonly string[]; emails: readonly string[] },
): Namesakes {
  const texts = JSON.stringify([...names, ...emails]);
  const theirs = JSON.stringify(inputsNaming(sql, customerId, emails));
  const ids = (query: string, ...values: string[]) =>
    sql.all<{ id: string }>(query, ...values, MAX_LISTED).map(({ id }) => id);
  return {
    customers: ids(
      `select distinct customer_id as id from profile, json_each(?) as text
       where customer_id <> ? and text.value in (name, email) limit ?`,
      texts,
      customerId,
    ),
    inputs: ids(
      `select distinct quarantine_id as id from quarantine, json_each(?) as text
       where instr(input, text.value) > 0 and quarantine_id not in (select value from json_each(?)) limit ?`,
      JSON.stringify(names),
      theirs,
    ),
  };
}
