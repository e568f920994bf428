// Pure. How a number, a date or an amount of money is written: said here, once, so that no two pages disagree.

const locale = "en-US";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat(locale, {
  maximumSignificantDigits: 2,
  maximumFractionDigits: 2,
  roundingPriority: "lessPrecision",
});
const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const dayFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
const shortMonthFormat = new Intl.DateTimeFormat(locale, {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const monthFormat = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
const minuteFormat = new Intl.DateTimeFormat(locale, {
  dateStyle: "medium",
  timeStyle: "short",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** What is written where the data has not come far enough to say, as a median when fewer than half have activated. */
export const NOT_YET = "not yet reached";

/** What is written where a source did not say. */
const NOT_STATED = "not stated";

/** A count: `12,345`. */
export const count = (value: number): string => whole.format(value);

/** A count where space is short: `12.3K`. */
export const shortCount = (value: number): string => compact.format(value);

/** A count with its noun: `1 host`, `2 hosts`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/**
 * A share as a percentage; above 1 where more was used than bought. A whole percent is enough to compare by, except close to 0 and 1,
 * where "0%" or "100%" would claim that there was none, or no exception.
 */
export function share(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "–";
  if (value === 0 || value === 1) return `${whole.format(value * 100)}%`;
  if (value < 0.001) return "<0.1%";
  if (value > 0.999 && value < 1) return ">99.9%";
  return value < 0.01 || (value > 0.99 && value < 1.01)
    ? `${oneDecimal.format(value * 100)}%`
    : `${whole.format(value * 100)}%`;
}

/** A rate: two digits, since more would claim more than its interval allows; all before the point: `0.72`, `4.2`, `137`. */
export function rate(value: number): string {
  // "0" would claim that there was none.
  if (value > 0 && value < 0.01) return "<0.01";
  return (value < 9.95 ? twoDigits : whole).format(value);
}

/** An interval of rates: `0.5 to 1.1`. */
export const rateInterval = (low: number, high: number): string => `${rate(low)} to ${rate(high)}`;

/** Whole days: `1 day`, `30 days`; a quantile that has not been reached says so. */
export const days = (value: number | null): string => (value === null ? NOT_YET : counted(value, "day"));

/** Days with a decimal, for averages: `9.1 days`. */
export function averageDays(value: number | null): string {
  return value === null ? "–" : `${oneDecimal.format(value)} ${value === 1 ? "day" : "days"}`;
}

/** An interval of days: `2 to 4 days`, or open at its end where it has not been reached. */
export function daysInterval(low: number | null, high: number | null): string {
  if (low === null) return NOT_YET;
  if (high === null) return `${count(low)} days or more`;
  return low === high ? days(low) : `${count(low)} to ${days(high)}`;
}

/** An interval of shares: `59% to 63%`. */
export const shareInterval = (low: number, high: number): string => `${share(low)} to ${share(high)}`;

/** Money in minor units with its ISO 4217 currency, without cents: a report compares, it does not invoice. */
export function money(amountMinor: number, currency: string): string {
  return moneyFormat(currency, "standard").format(amountMinor / 10 ** minorDigits(currency));
}

/** Money where space is short: `€1.2M`. */
export function shortMoney(amountMinor: number, currency: string): string {
  if (Math.abs(amountMinor) < 1000 * 10 ** minorDigits(currency)) return money(amountMinor, currency);
  return moneyFormat(currency, "compact").format(amountMinor / 10 ** minorDigits(currency));
}

/** A day, in UTC: `Mar 5, 2026`. */
export const date = (value: Date | number | null): string =>
  value === null ? NOT_STATED : dayFormat.format(value);

/** A minute, in UTC: `Mar 5, 2026, 14:30`. */
export const minute = (value: Date | number | null): string =>
  value === null ? NOT_STATED : minuteFormat.format(value);

/** A month, in UTC: `March 2026`. */
export const month = (value: Date | number): string => monthFormat.format(value);

/** A month where space is short: `Mar 2026`. */
export const shortMonth = (value: Date | number): string => shortMonthFormat.format(value);

/** The day as a machine reads it, for the `datetime` of a `<time>`. */
export const isoDay = (value: Date | number): string => new Date(value).toISOString().slice(0, 10);

/** A time that something took, in its largest unit: `40 s`, `12 min`, `3 hours`, `5 days`. */
export function elapsed(seconds: number): string {
  if (seconds < 10) return `${oneDecimal.format(seconds)} s`;
  if (seconds < 120) return `${whole.format(seconds)} s`;
  if (seconds < 7_200) return `${whole.format(seconds / 60)} min`;
  if (seconds < 172_800) return `${whole.format(seconds / 3_600)} hours`;
  return `${whole.format(seconds / 86_400)} days`;
}

/** A list in a sentence: `a, b and c`. */
export const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** An identifier's word as people write it: `high_volume`, `high-volume` → `High volume`. */
export function label(identifier: string | null): string {
  if (identifier === null || identifier === "") return NOT_STATED;
  const words = identifier.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const osNames: Record<string, string> = {
  windows: "Windows",
  linux: "Linux",
  darwin: "macOS",
  ios: "iOS",
  android: "Android",
  freebsd: "FreeBSD",
  aix: "AIX",
  solaris: "Solaris",
  hpux: "HP-UX",
  z_os: "z/OS",
  zos: "z/OS",
  other: "Other",
};

/** OpenTelemetry's `os.type` as people call the system. */
export const osName = (osType: string | null): string =>
  osType === null ? label(null) : (osNames[osType] ?? label(osType));

const archNames: Record<string, string> = {
  amd64: "x86-64",
  x86: "x86, 32 bit",
  arm64: "ARM, 64 bit",
  arm32: "ARM, 32 bit",
  other: "Other",
};

/** OpenTelemetry's `host.arch` as people call the processor. */
export const archName = (arch: string | null): string =>
  arch === null ? label(null) : (archNames[arch] ?? arch);

function moneyFormat(currency: string, notation: "standard" | "compact"): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    notation,
    maximumFractionDigits: notation === "compact" ? 1 : 0,
    minimumFractionDigits: 0,
  });
}

/** How many minor units make one by ISO 4217: 2 for the euro and the forint, 0 for the yen, 3 for the Kuwaiti dinar. */
function minorDigits(currency: string): number {
  if (/^(BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF)$/.test(currency)) return 0;
  if (/^(BHD|IQD|JOD|KWD|LYD|OMR|TND)$/.test(currency)) return 3;
  return /^(CLF|UYW)$/.test(currency) ? 4 : 2;
}

/** What a site is built from, and for whom. */
export interface Site {
  snapshot: number;
  as_of: number;
  audience: "internal" | "product";
}

/** The last line of a figure: which snapshot it is of, and what is left out. */
export const footLine = ({ snapshot, as_of: asOf }: Site, leftOut = "Test orders are left out."): string =>
  `Snapshot ${count(snapshot)}, as of ${minute(asOf)} UTC. ${leftOut}`;
