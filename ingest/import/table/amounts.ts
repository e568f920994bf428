// Pure. Numbers and amounts as people write them → decimals, and minor units. Nothing is rounded.

import { minorUnits } from "../../money.ts";
import { type Cell, isFormula, textOf } from "./cell.ts";

/** What was read, or in plain words why it was not. */
export type Read<T> = { ok: true; value: T } | { ok: false; why: string };

/** What marks money before or after a number, and which currencies it stands for. */
const MARKS: Record<string, RegExp> = {
  "€": /^EUR$/,
  "£": /^(GBP|EGP|FKP|GIP|LBP|SHP|SSP|SYP)$/,
  $: /^(USD|AUD|CAD|NZD|HKD|SGD|TWD|MXN|ARS|BRL|CLP|COP|UYU|BBD|BMD|BND|BSD|BZD|FJD|GYD|JMD|KYD|LRD|NAD|SBD|SRD|TTD|XCD)$/,
  "¥": /^(JPY|CNY)$/,
};

// Groups are of three digits, and one sign divides them all: `1,234,567`, `1'234'567`, `1 234 567`. Longer than this is no amount.
const MAX_LENGTH = 40;
const GROUP = "[,.'’ ]";
const POINT = new RegExp(`^(\\d{1,3}(?:(?!\\.)(${GROUP})\\d{3}(?:\\2\\d{3})*)|\\d{1,16})(?:\\.(\\d{1,9}))?$`);
const COMMA = new RegExp(`^(\\d{1,3}(?:(?!,)(${GROUP})\\d{3}(?:\\2\\d{3})*)|\\d{1,16})(?:,(\\d{1,9}))?$`);
const AROUND =
  /^(?:(?<before>[A-Za-z]{3}|[€$£¥]) ?)?(?<sign>[-−+(]?) ?(?<digits>\d[^A-Za-z€$£¥()]*?)\)?(?: ?(?<after>[A-Za-z]{3}|[€$£¥]))?$/;

/** Spaces at which no line breaks. */
const NARROW = /[\u00a0\u202f]/g;

interface Decimal {
  isNegative: boolean;
  /** Digits, and a point before decimals where there are some. */
  digits: string;
  /** A currency or its sign, where one stands beside it. */
  mark: string | undefined;
}

/** @param sign what stands before decimals, as the mapping says */
function decimalOf(text: string, sign: "." | ","): Read<Decimal> {
  if (isFormula(text))
    return { ok: false, why: "is a formula: formulas are not computed, so export the values" };
  const match = text.length <= MAX_LENGTH ? AROUND.exec(text.replaceAll(NARROW, " "))?.groups : undefined;
  const parts = match && (sign === "." ? POINT : COMMA).exec(match.digits ?? "");
  if (!match || !parts) {
    const other = sign === "." ? "," : ".";
    const isOther = match && (sign === "." ? COMMA : POINT).test(match.digits ?? "");
    const advice = isOther ? `: if \`${other}\` stands before decimals, say decimal: "${other}"` : "";
    return { ok: false, why: `is no number${advice}` };
  }
  const whole = (parts[1] ?? "").replaceAll(/\D/g, "");
  const fraction = parts[3] === undefined ? "" : `.${parts[3]}`;
  return {
    ok: true,
    value: {
      isNegative: match.sign === "-" || match.sign === "−" || match.sign === "(",
      digits: whole + fraction,
      mark: match.before ?? match.after,
    },
  };
}

/** The largest number of seats that a line may have. */
const MAX_QUANTITY = 1_000_000;

/** Reads how many seats: a whole number from 0 on, for what 0 means is the caller's to say. */
export function quantityOf(cell: Cell, sign: "." | ","): Read<number> {
  const text = textOf(cell);
  // What most cells have.
  if (/^\d{1,6}$/.test(text)) return { ok: true, value: Number(text) };
  const read = decimalOf(text, typeof cell === "number" ? "." : sign);
  if (!read.ok) return read;
  const { isNegative, digits, mark } = read.value;
  if (mark !== undefined) return { ok: false, why: "is an amount of money, not a number of seats" };
  const value = Number(digits);
  if (isNegative && value > 0)
    return { ok: false, why: "is negative: a return or a credit takes away, and grants nothing" };
  if (!Number.isInteger(value)) return { ok: false, why: "is no whole number of seats" };
  if (value > MAX_QUANTITY) return { ok: false, why: `is more than ${MAX_QUANTITY} seats` };
  return { ok: true, value };
}

/** Reads an amount in minor units of its currency. */
export function amountOf(cell: Cell, currency: string, sign: "." | ","): Read<number> {
  const text = textOf(cell);
  const actual = typeof cell === "number" ? "." : sign;
  const quick = actual === "." ? minorUnits(text, currency) : undefined;
  if (quick !== undefined) return { ok: true, value: quick };
  const read = decimalOf(text, actual);
  if (!read.ok) return read;
  const { isNegative, digits, mark } = read.value;
  if (mark !== undefined && mark.toUpperCase() !== currency && MARKS[mark]?.test(currency) !== true)
    return { ok: false, why: `is in ${mark}, and the row's currency is ${currency}` };
  if (isNegative && Number(digits) !== 0)
    return { ok: false, why: "is negative: what was paid back belongs to a refund" };
  const value = minorUnits(digits, currency);
  if (value !== undefined) return { ok: true, value };
  const other = sign === "." ? "," : ".";
  return {
    ok: false,
    why: `has more decimals than ${currency} has, and nothing is rounded; if \`${other}\` stands before decimals, say decimal: "${other}"`,
  };
}

/** Signs that are one currency's alone, or nearly: the others do not say which. */
const CURRENCY_OF_SIGN: Record<string, string> = { "€": "EUR", "£": "GBP" };

/** Reads a currency: its code, or a sign that is of one only. */
export function currencyOf(text: string): Read<string> {
  const code = CURRENCY_OF_SIGN[text] ?? text.toUpperCase();
  return /^[A-Z]{3}$/.test(code)
    ? { ok: true, value: code }
    : { ok: false, why: "is no currency: say it by its ISO 4217 code, such as EUR" };
}
