// Tables of the pages against the same counted another way, over a small vendor's lake.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHome } from "../../reports/lake.ts";
import type { Lake, Row } from "../../warehouse/read.ts";
import { removeHome, vendorHome } from "./support.ts";

let home: string;
let internal: Lake;
let product: Lake;

beforeAll(async () => {
  home = await vendorHome();
  [internal, product] = [await openHome(home, "internal"), await openHome(home, "product")];
});

afterAll(async () => {
  internal.close();
  product.close();
  await removeHome(home);
});

/** The rows of a page's table. */
async function rowsOf<T extends Row>(lake: Lake, table: string): Promise<T[]> {
  const path = join(import.meta.dirname, "../../reports/src/tables", `${table}.arrow.sql`);
  return lake.query<T>(await readFile(path, "utf8"));
}

interface SeatRow extends Row {
  customer: string;
  entitlement: string;
  version: string;
  currency: string;
  amount: number;
  quantity: number;
}

/** Seats bound now, one by one: each host of this vendor has one. */
const seats = () =>
  internal.query<SeatRow>(`
    select
      a.customer_id as customer, a.entitlement_id as entitlement, a.os_type || ' ' || coalesce(a.os_version, '') as version,
      e.currency, e.amount, e.quantity
    from fct_activation a join fct_entitlement e using (entitlement_id)
    where a.is_bound and not a.is_test and e.status = 'active'`);

const by = <T>(rows: readonly T[], keyOf: (row: T) => string) => Map.groupBy(rows, keyOf);

describe("platforms", () => {
  test("of the newest month are the same of the seats and of the mart of months", async () => {
    const now = await rowsOf(internal, "platformNow");
    const months = await rowsOf<{ month_at: Date; os_type: string; hosts: number }>(
      internal,
      "platformMonths",
    );
    const newest = Math.max(...months.map((row) => row.month_at.getTime()));
    const ofMonth = months.filter((row) => row.month_at.getTime() === newest);
    const ofSeats = now.filter((row) => row.scope === "" && row.dimension === "system");
    const told = (rows: readonly Row[]) => new Map(rows.map((row) => [row.os_type, row.hosts]));
    expect(told(ofSeats)).toEqual(told(ofMonth));
    expect(ofSeats).toHaveLength(3);
  });

  test("by system, version and processor come to the same number of hosts in every product", async () => {
    const now = await rowsOf<{ scope: string; dimension: string; hosts: number }>(internal, "platformNow");
    for (const rows of by(now, ({ scope }) => scope).values()) {
      const sums = Array.from(by(rows, ({ dimension }) => dimension).values(), (some) =>
        some.reduce((sum, { hosts }) => sum + hosts, 0),
      );
      expect(sums).toHaveLength(4);
      expect(new Set(sums).size).toBe(1);
    }
  });

  test("week by week come to the hosts of the mart, by whatever they are told apart", async () => {
    const rows = await rowsOf<{ scope: string; dimension: string; hosts: number }>(internal, "platformWeeks");
    const [mart] = await internal.query<{ hosts: number }>(
      "select sum(hosts_once)::double as hosts from agg_platform_week where week + interval 7 day <= (select as_of from meta)",
    );
    for (const dimension of ["system", "version", "processor", "application"])
      expect(
        rows
          .filter((row) => row.scope === "" && row.dimension === dimension)
          .reduce((sum, { hosts }) => sum + hosts, 0),
      ).toBe(mart!.hosts);
    expect(mart!.hosts).toBeGreaterThan(30);
  });

  test("lose with a version whoever has all seats on it, with what they paid in each currency", async () => {
    const all = await seats();
    const ends = (await rowsOf(internal, "platformEnds")).filter(
      (row) => row.scope === "" && row.dimension === "version",
    );
    const wholly = (version: string, keyOf: (row: SeatRow) => string) =>
      Array.from(by(all, keyOf).values()).filter((own) => own.every((row) => row.version === version));
    const named = [...new Set(all.map((row) => row.version))].filter((version) => !version.endsWith(" "));
    expect(new Set(ends.map(({ member }) => member))).toEqual(new Set(named));
    for (const end of ends) {
      const lost = wholly(end.member as string, ({ entitlement }) => entitlement)
        .map((own) => own[0]!)
        .filter(({ currency }) => end.currency === "" || currency === end.currency);
      expect(end).toMatchObject({
        customers_only: wholly(end.member as string, ({ customer }) => customer).length,
        entitlements: lost.length,
        seats: lost.reduce((sum, { quantity }) => sum + quantity, 0),
        amount: end.currency === "" ? null : lost.reduce((sum, { amount }) => sum + amount, 0),
      });
    }
    expect(ends.length).toBeGreaterThan(3);
  });

  test("of fewer than five customers are not told apart for product people", async () => {
    // Each system has four customers here.
    const now = await rowsOf(product, "platformNow");
    const systems = now.filter((row) => row.scope === "" && row.dimension === "system");
    expect(systems).toEqual([
      { scope: "", dimension: "system", os_type: "few", member: "few", hosts: 42, customers: null },
    ]);
    const ends = await rowsOf(product, "platformEnds");
    expect(ends.filter((row) => row.dimension === "version")).toEqual([]);
    expect(await rowsOf(product, "platformMix")).toEqual([]);
    const months = await rowsOf(product, "platformMonths");
    expect(new Set(months.map((row) => row.os_type))).toEqual(new Set(["few"]));
  });
});

describe("license models", () => {
  test("in force in the newest month are those that are in force now", async () => {
    const trend = await rowsOf<{ month_at: Date; scope: string; dimension: string }>(internal, "modelTrend");
    const newest = Math.max(...trend.map((row) => row.month_at.getTime()));
    const ours = trend
      .filter((row) => row.month_at.getTime() === newest)
      .filter((row) => row.scope === "" && row.dimension === "model")
      .map(({ member, entitlements, seats: some, customers }: Row) => ({
        member,
        entitlements,
        seats: some,
        customers,
      }));
    const theirs = await internal.query(`
      select
        license_model as member, count(*)::double as entitlements, sum(quantity)::double as seats,
        count(distinct customer_id)::double as customers
      from fct_entitlement where not is_test and status = 'active' group by all order by entitlements desc, member`);
    expect(ours).toEqual(theirs);
    expect(ours.length).toBeGreaterThan(1);
  });

  test("booked money of a currency is that of its order lines, taken together however it is", async () => {
    const sold = await rowsOf<{ scope: string; dimension: string; currency: string; amount: number }>(
      internal,
      "modelSold",
    );
    const lines = await internal.query<{ currency: string; amount: number }>(`
      select currency, sum(amount)::double as amount from fct_order_line
      where not is_test and kind in ('sale', 'renewal', 'upgrade', 'extension') group by currency`);
    for (const { currency, amount } of lines)
      for (const dimension of ["model", "term", "metric"])
        expect(
          sold
            .filter((row) => row.scope === "" && row.dimension === dimension && row.currency === currency)
            .reduce((sum, row) => sum + row.amount, 0),
        ).toBe(amount);
    expect(lines).toHaveLength(2);
  });
});
