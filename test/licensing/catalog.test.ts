import { describe, expect, test } from "vitest";
import { catalogSchema, priceBandOf } from "../../licensing/index.ts";
import { catalog } from "./samples.ts";

type Json = Record<string, unknown>;
const [product = {}] = catalog.products as Json[];
const [model = {}] = catalog.licenseModels as Json[];
const band = { id: "all" };

/** The paths at fault, as `licenseModels[0].policy.lease`, each once. */
function faults(body: unknown): string[] {
  const parsed = catalogSchema.safeParse(body);
  const path = (keys: readonly PropertyKey[]) =>
    keys.reduce<string>((text, key) => text + (typeof key === "number" ? `[${key}]` : `.${String(key)}`), "");
  if (parsed.success) return [];
  return Array.from(new Set(parsed.error.issues.map((issue) => path(issue.path).replace(/^\./, ""))));
}

const withProduct = (change: Json) => ({ ...catalog, products: [{ ...product, ...change }] });
const withModel = (change: Json) => ({
  ...catalog,
  products: [product],
  licenseModels: [{ ...model, ...change }],
});
const withPolicy = (policy: Json) => withModel({ policy });
const withBands = (...priceBands: Json[]) => ({ ...catalog, priceBands });

describe("the catalog schema", () => {
  test("takes the catalog of the design page", () => {
    expect(catalogSchema.parse(catalog)).toEqual(catalog);
  });

  test("fills in what may be left out", () => {
    const parsed = catalogSchema.parse({
      version: "1",
      products: [{ sku: "A", name: "A", brand: "B" }],
      licenseModels: [{ id: "m", name: "M", term: { kind: "perpetual" }, metric: "site" }],
    });
    expect(parsed.products[0]?.features).toEqual([]);
    expect(parsed.licenseModels[0]?.policy).toEqual({});
    expect(parsed.priceBands).toEqual([]);
  });

  const badTexts: [string, unknown][] = [
    ["an empty text", ""],
    ["a number", 7],
    ["null", null],
    ["NUL", "CAD\u0000"],
    ["a line break", "CAD\nPro"],
    ["an escape character", "CAD\u001b[2J"],
    ["half of a surrogate pair", "CAD\ud83d"],
    ["the other half", "\ude00CAD"],
    ["a text without end", "x".repeat(201)],
  ];
  test.each(badTexts)("refuses %s where people will read it", (_what, text) => {
    expect(faults(withProduct({ name: text }))).toContain("products[0].name");
    expect(faults(withProduct({ brand: text }))).toContain("products[0].brand");
    expect(faults(withProduct({ version: text }))).toContain("products[0].version");
    expect(faults(withProduct({ features: ["3d", text] }))).toContain("products[0].features[1]");
    expect(faults(withModel({ name: text }))).toContain("licenseModels[0].name");
  });

  test.each(["", "-a", ".a", "a b", "a\n", "ä", "a\u0000", "x".repeat(129)])(
    "refuses the identifier %j",
    (id) => {
      expect(faults({ ...catalog, version: id })).toContain("version");
      expect(faults(withProduct({ sku: id }))).toContain("products[0].sku");
      expect(faults(withProduct({ defaultLicenseModel: id }))).toContain("products[0].defaultLicenseModel");
      expect(faults(withModel({ id }))).toContain("licenseModels[0].id");
      expect(faults(withBands({ id }))).toContain("priceBands[0].id");
    },
  );

  const rules: [string, unknown, string[]][] = [
    ["no catalog at all", null, [""]],
    ["an unknown field", { ...catalog, licenceModels: [] }, [""]],
    ["an unknown field of a product", withProduct({ colour: "red" }), ["products[0]"]],
    ["an unknown field of a policy", withPolicy({ overdaft: 1 }), ["licenseModels[0].policy"]],
    ["no product", { ...catalog, products: [] }, ["products"]],
    ["no license model", { ...catalog, products: [product], licenseModels: [] }, ["licenseModels"]],
    ["a SKU twice", { ...catalog, products: [product, product] }, ["products[1].sku"]],
    [
      "a SKU three times",
      { ...catalog, products: [product, product, product] },
      ["products[1].sku", "products[2].sku"],
    ],
    [
      "a license model twice",
      { ...catalog, licenseModels: [...catalog.licenseModels, model] },
      ["licenseModels[2].id"],
    ],
    [
      "a default that is not there",
      withProduct({ defaultLicenseModel: "gone" }),
      ["products[0].defaultLicenseModel"],
    ],
    ["an unknown metric", withModel({ metric: "per-core" }), ["licenseModels[0].metric"]],
    [
      "an unknown term",
      withModel({ term: { kind: "rental", duration: "P1Y" } }),
      ["licenseModels[0].term.kind"],
    ],
    [
      "a subscription without end",
      withModel({ term: { kind: "subscription" } }),
      ["licenseModels[0].term.duration"],
    ],
    [
      "a perpetual license with an end",
      withModel({ term: { kind: "perpetual", duration: "P1Y" } }),
      ["licenseModels[0].term"],
    ],
    [
      "a term of nothing",
      withModel({ term: { kind: "trial", duration: "P0D" } }),
      ["licenseModels[0].term.duration"],
    ],
    [
      "a term of a century",
      withModel({ term: { kind: "trial", duration: "P100Y" } }),
      ["licenseModels[0].term.duration"],
    ],
    [
      "a floating license that nobody need return",
      withModel({ metric: "floating", policy: {} }),
      ["licenseModels[0].policy.lease"],
    ],
    ["a lease in words", withPolicy({ lease: "30 days" }), ["licenseModels[0].policy.lease"]],
    ["an overdraft below nothing", withPolicy({ overdraft: -1 }), ["licenseModels[0].policy.overdraft"]],
    ["an overdraft of half a seat", withPolicy({ overdraft: 0.5 }), ["licenseModels[0].policy.overdraft"]],
    [
      "an overdraft below nothing in percent",
      withPolicy({ overdraft: "-10%" }),
      ["licenseModels[0].policy.overdraft"],
    ],
    [
      "an overdraft without percent sign",
      withPolicy({ overdraft: "10" }),
      ["licenseModels[0].policy.overdraft"],
    ],
    [
      "rehosts without a period",
      withPolicy({ rehosts: { count: 2 } }),
      ["licenseModels[0].policy.rehosts.per"],
    ],
    [
      "rehosts below nothing",
      withPolicy({ rehosts: { count: -1, per: "P1Y" } }),
      ["licenseModels[0].policy.rehosts.count"],
    ],
    [
      "rehosts without bound",
      withPolicy({ rehosts: { count: 1e300, per: "P1Y" } }),
      ["licenseModels[0].policy.rehosts.count"],
    ],
    [
      "returns in a period of nothing",
      withPolicy({ returns: { count: 1, per: "PT0S" } }),
      ["licenseModels[0].policy.returns.per"],
    ],
    ["a price band twice", withBands({ id: "a", below: 1 }, { id: "a" }), ["priceBands[1].id"]],
    ["a last price band with a bound", withBands({ id: "a", below: 1 }), ["priceBands[0].below"]],
    ["a price band without bound before the last", withBands({ id: "a" }, band), ["priceBands[0].below"]],
    [
      "price bands in falling order",
      withBands({ id: "a", below: 2 }, { id: "b", below: 1 }, band),
      ["priceBands[1].below"],
    ],
    [
      "price bands of one bound",
      withBands({ id: "a", below: 2 }, { id: "b", below: 2 }, band),
      ["priceBands[1].below"],
    ],
    ["a price band of nothing", withBands({ id: "a", below: 0 }, band), ["priceBands[0].below"]],
  ];
  test.each(rules)("refuses %s, and says where", (_what, body, paths) => {
    expect(faults(body)).toEqual(paths);
  });

  test("bounds what a product's licenses would have to carry", () => {
    const features = (count: number, length: number) =>
      Array.from({ length: count }, (_, i) => String(i).padEnd(length, "x"));
    expect(faults(withProduct({ features: features(501, 5) }))).toEqual(["products[0].features"]);
    expect(faults(withProduct({ features: features(500, 100) }))).toEqual(["products[0].features"]);
    expect(faults(withProduct({ features: features(500, 20) }))).toEqual([]);
  });
});

describe("priceBandOf", () => {
  test.each([
    [0, "high-volume"],
    [19_999, "high-volume"],
    [20_000, "standard"],
    [999_999, "standard"],
    [1_000_000, "high-touch"],
    [Number.MAX_SAFE_INTEGER, "high-touch"],
  ])("puts %i minor units into %s", (amount, expected) => {
    expect(priceBandOf(catalog, amount)?.id).toBe(expected);
  });

  test("is null where the catalog has no bands", () => {
    expect(priceBandOf({ ...catalog, priceBands: [] }, 5)).toBeNull();
  });
});
