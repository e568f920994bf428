// Exchange rates: what is read of a file, what is said of one that is not as it should be, and what a load makes of them.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../ingest/demo/random.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { readModels } from "../../warehouse/models.ts";
import { parseRates } from "../../warehouse/rates.ts";
import { makeRates, statedRates } from "../../warehouse/stated-rates.ts";
import { temporaryFolder } from "../support/folder.ts";
import { sale } from "./facts.ts";
import { loadHome, openHome, writeSegments } from "./support.ts";

const dollar = { fromCurrency: "USD", toCurrency: "EUR", rate: "0.9217" };

describe("the file", () => {
  test.each<[string, string, object]>([
    [
      "a day",
      "date,from,to,rate\n2026-03-05,USD,EUR,0.9217",
      { validFrom: "2026-03-05", validUntil: "2026-04-04" },
    ],
    [
      "a month",
      "month,from,to,rate\n2026-02,USD,EUR,0.9217",
      { validFrom: "2026-02-01", validUntil: "2026-02-28" },
    ],
    ["a leap year", "month,from,to,rate\n2028-02,USD,EUR,0.9217\n", { validUntil: "2028-02-29" }],
    ["December", "month,from,to,rate\n2026-12,USD,EUR,0.9217", { validUntil: "2026-12-31" }],
    [
      "Windows, spaces, another order of columns",
      "\uFEFFRate, To, From, Date\r\n0.9217, EUR, USD, 2026-03-05\r\n\r\n",
      { validFrom: "2026-03-05" },
    ],
  ])("is read: %s", (_name, text, expected) => {
    expect(parseRates(text, "rates.csv")).toEqual([expect.objectContaining({ ...dollar, ...expected })]);
  });

  const line = (cells: string) => `date,from,to,rate\n2026-03-04,USD,EUR,0.9\n${cells}`;
  test.each<[string, string, string]>([
    ["nothing", "", 'line 1 is ""'],
    ["no header", "2026-03-05,USD,EUR,0.92", "the columns are date (or month), from, to and rate"],
    ["semicolons", "date;from;to;rate\n2026-03-05;USD;EUR;0,92", "with commas between them"],
    ["a column twice", "date,from,to,rate,rate\n", "the columns are"],
    ["both times", "date,month,from,to,rate\n", "the columns are"],
    ["a header alone", "date,from,to,rate\n", "rates.csv has no rates below its header"],
    [
      "a decimal comma",
      line("2026-03-05,USD,EUR,0,92"),
      "there are 5 values for 4 columns, and decimals have a point",
    ],
    [
      "no such day",
      line("2026-02-30,USD,EUR,0.92"),
      'line 3 is "2026-02-30,USD,EUR,0.92": "2026-02-30" is no day',
    ],
    [
      "a day of another country",
      line("05.03.2026,USD,EUR,0.92"),
      '"05.03.2026" is no day, such as 2026-03-31',
    ],
    ["a month for a day", line("2026-03,USD,EUR,0.92"), '"2026-03" is no day'],
    [
      "a day for a month",
      "month,from,to,rate\n2026-03-05,USD,EUR,1",
      '"2026-03-05" is no month, such as 2026-03',
    ],
    ["no currency", line("2026-03-05,$,EUR,0.92"), '"$" is no currency, such as USD'],
    ["a currency in small letters", line("2026-03-05,USD,eur,0.92"), '"eur" is no currency'],
    ["a currency to itself", line("2026-03-05,EUR,EUR,1"), "a currency has no rate to itself"],
    ["a rate of nothing", line("2026-03-05,USD,EUR,0.000"), '"0.000" is no rate'],
    ["a rate below zero", line("2026-03-05,USD,EUR,-0.9"), '"-0.9" is no rate'],
    ["a rate in powers of ten", line("2026-03-05,USD,EUR,9e-1"), '"9e-1" is no rate'],
    ["too many decimals", line("2026-03-05,USD,EUR,0.12345678901"), "ten after it at most"],
    ["the same twice", line("2026-03-04,USD,EUR,0.9"), "there is a rate of this pair and time already"],
  ])("is refused with what is wrong: %s", (_name, text, message) => {
    expect(() => parseRates(text, "rates.csv")).toThrow(message);
  });

  test("without a rate to the reporting currency is refused", () => {
    expect(() => makeRates("date,from,to,rate\n2026-03-05,USD,EUR,0.92", "rates.csv", "GBP")).toThrow(
      "rates.csv has no rate to GBP",
    );
  });
});

describe("the settings", () => {
  const csv = "date,from,to,rate\n2026-03-05,USD,EUR,0.92\n";
  test("none give no rates; a file in the home, or one that is named, gives them", async () => {
    const home = await temporaryFolder();
    expect(await statedRates({}, home)).toBeUndefined();
    await writeFile(join(home, "rates.csv"), csv);
    const stated = await statedRates({ KEYHOUSE_REPORTING_CURRENCY: "EUR" }, home);
    expect(stated?.rates).toHaveLength(1);
    await writeFile(join(home, "others.csv"), csv.replace("0.92", "0.93"));
    const env = { KEYHOUSE_REPORTING_CURRENCY: "EUR", KEYHOUSE_RATES: join(home, "others.csv") };
    const others = await statedRates(env, home);
    expect(others?.rates[0]?.rate).toBe("0.93");
    expect(others?.digest).not.toBe(stated?.digest);
  });

  test.each<[string, Record<string, string>, boolean, string]>([
    [
      "a currency without rates",
      { KEYHOUSE_REPORTING_CURRENCY: "EUR" },
      false,
      "there are no rates: name a file by KEYHOUSE_RATES",
    ],
    ["rates without a currency", {}, true, "set KEYHOUSE_REPORTING_CURRENCY to the currency"],
    [
      "a currency that is none",
      { KEYHOUSE_REPORTING_CURRENCY: "Euro" },
      true,
      "set KEYHOUSE_REPORTING_CURRENCY",
    ],
    ["a file that is not there", { KEYHOUSE_RATES: "nowhere.csv" }, true, "The rates cannot be read: ENOENT"],
  ])("are refused: %s", async (_name, env, hasFile, message) => {
    const home = await temporaryFolder();
    if (hasFile) await writeFile(join(home, "rates.csv"), csv);
    await expect(statedRates(env, home)).rejects.toThrow(message);
  });
});

test("an amount is converted exactly, and rounded once, half away from zero: 2,000 random ones", async () => {
  const random = createRandom("rates");
  const digits = { EUR: 2, JPY: 0, BHD: 3, CLF: 4 } as const;
  const codes = Object.keys(digits) as (keyof typeof digits)[];
  const cases = Array.from({ length: 2_000 }, () => {
    const amount = Math.floor(10 ** (random.uniform() * 12)) * (random.chance(0.3) ? -1 : 1);
    const units = random.pick([random.integer(1, 10 ** 11), 5 * 10 ** 9, 10 ** 10, 25 * 10 ** 8]);
    return { amount, units, from: random.pick(codes), to: random.pick(codes) };
  });
  const rates = cases.map(
    ({ units }) => `${Math.floor(units / 1e10)}.${String(units % 1e10).padStart(10, "0")}`,
  );
  const database = await openDatabase(":memory:");
  await database.run((await readModels()).macros);
  const values = cases.map(
    ({ amount, from, to }, index) =>
      `(${index}, ${amount}::bigint, '${from}', ${rates[index]}::decimal(17, 10), '${to}')`,
  );
  const rows = await database.rows<{ amount: number }>(
    `select converted(amount, currency, rate, to_currency) as amount
     from (values ${values.join(", ")}) as cases(position, amount, currency, rate, to_currency) order by position`,
  );
  database.close();
  const expected = cases.map(({ amount, units, from, to }) => {
    const whole = BigInt(Math.abs(amount)) * BigInt(units) * 10n ** BigInt(digits[to]);
    const part = 10n ** BigInt(10 + digits[from]);
    const rounded = whole / part + (2n * (whole % part) >= part ? 1n : 0n);
    return amount < 0 ? -rounded : rounded;
  });
  expect(rows.map(({ amount }) => BigInt(amount))).toEqual(expected);
});

test("a load tells revenue in the reporting currency, keeps the rates it did so by, and does so anew when they change", async () => {
  const home = await temporaryFolder();
  const asOf = "2026-06-30T23:59:59.999999Z";
  await writeSegments(
    home,
    sale({ orderId: "A", orderedAt: "2026-03-05T00:00:00.000000Z", price: 10_000, currency: "USD" }),
  );
  const plain = await loadHome(home, asOf);
  expect(plain.manifest).not.toHaveProperty("rates");
  expect(plain.manifest.tables["fct_revenue_month_reporting"]?.rows).toBe(0);
  const told = async (rate: string) => {
    const rates = makeRates(`month,from,to,rate\n2026-03,USD,EUR,${rate}`, "rates.csv", "EUR");
    const { isNew, manifest } = await loadHome(home, asOf, { rates });
    const lake = await openHome(home);
    const [row] = await lake.query(
      "select sum(booked)::bigint as booked, sum(reporting_booked)::bigint as reporting, any_value(rate) as rate from fct_revenue_month_reporting",
    );
    expect((await lake.query("from dim_rate")).length).toBe(1);
    expect(manifest.rates).toBe(rates.digest);
    return { isNew, ...row };
  };
  expect(await told("0.9")).toEqual({ isNew: true, booked: 10_000, reporting: 9_000, rate: 0.9 });
  expect(await told("0.9")).toMatchObject({ isNew: false });
  expect(await told("0.8")).toEqual({ isNew: true, booked: 10_000, reporting: 8_000, rate: 0.8 });
  expect((await loadHome(home, asOf)).isNew).toBe(true);
  const revenue = (manifest: { tables: Record<string, { files: { path: string }[] }> }) =>
    readFile(join(home, "lake", manifest.tables["fct_revenue_month"]?.files[0]?.path ?? ""));
  const after = (await loadHome(home, asOf)).manifest;
  expect((await revenue(after)).equals(await revenue(plain.manifest))).toBe(true);
});
