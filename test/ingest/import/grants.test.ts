// Orders that are granted beside the transaction that takes them: what is on record is what is of orders recorded one by one.

import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Grants } from "../../../ingest/import/grants.ts";
import { checkLedger } from "../../../ingest/ledger/check.ts";
import { GRANTS } from "../../../ingest/ledger/grant-rows.ts";
import { Ledger } from "../../../ingest/ledger/ledger.ts";
import { newestCatalog } from "../../../ingest/ledger/queries.ts";
import { openSqlite, type SqliteFile } from "../../../ingest/ledger/sqlite.ts";
import { catalogSchema, type Order, timedOrderSchema } from "../../../licensing/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { at, desk, fileOf, right } from "./support.ts";

const NOW = at("2026-11-24T12:00:00Z");
const SOURCE = "import:scheme";

const catalog = catalogSchema.parse({
  version: "1",
  products: [
    { sku: "CAD", name: "Atlas CAD", brand: "Atlas", defaultLicenseModel: "annual" },
    { sku: "CAM", name: 'Atlas "CAM"', brand: "Ätlas", version: "7", features: ["milling", "turning"] },
  ],
  licenseModels: [
    { id: "annual", name: "Annual", metric: "node-locked", term: { kind: "subscription", duration: "P1Y" } },
    { id: "owned", name: "Owned", metric: "floating", term: { kind: "perpetual" }, policy: { lease: "P1D" } },
    {
      id: "trial",
      name: "Trial",
      metric: "named-user",
      term: { kind: "trial", duration: "P30D", from: "first-activation" },
      policy: { grace: "P7D", overdraft: "10%" },
    },
  ],
  priceBands: [
    { id: "small", below: 100_000 },
    { id: "large", policy: { rehosts: { count: 9, per: "P1Y" } } },
  ],
});

const days = fc.integer({ min: 0, max: 20_000 }).map((day) => day * 86_400_000_000);
const line = fc
  .record({
    sku: fc.constantFrom("CAD", "CAM"),
    licenseModel: fc.constantFrom("annual", "owned", "trial"),
    quantity: fc.integer({ min: 1, max: 50 }),
    amount: fc.integer({ min: 0, max: 50_000 }),
    currency: fc.constantFrom("EUR", "USD"),
    deliveredAt: fc.option(days, { nil: undefined }),
  })
  .map(({ amount, currency, ...rest }) => ({ ...rest, unitPrice: { amount, currency } }));
/** Few customers, who are called this and that; two orders may have one ID. */
const orders = fc.array(
  fc
    .record({
      orderId: fc.integer({ min: 0, max: 40 }).map((number) => `scheme:O-${number}`),
      orderedAt: days,
      test: fc.boolean(),
      channel: fc.constantFrom("scheme", "reseller"),
      customer: fc.record(
        {
          id: fc.integer({ min: 0, max: 4 }).map((number) => `scheme:C-${number}`),
          name: fc.constantFrom("Example GmbH", 'Ex "AG"', "Ünder \\ Co"),
          email: fc.constantFrom("a@example.com", "b@example.com"),
          country: fc.constantFrom("DE", "FR"),
        },
        { requiredKeys: ["id"] },
      ),
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    })
    .map((told) =>
      timedOrderSchema.parse({
        ...told,
        lines: told.lines.map((each, index) => ({ ...each, lineNumber: index + 1 })),
      }),
    ),
  { minLength: 1, maxLength: 12 },
);

interface Place {
  sql: SqliteFile;
  ledger: Ledger;
  importId: string;
}

async function place(): Promise<Place> {
  const sql = openSqlite(":memory:");
  const ledger = new Ledger({ sql, shard: 0, shards: 1, clock: () => NOW, defer: setImmediate });
  await ledger.execute("publishCatalog", { catalog, by: "test", occurredAt: NOW, source: "test" });
  const begun = await ledger.execute("beginImport", { source: SOURCE, fingerprint: "f", files: [] });
  if (!begun.ok) throw new Error(begun.refusal.detail);
  return { sql, ledger, importId: begun.value.importId };
}

const importedOf = (order: Order) => ({
  orderId: order.orderId,
  order,
  fingerprint: JSON.stringify(order),
  seats: [],
  ends: [],
});

/** Grants what can be, and takes it. @returns what could not be granted */
async function take(
  { sql, ledger, importId }: Place,
  path: string,
  batch: readonly Order[],
): Promise<{ became: string; left: Order[] }> {
  const grants = new Grants(path, 0);
  const by = { catalog: newestCatalog(sql)?.catalog ?? catalog, source: SOURCE };
  grants.begin();
  const left = batch.filter((order) => !grants.add({ order, fingerprint: JSON.stringify(order) }, by));
  grants.end();
  grants.close();
  sql.run(`attach database ? as ${GRANTS}`, path);
  const outcome = await ledger.execute("takeGrants", { importId, catalog: "1" });
  sql.run(`detach database ${GRANTS}`);
  if (!outcome.ok) throw new Error(outcome.refusal.detail);
  return { became: outcome.value, left };
}

/** All that is on record, with names instead of what is drawn by lot: each in the order in which it was given. */
function record({ sql, importId }: Place): Record<string, unknown[]> {
  const names = new Map<string, string>([[importId, "the import"]]);
  for (const { id, code } of sql.all<{ id: string; code: string }>(
    "select entitlement_id as id, activation_code as code from entitlement order by rowid",
  )) {
    names.set(id, `right ${names.size}`);
    expect(code).toMatch(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
    names.set(code, `code ${names.size}`);
  }
  const named = (text: string) =>
    text
      .replaceAll(
        /ent_[0-9a-z]{28}|imp_[0-9a-z]{28}|([0-9A-Z]{5}-){3}[0-9A-Z]{5}/g,
        (id) => names.get(id) ?? id,
      )
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}/g, "an event");
  const all = (query: string) =>
    sql.all<Record<string, unknown>>(query).map((row) => named(JSON.stringify(row)));
  return {
    events: all("select seq, customer_id, entitlement_id, line from event order by seq"),
    orders: all("select * from orders order by rowid"),
    rights: all("select * from entitlement order by rowid"),
    money: all("select * from line_money order by 1, 2, 3"),
    directory: all("select * from directory order by customer_id, version"),
    shards: all("select * from customer_shard order by 1, 2"),
    profiles: all("select * from profile order by seq"),
  };
}

describe("orders that were granted beside", () => {
  test("are on record as those are that were decided one by one", async () => {
    const path = join(await temporaryFolder(), "grants.sqlite");
    await fc.assert(
      fc.asyncProperty(orders, async (batch) => {
        const [beside, single] = [await place(), await place()];
        const { became, left } = await take(beside, path, batch);
        expect(became).toBe("taken");
        const unique = batch.filter((order) => !left.includes(order));
        expect(new Set(unique.map(({ orderId }) => orderId)).size).toBe(unique.length);
        await single.ledger.execute("importOrders", {
          importId: single.importId,
          source: SOURCE,
          items: unique.map(importedOf),
        });
        expect(record(beside)).toEqual(record(single));
        expect(beside.sql.transaction(() => checkLedger(beside.sql, 0, () => undefined))).toEqual([]);
        // What comes after them stands after them.
        for (const { ledger, importId } of [beside, single])
          await ledger.execute("importOrders", { importId, source: SOURCE, items: batch.map(importedOf) });
        expect(record(beside)).toEqual(record(single));
        beside.sql.close();
        single.sql.close();
      }),
      { numRuns: 40 },
    );
  });

  const [one, other] = fc.sample(orders, { seed: 7, numRuns: 50 }).filter((batch) => batch.length > 3);

  test("are not taken, none of them, where one is on record", async () => {
    const it = await place();
    const path = join(await temporaryFolder(), "grants.sqlite");
    const batch = one ?? [];
    const items = batch.slice(2, 3).map(importedOf);
    await it.ledger.execute("importOrders", { importId: it.importId, source: SOURCE, items });
    const before = record(it);
    expect(await take(it, path, batch)).toMatchObject({ became: "known" });
    expect(record(it)).toEqual(before);
  });

  test("are not taken where another catalog has been published since", async () => {
    const it = await place();
    const path = join(await temporaryFolder(), "grants.sqlite");
    const newer = { ...catalog, version: "2" };
    await it.ledger.execute("publishCatalog", {
      catalog: newer,
      by: "test",
      occurredAt: NOW,
      source: "test",
    });
    const before = record(it);
    expect(await take(it, path, other ?? [])).toMatchObject({ became: "outdated" });
    expect(record(it)).toEqual(before);
  });
});

describe("an import whose orders are granted beside", () => {
  const many = (from: number, to: number, more = {}) =>
    Array.from({ length: to - from }, (_, index) =>
      right({ order: `O-${from + index}`, customer: { id: `C-${(from + index) % 3}` }, ...more }),
    );

  test("goes by the catalog that is in force at each moment", async () => {
    const it = desk();
    let published = 0;
    const report = await it.bring(
      { a: fileOf(...many(0, 12)) },
      {
        batch: 2,
        onProgress: (step, done) => {
          if (step !== "record" || done < 4 || published > 0) return;
          published += 1;
          const newest = newestCatalog(it.sql)?.catalog;
          if (!newest) throw new Error("no catalog");
          const products = newest.products.map((product) => ({ ...product, name: "Orbit renamed" }));
          void it.ledger.execute("publishCatalog", {
            catalog: { ...newest, version: "later", products },
            by: "test",
            occurredAt: null,
            source: "test",
          });
        },
      },
    );
    expect(report.counts).toMatchObject({ read: 12, accepted: 12 });
    const names = it.sql.all<{ name: string; count: number }>(
      "select state ->> '$.product.name' as name, count(*) as count from entitlement group by 1 order by 1",
    );
    expect(names).toEqual([
      { name: "Orbit GUI", count: 4 },
      { name: "Orbit renamed", count: 8 },
    ]);
  });

  test.each([1, 2, 3, 100])(
    "comes to the same in batches of %i: what is known, new, twice, or another order under its ID",
    async (batch) => {
      const it = desk();
      await it.bring({ a: fileOf(...many(0, 5)) }, { batch });
      const report = await it.bring(
        {
          b: fileOf(
            ...many(3, 9),
            ...many(3, 4),
            right({ order: "O-8", customer: { id: "C-99" } }),
            right({ order: "O-20", product: "unknown" }),
            right({ order: "O-21", lineNumber: 1 }),
            right({ order: "O-21", lineNumber: 1, quantity: 99 }),
          ),
        },
        { batch },
      );
      // Known: O-3 twice and O-4; new: O-5 to O-8, and O-21; O-8 of another customer and O-21 with another quantity are in conflict.
      expect(report.counts).toEqual({ read: 11, accepted: 5, duplicate: 3, conflict: 2, quarantined: 1 });
      expect(it.sql.all("select order_id from orders")).toHaveLength(10);
      expect(it.sql.transaction(() => checkLedger(it.sql, 0, () => undefined))).toEqual([]);
      const again = await it.bring({ c: fileOf(...many(0, 9)) }, { batch });
      expect(again.counts).toMatchObject({ read: 9, accepted: 0, duplicate: 9 });
    },
  );
});
