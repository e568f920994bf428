// Pure. A table of exchange rates, as somebody in finance keeps it → rates, or what is wrong with it.

import { LoadError } from "./error.ts";

/** One rate: so many of `toCurrency` for one of `fromCurrency`. */
export interface Rate {
  fromCurrency: string;
  toCurrency: string;
  /** The first and the last day for which it may be used, `2026-03-01`. A later rate of the same pair comes before it. */
  validFrom: string;
  validUntil: string;
  /** Decimal, as it was written. */
  rate: string;
}

/** Rates, and the currency that amounts are told in beside their own. */
export interface Rates {
  reportingCurrency: string;
  rates: Rate[];
  /** Over both: another digest, other amounts. */
  digest: string;
}

/** Thirty years of daily rates of nine pairs. */
const MAX_RATES = 100_000;

/** Days that a rate of a day is good for where no later one is given: whoever has rates of months has one for each. */
const DAYS_VALID = 31;

/** So that amount times rate stays within 128 bits, whatever both are. */
const RATE = /^\d{1,7}(\.\d{1,10})?$/;
const COLUMNS = ["from", "to", "rate"];

/**
 * Reads CSV with a header: `date` or `month`, `from`, `to` and `rate`, in any order.
 * @param name what the file is called, for whoever has to mend it
 * @throws LoadError naming the line and what is expected there
 */
export function parseRates(text: string, name: string): Rate[] {
  const [heading = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const columns = heading.split(",").map((column) => column.trim().toLowerCase());
  const times = columns.filter((column) => column === "date" || column === "month");
  const isWhole = [...COLUMNS, ...times].toSorted().join() === columns.toSorted().join();
  if (times.length !== 1 || !isWhole)
    throw new LoadError(
      `${name}: line 1 is "${heading}"; the columns are date (or month), from, to and rate, with commas between them.`,
    );
  const isMonthly = times[0] === "month";
  const rates: Rate[] = [];
  const known = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const fault = (what: string) => new LoadError(`${name}: line ${index + 2} is "${line}": ${what}.`);
    const cells = line.split(",").map((cell) => cell.trim());
    if (cells.length !== columns.length)
      throw fault(
        `there are ${cells.length} values for ${columns.length} columns, and decimals have a point`,
      );
    const value = (column: string) => cells[columns.indexOf(column)] ?? "";
    const rate = rateOf(value, isMonthly);
    if (typeof rate === "string") throw fault(rate);
    const key = [rate.fromCurrency, rate.toCurrency, rate.validFrom].join();
    if (known.has(key)) throw fault("there is a rate of this pair and time already");
    known.add(key);
    rates.push(rate);
    if (rates.length > MAX_RATES) throw fault(`there are more than ${MAX_RATES} rates`);
  }
  if (rates.length === 0) throw new LoadError(`${name} has no rates below its header.`);
  return rates;
}

/** A rate, or why it is none. */
function rateOf(value: (column: string) => string, isMonthly: boolean): Rate | string {
  const [fromCurrency, toCurrency, rate] = [value("from"), value("to"), value("rate")];
  const time = value(isMonthly ? "month" : "date");
  const validFrom = dayOf(isMonthly ? `${time}-01` : time);
  if (validFrom === undefined)
    return isMonthly ? `"${time}" is no month, such as 2026-03` : `"${time}" is no day, such as 2026-03-31`;
  if (!isCurrency(fromCurrency)) return `"${fromCurrency}" is no currency, such as USD`;
  if (!isCurrency(toCurrency)) return `"${toCurrency}" is no currency, such as EUR`;
  if (fromCurrency === toCurrency) return "a currency has no rate to itself";
  if (!RATE.test(rate) || Number(rate) === 0)
    return `"${rate}" is no rate: a decimal above zero, such as 0.9217, seven digits before the point and ten after it at most`;
  return { fromCurrency, toCurrency, rate, validFrom, validUntil: lastDay(validFrom, isMonthly) };
}

/** ISO 4217's codes are three letters. */
export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);

/** A day that there is, as it was written. */
function dayOf(text: string): string | undefined {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(time) || written(new Date(time)) !== text ? undefined : text;
}

function lastDay(validFrom: string, isMonthly: boolean): string {
  const date = new Date(`${validFrom}T00:00:00Z`);
  if (isMonthly) date.setUTCMonth(date.getUTCMonth() + 1, 0);
  else date.setUTCDate(date.getUTCDate() + DAYS_VALID - 1);
  return written(date);
}

const written = (date: Date) => date.toISOString().slice(0, 10);
