import { expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { readModels } from "../../warehouse/models.ts";
import { temporaryFolder } from "../support/folder.ts";
import { catalog, day } from "./facts.ts";
import { lakeOf, loadHome, openHome, writeSegments } from "./support.ts";
import { query, year } from "./year.ts";

test("quarantined input is open until it is replayed", async () => {
  const put = (id: string, at: number): Draft => ({
    type: "input.quarantined",
    source: "stripe",
    occurred_at: day(at),
    data: { quarantine_id: id, stage: "parse", code: "invalid", detail: "no lines", size_bytes: 12 },
  });
  const replay: Draft = {
    type: "input.replayed",
    source: "stripe",
    occurred_at: day(3),
    data: { quarantine_id: "q1" },
  };
  const lake = await lakeOf([put("q1", 1), put("q2", 2), replay], day(70));
  expect(await query(lake, "select quarantine_id, is_open, size_bytes from quarantine")).toEqual([
    ["q1", false, 12],
    ["q2", true, 12],
  ]);
  expect(await lake.query("select quarantine_open from meta")).toEqual([{ quarantine_open: 1 }]);
});

test("products and models are those of the newest catalog, and those that were sold before it", async () => {
  const lake = await lakeOf([...year, ...catalog(day(50), "2026-02")], day(70));
  expect(
    await query(lake, "select sku, name, version, is_in_catalog, catalog_version from dim_product"),
  ).toEqual([
    ["CAD-LT", "Atlas CAD Light", "3", true, "2026-02"],
    ["CAD-PRO", "Atlas CAD Pro", null, true, "2026-02"],
    ["OLD-1", "Product OLD-1", null, false, null],
  ]);
  expect(
    await query(
      lake,
      "select license_model, term, lease, rehosts, overdraft, is_in_catalog from dim_license_model",
    ),
  ).toEqual([
    ["perp-float", "perpetual", "PT8H", null, null, true],
    ["sub-node", "subscription", "P30D", 2, "10%", true],
    ["trial", "trial", null, null, null, false],
  ]);
});

test("a license model has its terms and its policy as the catalog states them, and the preset that says the rest", async () => {
  const published = catalog(day(0)).map((draft): Draft => {
    if (draft.type !== "catalog.published") return draft;
    const stated = {
      id: "sub-first",
      name: "Annual, from the first activation",
      term: { kind: "subscription" as const, duration: "P1Y", from: "first-activation" as const },
      metric: "node-locked" as const,
      maintenance: "P2Y",
      policy: {
        preset: "standard" as const,
        temporary: { count: 3, per: "P1Y", duration: "P14D" },
        grace: "P5D",
        borrow: "P3D",
        offline: "P60D",
        repairs: { count: 1, per: "P6M" },
      },
    };
    return { ...draft, data: { ...draft.data, license_models: [...draft.data.license_models, stated] } };
  });
  const lake = await lakeOf([...year, ...published], day(70));
  expect(
    await query(
      lake,
      `select license_model, expires_from, maintenance, preset, lease, grace, offline, borrow, repairs, repairs_per,
         temporary, temporary_per, temporary_duration
       from dim_license_model where license_model <> 'trial'`,
    ),
  ).toEqual([
    ["perp-float", null, null, null, "PT8H", null, null, null, null, null, null, null, null],
    [
      "sub-first",
      "first-activation",
      "P2Y",
      "standard",
      null,
      "P5D",
      "P60D",
      "P3D",
      1,
      "P6M",
      3,
      "P1Y",
      "P14D",
    ],
    ["sub-node", "start", null, null, "P30D", null, null, null, null, null, null, null, null],
  ]);
});

test("a customer has the newest profile, across loads; an erased one has no name, and a customer of events alone neither", async () => {
  const home = await temporaryFolder();
  const profile = (customer_id: string, name: string | null, at: number) => ({
    customer_id,
    name,
    email: name && `${name}@example.com`,
    country: name && "AT",
    recorded_at: day(at),
  });
  const first = [profile("C-1", "Ada", 1), profile("C-2", "Bob", 1)];
  await writeSegments(home, year, { profiles: first });
  await loadHome(home, day(70));
  // The same two again under the same name, and then two newer ones.
  await writeSegments(home, [], {
    profiles: [...first, profile("C-1", "Ada B.", 2), profile("C-2", null, 3)],
  });
  await loadHome(home, day(70));
  const lake = await openHome(home);
  expect(
    await query(lake, "select customer_id, name, email, country, has_profile, orders from dim_customer"),
  ).toEqual([
    ["C-1", "Ada B.", "Ada B.@example.com", "AT", true, 1],
    ["C-2", null, null, "DE", true, 1],
    ["C-3", null, null, "DE", false, 2],
    ["C-9", null, null, "DE", false, 0],
  ]);
});

test.each([
  [12_345, "EUR", "123.450"],
  [12_345, "JPY", "12345.000"],
  [12_345, "KWD", "12.345"],
  [-1, "USD", "-0.010"],
  [12_345, "CLF", null],
  [Number.MAX_SAFE_INTEGER, "JPY", null],
  [Number.MAX_SAFE_INTEGER, "EUR", "90071992547409.910"],
])("%i %s is %s in major units", async (price, currency, major) => {
  const { macros } = await readModels();
  const database = await openDatabase(":memory:");
  await database.run(macros);
  expect(
    await database.rows(
      `select cast(major_units(cast(${price} as bigint), '${currency}') as varchar) as major`,
    ),
  ).toEqual([{ major }]);
  database.close();
});
