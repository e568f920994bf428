// The files that the customers' page reads, as DuckDB divides them.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeCustomerFiles } from "../../reports/customerFiles.ts";
import { openHome } from "../../reports/lake.ts";
import type { ChangeRow } from "../../reports/src/components/history.ts";
import { parquetRows } from "../../reports/src/components/parquet.ts";
import { temporaryFolder } from "../support/folder.ts";
import { removeHome, vendorHome } from "./support.ts";

let home: string;
beforeAll(async () => {
  home = await vendorHome();
});
afterAll(() => removeHome(home));

test.each([
  { changes: 1, bucketsAtOnce: 5, least: 12 },
  { changes: 40, bucketsAtOnce: 2, least: 3 },
  { changes: 1_000_000, bucketsAtOnce: 400, least: 1 },
])(
  "in buckets of $changes changes, $bucketsAtOnce at once, each customer's whole history is in one file",
  async ({ least, ...division }) => {
    const site = await temporaryFolder();
    const lake = await openHome(home, "internal");
    await writeCustomerFiles(lake, site, division);
    const folder = join(site, "histories", String(lake.snapshot), "changes");
    const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".parquet"));
    expect(files.length).toBeGreaterThanOrEqual(least);
    const found = new Map<string, Set<string>>();
    const counts = new Map<string, number>();
    for (const file of files) {
      expect(file).toMatch(/^bucket=\d+\/data_0\.parquet$/);
      const bytes = new Uint8Array(await readFile(join(folder, file))).buffer;
      for (const { customer_id: customer } of await parquetRows<ChangeRow>(bytes)) {
        found.set(customer, (found.get(customer) ?? new Set()).add(file));
        counts.set(customer, (counts.get(customer) ?? 0) + 1);
      }
    }
    const rows = await lake.query<{ customer_id: string; changes: number }>(
      "select customer_id, count(*) as changes from entitlement_history where not is_test group by customer_id",
    );
    expect(counts).toEqual(new Map(rows.map((row) => [row.customer_id, row.changes])));
    expect(Array.from(found.values(), (of) => of.size)).toEqual(rows.map(() => 1));
    lake.close();
  },
);
