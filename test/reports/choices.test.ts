import { expect, test } from "vitest";
import { choicesOf, waitFile } from "../../reports/src/components/choices.ts";
import { whose } from "../../reports/src/components/waits.ts";

const scopes = [
  { scope: "brand:Atlas", kind: "brand", name: "Atlas" },
  { scope: "brand:", kind: "brand", name: "No brand" },
  { scope: "product:CAD/../PRO", kind: "product", name: "Atlas CAD" },
  { scope: "region:DE", kind: "region", name: "DE" },
  { scope: "region:US", kind: "region", name: "US" },
  { scope: "region:", kind: "region", name: null },
];

test("every choice but the whole has a file of its own, whatever a SKU is called", () => {
  const choices = choicesOf(scopes);
  expect(choices).toHaveLength((scopes.length + 1) * 3 - 1);
  const files = choices.map(({ scope, period }) => waitFile(scopes, scope, period));
  expect(new Set(files).size).toBe(choices.length);
  expect(files.filter((file) => !/^\d+-(all|12|24)\.arrow$/.test(file))).toEqual([]);
});

test.each<[string, string, string | null]>([
  ["", "", null],
  ["", "12", "entitlements ordered in the last 12 months"],
  ["brand:Atlas", "", "entitlements of Atlas"],
  ["brand:", "24", "entitlements of no brand ordered in the last 24 months"],
  ["product:CAD/../PRO", "12", "entitlements of Atlas CAD ordered in the last 12 months"],
  ["region:DE", "", "entitlements of customers in Germany"],
  ["region:US", "", "entitlements of customers in the United States"],
  ["region:", "", "entitlements of customers without a country"],
])("%j in %j is said to be %j", (scope, period, words) => expect(whose(scopes, scope, period)).toBe(words));
