// Rates on their way into a load: from the file that finance keeps, and into the database that builds the tables.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Database } from "./duckdb.ts";
import { LoadError } from "./error.ts";
import { isCurrency, parseRates, type Rates } from "./rates.ts";
import { quote } from "./sql.ts";

/**
 * Reads the rates that are set: the file `KEYHOUSE_RATES`, or `rates.csv` in the home, and `KEYHOUSE_REPORTING_CURRENCY`.
 * @returns undefined where neither is given
 * @throws LoadError where one is given without the other, or the file is not as it should be
 */
export async function statedRates(env: NodeJS.ProcessEnv, home: string): Promise<Rates | undefined> {
  const { KEYHOUSE_RATES: given = "", KEYHOUSE_REPORTING_CURRENCY: reportingCurrency = "" } = env;
  const path = given === "" ? join(home, "rates.csv") : resolve(given);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && given === "") return undefined;
    throw new LoadError(`The rates cannot be read: ${error.message}`, { cause: error });
  });
  if (text === undefined && reportingCurrency === "") return undefined;
  if (text === undefined)
    throw new LoadError(
      `KEYHOUSE_REPORTING_CURRENCY is ${reportingCurrency}, and there are no rates: name a file by KEYHOUSE_RATES, or put it at ${path}.`,
    );
  if (!isCurrency(reportingCurrency))
    throw new LoadError(
      `There are rates in ${path}: set KEYHOUSE_REPORTING_CURRENCY to the currency that amounts are told in, such as EUR.`,
    );
  return makeRates(text, path, reportingCurrency);
}

/** Rates of a text. @throws LoadError where it is none, or has no rate to the reporting currency */
export function makeRates(text: string, name: string, reportingCurrency: string): Rates {
  const rates = parseRates(text, name);
  if (!rates.some(({ toCurrency }) => toCurrency === reportingCurrency))
    throw new LoadError(`${name} has no rate to ${reportingCurrency}, which amounts are to be told in.`);
  const digest = createHash("sha256")
    .update(JSON.stringify([reportingCurrency, rates]))
    .digest("hex");
  return { reportingCurrency, rates, digest };
}

/** Makes the table `stated_rate`, which `dim_rate` is made of, and the variable `reporting_currency`; empty where none are given. */
export async function createStatedRates(database: Database, rates: Rates | undefined): Promise<void> {
  await database.run(`
    set variable reporting_currency = ${rates ? quote(rates.reportingCurrency) : "cast(null as varchar)"};
    create table stated_rate(
      from_currency varchar, to_currency varchar, valid_from date, valid_until date, rate decimal(17, 10)
    )`);
  if (!rates) return;
  const rows = rates.rates.map(
    ({ fromCurrency, toCurrency, validFrom, validUntil, rate }) =>
      `(${[fromCurrency, toCurrency, validFrom, validUntil, rate].map(quote).join(", ")})`,
  );
  await database.run(`insert into stated_rate values ${rows.join(", ")}`);
}
