// Pure. What the values of a table's first rows say of how days and decimals are written.

import { dateReader } from "./dates.ts";
import { type Cell, textOf } from "./cell.ts";

/** What was told, and why it is unsure where it is. */
export interface Told<T> {
  value: T;
  doubt: string | undefined;
}

/** Ways to write days, the usual ones first. */
const PATTERNS = [
  "YYYY-MM-DD",
  "DD.MM.YYYY",
  "MM/DD/YYYY",
  "DD/MM/YYYY",
  "YYYY/MM/DD",
  "DD-MM-YYYY",
  "MM-DD-YYYY",
  "YYYY.MM.DD",
  "YYYYMMDD",
  "DD-MMM-YYYY",
  "DD MMM YYYY",
  "DD. MMM YYYY",
  "MMM DD, YYYY",
  "MMM DD YYYY",
  "DD.MM.YY",
  "MM/DD/YY",
  "DD/MM/YY",
  "DD-MMM-YY",
];

/** How many of the days each way of writing reads. */
function readable(days: readonly Cell[]): { pattern: string; count: number }[] {
  return PATTERNS.map((pattern) => {
    const read = dateReader(pattern, "UTC");
    return { pattern, count: read.ok ? days.filter((day) => read.value.endOf(day).ok).length : 0 };
  });
}

/** Whether nearly all of these are days, written in one way or other. */
export function areDays(values: readonly Cell[]): boolean {
  if (values.length === 0) return true;
  const best = Math.max(...readable(values).map(({ count }) => count));
  return best * 10 >= values.length * 8;
}

/** @param days what stands in columns of days, without empty cells */
export function patternOf(days: readonly Cell[]): Told<string> {
  const written = days.filter((day) => !(day instanceof Date));
  const usual = PATTERNS[0] ?? "";
  if (written.length === 0)
    return { value: usual, doubt: days.length === 0 ? "there is no day in the first rows" : undefined };
  const counts = readable(written);
  const best = Math.max(...counts.map(({ count }) => count));
  const [first, second] = counts.filter(({ count }) => count === best);
  if (best === 0 || first === undefined)
    return {
      value: usual,
      doubt: `${JSON.stringify(textOf(written[0]))} is written in no way that is known`,
    };
  if (second !== undefined)
    return {
      value: first.pattern,
      doubt: `it could be ${second.pattern} as well: no day in the first rows tells`,
    };
  const doubt =
    best < written.length ? `${written.length - best} of ${written.length} are written otherwise` : undefined;
  return { value: first.pattern, doubt };
}

const COMMA = /\d,\d{1,2}$|\d\.\d{3},\d+$/;
const POINT = /\d\.\d{1,2}$|\d,\d{3}\.\d+$/;

/** @param amounts what stands in columns of money, without empty cells */
export function decimalOf(amounts: readonly Cell[], delimiter: string | undefined): Told<"." | ","> {
  const texts = amounts.flatMap((amount) => (typeof amount === "string" ? [bare(amount)] : []));
  const commas = texts.filter((text) => COMMA.test(text)).length;
  const points = texts.filter((text) => POINT.test(text)).length;
  if (commas > 0 && points > 0)
    return { value: commas > points ? "," : ".", doubt: "amounts are written in both ways" };
  if (commas + points > 0) return { value: commas > 0 ? "," : ".", doubt: undefined };
  // Where a comma stands before decimals, it does not divide cells.
  const value = delimiter === ";" ? "," : ".";
  return { value, doubt: texts.length > 0 ? "no amount in the first rows has decimals" : undefined };
}

const bare = (amount: string): string => amount.replaceAll(/[^\d.,]/g, "");

/** Whether nearly all of these are numbers. */
export function areNumbers(values: readonly Cell[]): boolean {
  const numbers = values.filter(
    (value) =>
      typeof value === "number" ||
      /^[^\p{L}]{0,3}(?:[A-Z]{3} ?)?[\d.,'’ ]+(?: ?[A-Z]{3}| ?\p{Sc})?$/u.test(textOf(value)),
  );
  return numbers.length * 10 >= values.length * 8;
}

/** Whether these are IDs rather than names: one word each, and most with a digit. */
export function areIds(values: readonly Cell[]): boolean {
  const texts = values.map((value) => textOf(value));
  if (texts.length === 0 || texts.some((text) => /\s/.test(text))) return false;
  return texts.filter((text) => /\d/.test(text)).length * 10 >= texts.length * 8;
}
