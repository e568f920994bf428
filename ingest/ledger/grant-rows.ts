// Orders that were granted beside the transaction that takes them: rows of a database attached to the ledger's, which go into the
// ledger's tables a statement a table. To write them one by one from JavaScript took three times as long.

import { placeText } from "./event-line.ts";
import type { Instant } from "../../licensing/index.ts";
import type { Sql } from "./sql.ts";

/** What the database is attached as. */
export const GRANTS = "grants";

/** What it has. Numbers count its events from 1: those of an order, then of its rights. */
export const GRANTS_SCHEMA = `
  create table granted_order (
    number integer primary key,
    order_id text not null,
    customer_id text not null,
    fingerprint text not null,
    body text not null,
    -- Its event: what stands before and after its place (event-line.ts).
    head text not null,
    tail text not null
  ) strict;
  create table granted_right (
    number integer primary key,
    order_id text not null,
    customer_id text not null,
    entitlement_id text not null,
    activation_code text not null,
    state text not null,
    line_number integer not null,
    currency text not null,
    amount_minor integer not null,
    ordered_at integer not null,
    head text not null,
    tail text not null
  ) strict;
  -- What orders say of their customers, as of an event.
  create table telling (number integer primary key, customer text not null) strict;
`;

/** Whether one of the orders is on record. */
export const isAnyKnown = (sql: Sql): boolean =>
  sql.get(`select 1 from ${GRANTS}.granted_order join orders using (order_id) limit 1`) !== undefined;

/** What the orders say of their customers. */
export const tellings = (sql: Sql): { number: number; customer: string }[] =>
  sql.all(`select number, customer from ${GRANTS}.telling order by number`);

/**
 * Puts the orders, none of which is on record, into the ledger's tables.
 * @param at the last event's place before them, and what is the same of all
 * @returns how many events there were
 */
export function insertGrants(
  sql: Sql,
  { base, shard, now, importId }: { base: number; shard: number; now: Instant; importId: string },
): number {
  const place = placeText(now, shard);
  // Node binds all numbers as floating point, and `2.0` is no place.
  const seq = "cast(?1 as integer) + number";
  sql.run(
    `insert into orders (order_id, customer_id, status, fingerprint, body, import_id)
     select order_id, customer_id, 'recorded', fingerprint, body, ? from ${GRANTS}.granted_order order by number`,
    importId,
  );
  sql.run(
    `insert into event (seq, customer_id, entitlement_id, line)
     select ${seq}, customer_id, entitlement_id, head || ?2 || (${seq}) || tail from (
       select number, customer_id, null as entitlement_id, head, tail from ${GRANTS}.granted_order union all
       select number, customer_id, entitlement_id, head, tail from ${GRANTS}.granted_right order by number)`,
    base,
    place,
  );
  sql.run(
    `insert into entitlement (entitlement_id, order_id, customer_id, activation_code, state)
     select entitlement_id, order_id, customer_id, activation_code, state from ${GRANTS}.granted_right order by number`,
  );
  sql.run(
    `insert into line_money
     select order_id, line_number, currency, amount_minor, 0, ordered_at from ${GRANTS}.granted_right order by number`,
  );
  // As `noteInDirectory` does: what is new was never told.
  sql.run(
    `insert or ignore into customer_shard select distinct customer_id, ? from ${GRANTS}.granted_order`,
    shard,
  );
  sql.run(
    `insert into directory (customer_id, entitlement_id, version, is_theirs, told_at)
     select customer_id, entitlement_id, ${seq}, 1, ?2 from ${GRANTS}.granted_right order by number`,
    base,
    now,
  );
  const last = `select max(number) as number from (
    select max(number) as number from ${GRANTS}.granted_order union all select max(number) from ${GRANTS}.granted_right)`;
  return sql.get<{ number: number | null }>(last)?.number ?? 0;
}
