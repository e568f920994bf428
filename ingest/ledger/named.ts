// What names a person in the ledger, by the customer that they are.

import type { Sql } from "./sql.ts";

/** Whether anything is on record of a customer: an event, or a word from another shard. */
export function isKnownCustomer(sql: Sql, customerId: string): boolean {
  const query = `select 1 from event where customer_id = ? union all select 1 from customer_shard where customer_id = ?
    union all select 1 from profile where customer_id = ? limit 1`;
  return sql.get(query, customerId, customerId, customerId) !== undefined;
}

/** Names and addresses of a customer, of all their profiles. */
export function profileValues(sql: Sql, customerId: string): { names: string[]; emails: string[] } {
  const rows = sql.all<{ name: string | null; email: string | null }>(
    "select distinct name, email from profile where customer_id = ?",
    customerId,
  );
  const given = (values: (string | null)[]) => Array.from(new Set(values.flatMap((value) => value ?? [])));
  return { names: given(rows.map(({ name }) => name)), emails: given(rows.map(({ email }) => email)) };
}

const THEIR_HOST_NAMES = `host_name is not null
  and entitlement_id in (select entitlement_id from entitlement where customer_id = ?)`;

/** Profiles that say who a customer is, and seats on what is theirs whose hosts have a name. */
export function countNamed(sql: Sql, customerId: string): { profiles: number; hosts: number } {
  const count = (query: string) => sql.get<{ count: number }>(query, customerId)?.count ?? 0;
  return {
    profiles: count(
      "select count(*) as count from profile where customer_id = ? and (name is not null or email is not null)",
    ),
    hosts: count(`select count(*) as count from seat where ${THEIR_HOST_NAMES}`),
  };
}

/** Whether a profile or the name of a host says who a customer is. */
export function isNamed(sql: Sql, customerId: string): boolean {
  const { profiles, hosts } = countNamed(sql, customerId);
  return profiles + hosts > 0;
}

/** Forgets what people call the hosts of a customer: it is for display alone, and often a person's name. */
export function clearHostNames(sql: Sql, customerId: string): void {
  sql.run(`update seat set host_name = null where ${THEIR_HOST_NAMES}`, customerId);
}

/** Forgets names of imported files in which a customer is named. */
export function clearFileNames(sql: Sql, customerId: string, emails: readonly string[]): void {
  const told = profileValues(sql, customerId);
  const values = [...told.names, ...told.emails, ...emails].map((value) => value.toLowerCase());
  for (const { id, files } of sql.all<{ id: string; files: string }>(
    "select import_id as id, files from import",
  )) {
    const names = JSON.parse(files) as string[];
    const isNaming = (name: string) => values.some((value) => name.toLowerCase().includes(value));
    if (names.some(isNaming))
      sql.run(
        "update import set files = ? where import_id = ?",
        JSON.stringify(names.map((name) => (isNaming(name) ? "(erased)" : name))),
        id,
      );
  }
}

/** Inputs that are looked through at once: a storefront's order has some kilobytes. */
const INPUTS_A_STEP = 200;

/**
 * Quarantined input, replayed or not, that is the customer's by its storefront's number, or holds an address of theirs.
 * A name alone does not count: it may be a namesake's order.
 * @param emails beside those in the ledger
 * @returns the IDs that it waits under
 */
export function inputsNaming(sql: Sql, customerId: string, emails: readonly string[]): string[] {
  const addresses = [...profileValues(sql, customerId).emails, ...emails].map((email) => email.toLowerCase());
  const found: string[] = [];
  for (let after = 0; ;) {
    const rows = sql.all<{ place: number; id: string; source: string; input: string }>(
      `select rowid as place, quarantine_id as id, source, input from quarantine where rowid > ?
       order by rowid limit ?`,
      after,
      INPUTS_A_STEP,
    );
    const last = rows.at(-1);
    if (!last) return found;
    after = last.place;
    for (const { id, source, input } of rows) {
      const json = parsed(input);
      // As it was written, and without JSON's escapes.
      const text = `${input}\n${json === undefined ? "" : JSON.stringify(json)}`.toLowerCase();
      if (isOf(json, source, customerId) || addresses.some((address) => text.includes(address)))
        found.push(id);
    }
  }
}

/**
 * Whether a storefront's message is of its customer of this ID, or of a guest, whose ID is the order's: as it is, or at
 * `data.object` of an event.
 */
function isOf(json: unknown, source: string, customerId: string): boolean {
  const inEvent = fieldOf(fieldOf(json, "data"), "object");
  return [json, inEvent].some((object) => {
    const customer = fieldOf(object, "customer");
    return [customer, fieldOf(customer, "id"), fieldOf(object, "id")].some(
      (id) => (typeof id === "string" || typeof id === "number") && `${source}:${id}` === customerId,
    );
  });
}

const fieldOf = (json: unknown, name: string): unknown =>
  typeof json === "object" && json !== null && Object.hasOwn(json, name)
    ? (json as Record<string, unknown>)[name]
    : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
