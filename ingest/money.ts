// Pure. Amounts as people write them → whole minor units.

/**
 * Reads a decimal amount such as "199.00" as minor units of its currency: cents, yen, or thousandths of a dinar.
 * @returns undefined where the text is no amount, or has more decimals than the currency has: nothing is rounded
 */
export function minorUnits(amount: string, currency: string): number | undefined {
  const match = /^(\d{1,13})(?:\.(\d{1,6}))?$/.exec(amount);
  if (!match || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const [, whole = "", fraction = ""] = match;
  const digits = fractionDigits(currency);
  const significant = fraction.replace(/0+$/, "");
  if (significant.length > digits) return undefined;
  return Number(`${whole}${significant.padEnd(digits, "0")}`);
}

const NO_DECIMALS = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const THREE_DECIMALS = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));
const FOUR_DECIMALS = new Set(["CLF", "UYW"]);

/** Decimals by ISO 4217, as the lake counts them. Not by `Intl`, whose data have what people write: none for HUF, IDR or COP. */
export function fractionDigits(currency: string): number {
  if (NO_DECIMALS.has(currency)) return 0;
  if (THREE_DECIMALS.has(currency)) return 3;
  return FOUR_DECIMALS.has(currency) ? 4 : 2;
}
