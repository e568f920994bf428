// Twelve seconds on a machine that is quiet: a service, a year of 600 orders, and three loads.

import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { openLake } from "../../warehouse/read.ts";
import { temporaryFolder } from "../support/folder.ts";
import { answeredPages, playFinance } from "./finance.ts";

/** The money of a month that is over, as a snapshot has it. */
async function septemberOf(home: string, snapshot: number) {
  const lake = await openLake(join(home, "lake"), snapshot);
  if (!lake) throw new Error("nothing was loaded");
  const rows = await lake.query(
    `select order_id, sum(booked), sum(recognized), sum(deferred) from fct_revenue_month
     where month = '2026-09-01' group by order_id order by order_id`,
  );
  lake.close();
  expect(rows.length).toBeGreaterThan(100);
  return rows;
}

test(
  "FINANCE.md has the answers that its queries give on the demo; npm run finance-page writes them anew",
  { timeout: 240_000 },
  async () => {
    const home = await temporaryFolder();
    await playFinance(home);
    const pages = await answeredPages(home);
    for (const { text, answered } of pages) {
      expect(text).toBe(answered);
      // A query that finds nothing shows nothing.
      expect(text).not.toContain("(0 rows)");
    }
    expect(pages.map(({ path, queries }) => [basename(path), queries])).toEqual([
      ["FINANCE.md", 9],
      ["FINANCE-CUSTOMERS.md", 6],
    ]);
    expect(await septemberOf(home, 3)).toEqual(await septemberOf(home, 2));
  },
);
