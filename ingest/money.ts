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

/** ISO 4217's minor unit, as the engine's CLDR data has it. */
function fractionDigits(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
