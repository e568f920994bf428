// What pages tell of imports: of a lake that is counted by hand, to each audience; and in words.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mergeSchema } from "../../ingest/api/requests.ts";
import type { Audience } from "../../reports/audience.ts";
import { openHome } from "../../reports/lake.ts";
import { brandColumns, brandName, type BrandRow } from "../../reports/src/components/brands.ts";
import {
  evidenceWords,
  type ImportRow,
  importParts,
  mergeCall,
  type MatchRow,
} from "../../reports/src/components/imports.ts";
import type { Row } from "../../warehouse/read.ts";
import { bind, catalog, day, sale } from "../warehouse/facts.ts";
import { finished, importTakenBack, takenBack, use } from "../warehouse/imports.ts";
import { removeHome, vendorHome } from "./support.ts";

const tables = join(import.meta.dirname, "../../reports/src/tables");

let home: string;

// Of Atlas six customers ordered here, in euros but for one in yen; of Lumora two were brought in, and one by mistake. License servers
// tell of seven customers: of one product five, of another two.
beforeAll(async () => {
  const atlas = Array.from({ length: 6 }, (_, n) => {
    const of = { orderId: `SO-${n}`, customerId: `C-${n}`, currency: n === 5 ? "JPY" : "EUR", price: 1000 };
    return [
      ...sale({ ...of, orderedAt: day(1), endsAt: null, ...(n < 2 ? { model: "perp-float" as const } : {}) }),
      ...bind(of, { at: day(2), activationId: `A-${n}`, customerId: of.customerId }),
    ];
  });
  const old = { source: "import:old", brand: "Lumora", sku: "LUM", endsAt: null, quantity: 3 };
  const lumora = ["L-1", "L-2", "L-3"].map((id) =>
    sale({ ...old, orderId: id, customerId: id, orderedAt: day(3) }),
  );
  const uses = Array.from({ length: 7 }, (_, n) =>
    [0, 1, 2].map((hour) =>
      use({
        importId: "imp-lmstat",
        at: day(200 + hour / 24),
        customerId: `C-${n}`,
        sku: n < 5 ? "CAD-PRO" : "CAD-LT",
        issued: 10,
        inUse: hour * n,
      }),
    ),
  );
  const long = use({ importId: "imp-lmstat", at: day(-100), customerId: "C-9", issued: 99, inUse: 99 });
  const at = day(250);
  home = await vendorHome([
    ...catalog(day(0)),
    ...atlas.flat(),
    ...lumora.flat(),
    ...uses.flat(),
    long,
    finished({ importId: "imp-1", at: day(100), accepted: 2, duplicate: 3, conflict: 1, quarantined: 4 }),
    finished({ importId: "imp-2", at: day(101), accepted: 1, duplicate: 6 }),
    ...takenBack({ orderId: "L-3" }, { importId: "imp-2", at, customerId: "L-3" }),
    importTakenBack({ importId: "imp-2", at, orders: 1 }),
    finished({ importId: "imp-lmstat", source: "import:lmstat", at: day(400), accepted: 22 }),
  ]);
});

afterAll(() => removeHome(home));

/** What is told of a scope, or of no scope in particular. */
async function told(table: string, audience: Audience, of?: string): Promise<Row[]> {
  const lake = await openHome(home, audience);
  try {
    const rows = await lake.query(await readFile(join(tables, `${table}.arrow.sql`), "utf8"));
    return of === undefined ? rows : rows.filter(({ scope }) => scope === of);
  } finally {
    lake.close();
  }
}

test.each(["internal", "product"] as const)(
  "what was brought in adds up to what was read, whatever became of it and whenever it was: %s",
  async (audience) => {
    const rows = await told("imports", audience);
    expect(rows).toMatchObject([
      { source: "import:lmstat", imports: 1, read: 22, accepted: 22, taken_back: 0 },
      {
        source: "import:old",
        imports: 2,
        imports_taken_back: 1,
        read: 17,
        accepted: 2,
        taken_back: 1,
        duplicate: 9,
        in_conflict: 1,
        quarantined: 4,
      },
    ]);
    expect(
      (await told("importRuns", audience)).map((row) => [row["import_id"], row["orders_taken_back"]]),
    ).toEqual([
      ["imp-lmstat", null],
      ["imp-2", 1],
      ["imp-1", null],
    ]);
  },
);

test("license servers are told by product, the year's peaks of each added up; of few customers with the rest", async () => {
  const rows = (some: Row[]) =>
    some.map(({ name, customers, servers, issued, peak, mean }) => [
      name,
      customers,
      servers,
      issued,
      peak,
      mean,
    ]);
  const pro = (1 + 2 + 3 + 4) * 2;
  expect(rows(await told("floatingUse", "internal", ""))).toEqual([
    ["Atlas CAD Pro", 5, 5, 50, pro, pro / 2],
    ["Atlas CAD Light", 2, 2, 20, 22, 11],
  ]);
  expect(rows(await told("floatingUse", "product", ""))).toEqual([
    ["Other products", 7, 7, 70, pro + 22, (pro + 22) / 2],
  ]);
  // Two customers of one product are told nowhere.
  expect(await told("floatingUse", "product", "product:CAD-LT")).toEqual([]);
});

test("brands stand side by side by where they came from, without what was taken back; few with the rest", async () => {
  const rows = (some: Row[]) =>
    some.map(({ brand, source, customers, entitlements, perpetual, seats, models, money }) => [
      brand,
      source,
      customers,
      entitlements,
      perpetual,
      seats,
      models,
      JSON.parse(money as string),
    ]);
  const euros = { currency: "EUR", amount: 5000 };
  expect(rows(await told("brands", "internal", ""))).toEqual([
    ["Atlas", "api", 6, 6, 2, 6, 2, [euros, { currency: "JPY", amount: 1000 }]],
    ["Lumora", "import:old", 2, 2, 0, 6, 1, [{ currency: "EUR", amount: 60000 }]],
  ]);
  // Two of Lumora are too few, and whoever knew the six of Atlas would know them from all eight.
  expect(rows(await told("brands", "product", ""))).toEqual([
    ["", "", 8, 8, 2, 12, 2, [{ currency: "EUR", amount: 65000 }]],
  ]);
});

test("customers who look the same are named inside, and nobody outside", async () => {
  const [first, ...others] = await told("customerMatches", "internal");
  // All profiles of this vendor have one address.
  expect(first).toMatchObject({
    customer: "Ångström Works 0",
    other_customer: "Ångström Works 1",
    evidence: "same_email similar_name",
    strength: "strong",
    all_pairs: 15,
  });
  expect(others).toHaveLength(14);
  expect(await told("customerMatches", "product")).toEqual([]);
});

describe("in words", () => {
  const pair: MatchRow = {
    customer_id: "C-42",
    customer: "Example GmbH",
    other_customer_id: "flexnet:8c1f/7",
    other_customer: "EXAMPLE",
    evidence: "same_name same_domain",
    strength: "strong",
    is_same_country: null,
    entitlements: 1,
    other_entitlements: 2,
    sources: "api",
    other_sources: "import:flexnet",
    all_pairs: 1,
  };

  test("the call that merges two customers is one that the service takes", () => {
    const [, path, body = ""] = /^POST (\S+) (\{.*\})$/.exec(mergeCall(pair)) ?? [];
    expect(path).toBe("/v1/customers/flexnet%3A8c1f%2F7/merge");
    expect(mergeSchema.parse(JSON.parse(body))).toMatchObject({ into: "C-42" });
  });

  test("evidence is said as people say it", () => {
    expect(evidenceWords(pair)).toBe("the name and the company’s domain");
  });

  test("a source of which nothing was read is no bar", () => {
    const row: ImportRow = {
      source: "import:csv",
      imports: 1,
      imports_taken_back: 1,
      read: 0,
      accepted: 0,
      taken_back: 0,
      duplicate: 0,
      in_conflict: 0,
      quarantined: 0,
      last_at: 0,
    };
    expect(importParts([row])).toEqual([]);
    expect(importParts([{ ...row, read: 2, accepted: 2 }]).map(({ value }) => value)).toEqual([
      2, 0, 0, 0, 0,
    ]);
  });

  test("a brand has a column for each currency that any was paid in", () => {
    const row: BrandRow = {
      scope: "",
      is_other: false,
      brand: "Atlas",
      source: "api",
      customers: 1,
      models: 1,
      entitlements: 2,
      perpetual: 1,
      subscription: 1,
      seats: 3,
      money: '[{"currency":"EUR","amount":5000}]',
    };
    const other = { ...row, source: "import:flexnet", brand: "", money: "[]" };
    expect([row, other, { ...row, is_other: true }].map(brandName)).toEqual([
      "Atlas, ordered here",
      "No brand, from flexnet",
      "Others",
    ]);
    const columns = brandColumns([row, other]);
    expect(columns.map(({ head }) => head).slice(-3)).toEqual(["Perpetual", "Subscription", "Ordered, EUR"]);
    expect([row, other].map((it) => columns.at(-1)?.cell(it))).toEqual(["€50", "–"]);
  });
});
