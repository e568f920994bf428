// Reads the files of the customers' page: the index by prefix, and the bucket of one customer. Nothing is read twice.

import { type ChangeRow, type EntitlementRow, inOrder, newestFirst } from "./history.js";
import { type Entry, type IndexFile, fileOf, fold, matching, prefixFor } from "./lookup.js";
import { parquetRows } from "./parquet.js";
import type { Find } from "./search.js";

/** One customer with everything that is known of what it was entitled to. */
export interface Customer {
  entry: Entry;
  entitlements: EntitlementRow[];
  changes: ChangeRow[];
}

/** The customers of one snapshot. */
export interface Customers {
  count: number;
  find: Find;
  /** The customer with exactly this ID, or null. */
  byId: (id: string) => Promise<Customer | null>;
  history: (entry: Entry) => Promise<Customer>;
}

/** Opens the customers of a snapshot. @param folder where their files are, ending in a slash */
export async function openCustomers(folder: URL): Promise<Customers> {
  const cache = new Map<string, Promise<Response>>();
  const get = async (name: string): Promise<Response> => {
    const response = cache.get(name) ?? fetch(new URL(name, folder));
    cache.set(name, response);
    const { ok } = await response;
    if (!ok) throw new Error("The reports were built anew since this page was opened. Load the page again.");
    return (await response).clone();
  };
  const json = async <T>(name: string): Promise<T> => (await (await get(name)).json()) as T;
  const table = async <T extends { customer_id: string }>(name: string, entry: Entry): Promise<T[]> => {
    const bytes = await (await get(`${name}/bucket=${entry.bucket}/data_0.parquet`)).arrayBuffer();
    return (await parquetRows<T>(bytes)).filter((row) => row.customer_id === entry.id);
  };

  const index = await json<{ customers: number; prefixes: [string, { isWhole: boolean; words: number }][] }>(
    "index.json",
  );
  const prefixes = new Map(index.prefixes);
  const find: Find = async (query) => {
    const prefix = prefixFor(query, prefixes);
    return prefix === null ? { entries: [], isWhole: true } : json<IndexFile>(fileOf(prefix));
  };
  const history = async (entry: Entry): Promise<Customer> => {
    const [entitlements, changes] = await Promise.all([
      table<EntitlementRow>("entitlements", entry),
      table<ChangeRow>("changes", entry),
    ]);
    return { entry, entitlements: entitlements.toSorted(newestFirst), changes: changes.toSorted(inOrder) };
  };
  return {
    count: index.customers,
    find,
    history,
    byId: async (id) => {
      const { entries } = await find(id);
      const entry = matching(entries, id).find((candidate) => fold(candidate.id) === fold(id));
      return entry === undefined ? null : history(entry);
    },
  };
}
