// The directory of the customers whose own shard this is: which shards to ask about them, and what for.

import type { News } from "./news.ts";
import type { Sql } from "./sql.ts";

/** Entitlements that a customer's answer lists. */
const MAX_ENTITLEMENTS_LISTED = 1000;

/** Writes down what is told of a customer. Told again, late or out of order, it comes to the same. */
export function noteInDirectory(sql: Sql, { customerId, shard, entitlement }: News): void {
  sql.run("insert or ignore into customer_shard (customer_id, shard) values (?, ?)", customerId, shard);
  if (entitlement)
    sql.run(
      `insert into directory (customer_id, entitlement_id, version, is_theirs, told_at) values (?, ?, ?, ?, ?)
       on conflict (customer_id, entitlement_id) do update set version = excluded.version,
         is_theirs = excluded.is_theirs, told_at = excluded.told_at
       where excluded.version > directory.version`,
      customerId,
      entitlement.entitlementId,
      entitlement.version,
      entitlement.isTheirs ? 1 : 0,
      entitlement.at,
    );
}

/** What a customer's own shard knows of them. */
export interface CustomerEntry {
  /** The shards that have events about the customer. */
  shards: number[];
  /** What is theirs, as it was told last: what became theirs last comes first. */
  entitlementIds: string[];
}

/** Looks a customer up; undefined where nothing was ever told of them. */
export function findCustomer(sql: Sql, customerId: string): CustomerEntry | undefined {
  const shards = sql
    .all<{ shard: number }>("select shard from customer_shard where customer_id = ?", customerId)
    .map(({ shard }) => shard);
  if (shards.length === 0) return undefined;
  const entitlementIds = sql
    .all<{ entitlement_id: string }>(
      `select entitlement_id from directory where customer_id = ? and is_theirs = 1
       order by told_at desc, version desc limit ?`,
      customerId,
      MAX_ENTITLEMENTS_LISTED,
    )
    .map((row) => row.entitlement_id);
  return { shards, entitlementIds };
}
