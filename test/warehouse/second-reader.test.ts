// The lake is open: a reader that shares nothing with DuckDB finds the same values, and reads little for one customer.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AsyncBuffer, asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { type LakeFile, type Manifest, newestSnapshot } from "../../warehouse/snapshot.ts";
import { quoteList } from "../../warehouse/sql.ts";
import { bind, catalog, day, sale } from "./facts.ts";
import { loadHome, place, writeSegment } from "./support.ts";

const CUSTOMERS = 300;
const SALES = 4_500;
/** DuckDB's smallest group, so that a quick test has several; what a load makes by default is larger. */
const ROWS_PER_GROUP = 2_048;

let home: string;
let manifest: Manifest;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keyhouse-second-reader-"));
  // A month of sales, each customer's spread over all of it; and a few of the next month.
  const drafts = Array.from({ length: SALES + 20 }, (_, index) => {
    const [orderId, customerId] = [`SO-${index}`, `C-${(index * 7) % CUSTOMERS}`];
    const at = index < SALES ? (index * 27) / SALES : 32;
    const order = { orderId, customerId };
    return [
      ...sale({ ...order, orderedAt: day(at), price: index, isTest: index % 50 === 0 }),
      ...bind(order, { at: day(at + 1), activationId: `a-${index}`, customerId }),
    ];
  }).flat();
  await writeSegment(home, place([...catalog(day(0)), ...drafts]));
  await loadHome(home, day(40), { rowsPerGroup: ROWS_PER_GROUP });
  const newest = await newestSnapshot(join(home, "lake"));
  if (!newest) throw new Error("nothing was loaded");
  manifest = newest;
}, 60_000);
afterAll(() => rm(home, { recursive: true, force: true }));

const filesOf = (table: string): LakeFile[] => manifest.tables[table]?.files ?? [];
const full = ({ path }: LakeFile) => join(home, "lake", path);

/** One value as both readers can be held against each other: times to the microsecond, numbers exact. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

const tables = [
  "events",
  "fct_order_line",
  "fct_entitlement",
  "entitlement_history",
  "dim_product",
  "dim_customer",
  "meta",
];

test.each(tables)("%s has the same values for hyparquet and for DuckDB", async (table) => {
  const files = filesOf(table);
  const rows = (
    await Promise.all(
      files.map(async (file) =>
        parquetReadObjects({ file: await asyncBufferFromFile(full(file)), compressors }),
      ),
    )
  ).flat();
  const database = await openDatabase(":memory:");
  const expected = await database.rows(
    `select * from read_parquet(${quoteList(files.map(full))}, hive_partitioning = false)`,
  );
  database.close();
  const values = (row: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.map(values)).toEqual(expected.map(values));
});

test("folders tell the month, as Hive has it, and no file has another month's events", async () => {
  const months = await Promise.all(
    filesOf("events").map(async (file) => {
      const rows = await parquetReadObjects({
        file: await asyncBufferFromFile(full(file)),
        compressors,
        columns: ["recorded_at"],
      });
      const found = new Set(rows.map((row) => (row["recorded_at"] as Date).toISOString().slice(0, 7)));
      return [/^events\/recorded_month=(\d{4}-\d\d)\//.exec(file.path)?.[1], ...found];
    }),
  );
  expect(months).toEqual([
    ["2026-01", "2026-01"],
    ["2026-02", "2026-02"],
  ]);
});

/** How many row groups of a file there are, and how many may have a value by their statistics. */
async function groupsOf(file: LakeFile, column: string, least: string | Date, most = least) {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(full(file)));
  const ranges = metadata.row_groups.map(({ columns }) => {
    const statistics = columns.find(({ meta_data: data }) => data?.path_in_schema[0] === column)?.meta_data
      ?.statistics;
    return [statistics?.min_value ?? statistics?.min, statistics?.max_value ?? statistics?.max];
  });
  // What has no statistics has to be read.
  const read = ranges.filter(
    ([min, max]) => min === undefined || max === undefined || (min <= most && max >= least),
  );
  return { groups: ranges.length, read: read.length };
}

test.each([
  ["events", "customer_id"],
  ["entitlement_history", "present_customer_id"],
])("of %s, one customer's rows are in one row group, or two that touch", async (table, column) => {
  const [file] = filesOf(table);
  if (!file) throw new Error(`${table} has no file`);
  for (const customer of ["C-0", "C-150", "C-299", "C-77"]) {
    const { groups, read } = await groupsOf(file, column, customer);
    expect(groups).toBeGreaterThanOrEqual(7);
    expect([1, 2]).toContain(read);
  }
  expect((await groupsOf(file, column, "Nobody")).read).toBeLessThanOrEqual(1);
});

test("of order lines, a day's money is in one row group of its month's file, or two that touch", async () => {
  const [january, february] = filesOf("fct_order_line");
  if (!january || !february) throw new Error("there are not two months of order lines");
  const on = (file: LakeFile, at: number) =>
    groupsOf(file, "ordered_at", new Date(day(at)), new Date(day(at + 1)));
  for (const at of [0, 9, 13, 25]) {
    const { groups, read } = await on(january, at);
    expect(groups).toBe(3);
    expect([1, 2]).toContain(read);
    expect((await on(february, at)).read).toBe(0);
  }
  expect((await on(february, 32)).read).toBe(1);
  expect(january.path).toMatch(/^fct_order_line\/partition_month=2026-01\//);
});

/** A file that counts what is read of it. */
function counted(file: AsyncBuffer): { file: AsyncBuffer; bytes: () => number } {
  let bytes = 0;
  const slice = (start: number, end: number = file.byteLength) => {
    bytes += end - start;
    return file.slice(start, end);
  };
  return { file: { byteLength: file.byteLength, slice }, bytes: () => bytes };
}

test("one customer's events are found by reading a fifth of the month's file, or less", async () => {
  const [month] = filesOf("events");
  if (!month) throw new Error("there are no events");
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(full(month)));
  const { file, bytes } = counted(await asyncBufferFromFile(full(month)));
  const filter = { customer_id: { $eq: "C-77" } };
  const rows = await parquetReadObjects({ file, metadata, compressors, filter });
  expect(rows).toHaveLength((SALES / CUSTOMERS) * 4);
  expect(bytes()).toBeGreaterThan(0);
  expect(bytes()).toBeLessThanOrEqual(month.size_bytes / 5);
});

test("hyparquet finds the dictionary in the files", async () => {
  const [file] = filesOf("fct_order_line");
  if (!file) throw new Error("there are no order lines");
  const { key_value_metadata: entries = [] } = await parquetMetadataAsync(
    await asyncBufferFromFile(full(file)),
  );
  expect(entries.find(({ key }) => key === "keyhouse.grain")?.value).toMatch(/^one line of an order/);
});
