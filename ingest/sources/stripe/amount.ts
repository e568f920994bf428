// Pure. Amounts as Stripe counts them → minor units of ISO 4217.

import { fractionDigits } from "../../money.ts";

// https://docs.stripe.com/currencies#minor-units: Stripe has none of the ariary's fifths, and still counts hundredths of the króna
// and of Uganda's shilling, which ISO 4217 has none of.
const NO_DECIMALS = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
const THREE_DECIMALS = new Set("BHD JOD KWD OMR TND".split(" "));

/** @returns undefined where it is no whole number of minor units, or too large to be exact: nothing is rounded */
export function minorOf(amount: number, currency: string): number | undefined {
  const counted = NO_DECIMALS.has(currency) ? 0 : THREE_DECIMALS.has(currency) ? 3 : 2;
  const shift = fractionDigits(currency) - counted;
  const minor = shift < 0 ? amount / 10 ** -shift : amount * 10 ** shift;
  return Number.isSafeInteger(minor) ? minor : undefined;
}
