// How many minor units make one of a currency is said in three places that import nothing of one another. They agree, and it is
// ISO 4217 that they agree with: the engine's own data (CLDR) has what people write, and the forint without its hundredths.

import { beforeAll, expect, test } from "vitest";
import { minorUnits } from "../../ingest/money.ts";
import { money } from "../../reports/src/components/format.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { readModels } from "../../warehouse/models.ts";
import { quoteList } from "../../warehouse/sql.ts";

const currencies = [...Intl.supportedValuesOf("currency"), "CLF", "UYW"];
let digitsOf: Map<string, number>;
beforeAll(async () => {
  const database = await openDatabase(":memory:");
  await database.run((await readModels()).macros);
  const rows = await database.rows<{ currency: string; digits: number }>(
    `select currency, minor_digits(currency) as digits from (select unnest([${quoteList(currencies).slice(1, -1)}]) as currency)`,
  );
  database.close();
  digitsOf = new Map(rows.map(({ currency, digits }) => [currency, digits]));
});

test.each<[string, number]>([
  ["EUR", 2],
  ["HUF", 2],
  ["IDR", 2],
  ["COP", 2],
  ["JPY", 0],
  ["KRW", 0],
  ["BHD", 3],
  ["IQD", 3],
  ["CLF", 4],
])("ISO 4217 gives %s %i decimals", (currency, digits) => {
  expect(digitsOf.get(currency)).toBe(digits);
});

test("storefronts' prices are read in the minor units that the lake counts in, in every currency", () => {
  expect(digitsOf.size).toBeGreaterThan(150);
  const read = currencies.map((currency) => [currency, minorUnits("12", currency)]);
  expect(read).toEqual(currencies.map((currency) => [currency, 12 * 10 ** (digitsOf.get(currency) ?? NaN)]));
});

test("pages show the amount that the lake has, in every currency", () => {
  const shown = currencies.map((currency) => [
    currency,
    money(12 * 10 ** (digitsOf.get(currency) ?? NaN), currency).replaceAll(/\D/g, ""),
  ]);
  expect(shown).toEqual(currencies.map((currency) => [currency, "12"]));
});
