// Writes the files that the customers' page reads: an index to search in, and histories in buckets of bounded size.
//
// These are thousands of files for a vendor with many customers. As data loaders of Framework each would start a process
// and open the lake; here DuckDB divides each table itself, and writes its parts as Parquet.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lake, quote } from "../warehouse/read.ts";
import { type Entry, fileOf, planIndex } from "./src/components/lookup.ts";

/** How the histories are divided. */
export interface Division {
  /** Changes in a bucket. One customer is never split. */
  changes: number;
  /** Buckets that are written at once: each is an open file with memory of its own. */
  bucketsAtOnce: number;
}

/** A bucket is some hundred kilobytes, whatever the number of customers. */
const usual: Division = { changes: 4_000, bucketsAtOnce: 400 };

/**
 * Writes `histories/<snapshot>/` of a site. The snapshot is in the path, so that a page of an older site that is still
 * open learns that it is out of date, and never mixes the histories of two.
 */
export async function writeCustomerFiles(lake: Lake, site: string, division = usual): Promise<void> {
  const folder = join(site, "histories", String(lake.snapshot));
  await mkdir(folder, { recursive: true });
  await lake.run(customersSql(division.changes));
  const entries = (await lake.query("from customer_bucket order by id")) as unknown as Entry[];
  await writeIndex(entries, folder);
  const buckets = 1 + (entries.at(-1)?.bucket ?? -1);
  // A file that is closed early would be continued in a second one.
  await lake.run(`set partitioned_write_max_open_files = ${division.bucketsAtOnce}`);
  for (let first = 0; first < buckets; first += division.bucketsAtOnce)
    for (const [table, sql] of Object.entries({ entitlements: entitlementsSql, changes: changesSql }))
      await lake.run(`
        copy (
          ${sql} and bucket between ${first} and ${first + division.bucketsAtOnce - 1}
        ) to ${quote(join(folder, table))} (
          format parquet, compression snappy, partition_by (bucket), overwrite_or_ignore
        )
      `);
}

async function writeIndex(entries: readonly Entry[], folder: string): Promise<void> {
  const index = planIndex(entries);
  for (const [prefix, file] of index) await writeFile(join(folder, fileOf(prefix)), JSON.stringify(file));
  const prefixes = Array.from(index, ([prefix, { isWhole, words }]) => [prefix, { isWhole, words }]);
  await writeFile(join(folder, "index.json"), JSON.stringify({ customers: entries.length, prefixes }));
}

/** All customers who were ever entitled to something, by ID, each with the bucket that its changes fill. */
const customersSql = (changes: number) => `
  create temp table customer_bucket as
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
    cast((sum(change.changes) over (order by change.customer_id) - 1) // ${changes} as integer) as bucket,
  from change
  left join dim_customer as customer using (customer_id)
`;

const entitlementsSql = `
  select
    customer.bucket,
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
  join customer_bucket as customer on customer_id = customer.id
  where not is_test
`;

const changesSql = `
  select
    customer.bucket,
    customer_id,
    entitlement_id,
    change_number,
    event_type,
    occurred_at,
    what,
    subject,
    reason,
    activation_id,
    left(coalesce(host_hash, user_hash), 8) as holder,
    host_hash is not null as is_host,
    app_version,
    status_after,
    seats_bound_after,
    quantity_after,
    source,
  from entitlement_history
  join customer_bucket as customer on customer_id = customer.id
  where not is_test
`;
