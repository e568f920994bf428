// Writes the files that the customers' page reads: an index to search in, and histories in buckets of bounded size.
//
// These are thousands of files for a vendor with many customers. As data loaders of Framework each would start a process
// and open the lake; here all are written from one.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Column, Lake } from "../warehouse/read.ts";
import { toArrow } from "./lake.ts";
import { type Entry, fileOf, planIndex } from "./src/components/lookup.ts";

/** Changes in a bucket: a few hundred kilobytes, whatever the number of customers. One customer is never split. */
const CHANGES_PER_BUCKET = 2_000;

/** Buckets that are read from the lake in one query. */
const BUCKETS_PER_QUERY = 50;

/**
 * Writes `histories/<snapshot>/` of a site. The snapshot is in the path, so that a page of an older site that is still
 * open learns that it is out of date, and never mixes the histories of two.
 */
export async function writeCustomerFiles(lake: Lake, site: string): Promise<void> {
  const folder = join(site, "histories", String(lake.snapshot));
  await mkdir(folder, { recursive: true });
  const entries = await readEntries(lake);
  const index = planIndex(entries);
  for (const [prefix, file] of index) await writeFile(join(folder, fileOf(prefix)), JSON.stringify(file));
  const prefixes = Array.from(index, ([prefix, { isWhole }]) => [prefix, isWhole]);
  await writeFile(join(folder, "index.json"), JSON.stringify({ customers: entries.length, prefixes }));
  for (let start = 0; start < entries.length;) {
    const { bucket } = entries[start]!;
    let end = start;
    while (end < entries.length && entries[end]!.bucket < bucket + BUCKETS_PER_QUERY) end++;
    await writeBuckets(lake, folder, entries.slice(start, end));
    start = end;
  }
}

/** All customers who were ever entitled to something, by ID, each with the bucket that its changes fill. */
async function readEntries(lake: Lake): Promise<Entry[]> {
  const rows = await lake.query(`
    with change as (
      select
        customer_id,
        count(*) as changes,
        count(distinct entitlement_id) as entitlements,
      from entitlement_history
      where not is_test
      group by customer_id
    )
    select
      change.customer_id as id,
      customer.name,
      customer.country,
      change.entitlements,
      cast((sum(change.changes) over (order by change.customer_id) - 1) // ${CHANGES_PER_BUCKET} as integer) as bucket,
    from change
    left join dim_customer as customer using (customer_id)
    order by change.customer_id
  `);
  return rows as unknown as Entry[];
}

async function writeBuckets(lake: Lake, folder: string, entries: readonly Entry[]): Promise<void> {
  const bucketOf = new Map(entries.map(({ id, bucket }) => [id, bucket]));
  const range = [entries[0]!.id, entries.at(-1)!.id];
  const tables = {
    entitlements: await lake.columns(entitlementsSql, range),
    changes: await lake.columns(changesSql, range),
  };
  for (const [name, columns] of Object.entries(tables))
    for (const [bucket, part] of split(columns, (id) => bucketOf.get(id)))
      await writeFile(join(folder, `${name}-${bucket}.arrow`), toArrow(part));
}

/** Divides a table by the bucket of its `customer_id`. */
function split(
  columns: readonly Column[],
  bucketOf: (customer: string) => number | undefined,
): Map<number, Column[]> {
  const customers = columns.find(({ name }) => name === "customer_id")!.values as string[];
  const indexes = Map.groupBy(customers.keys(), (row) => bucketOf(customers[row]!) ?? -1);
  indexes.delete(-1);
  return new Map(
    Array.from(indexes, ([bucket, rows]) => [
      bucket,
      columns.map((column) => ({ ...column, values: rows.map((row) => column.values[row] ?? null) })),
    ]),
  );
}

const entitlementsSql = `
  select
    customer_id,
    entitlement_id,
    order_id,
    product_name as product,
    license_model_name as model,
    term,
    metric,
    quantity,
    seats_bound,
    amount,
    currency,
    status,
    starts_at,
    ends_at,
    cancelled_at,
    delivered_at,
    days_to_activate,
    parent_entitlement_id,
  from fct_entitlement
  where not is_test and customer_id between ? and ?
  order by customer_id, starts_at desc, entitlement_id
`;

const changesSql = `
  select
    history.customer_id,
    history.entitlement_id,
    history.change_number,
    history.event_type,
    history.occurred_at,
    history.what,
    history.subject,
    history.reason,
    history.activation_id,
    left(coalesce(history.host_hash, history.user_hash), 8) as holder,
    history.host_hash is not null as is_host,
    history.app_version,
    history.status_after,
    history.seats_bound_after,
    history.quantity_after,
    history.source,
  from entitlement_history as history
  where not history.is_test and history.customer_id between ? and ?
  order by history.customer_id, history.occurred_at, history.entitlement_id, history.change_number
`;
