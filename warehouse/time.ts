// Pure. The as-of time as people write it.

// RFC 3339 section 5.6 with at most microseconds, or a day alone.
const TIME = /^(\d{4}-\d\d-\d\d)(?:[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([Zz]|[+-]\d\d:\d\d))?$/;

/**
 * Reads an as-of time.
 * @param text RFC 3339, or a day, which means its end in UTC
 * @returns RFC 3339 in UTC with microseconds, or undefined where the text is not a time
 */
export function parseAsOf(text: string): string | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, day = "", time, fraction = "", offset = "Z"] = match;
  // Date.parse takes 30 February for 1 March; who writes it meant something else.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  if (time === undefined) return `${day}T23:59:59.999999Z`;
  const seconds = new Date(`${day}T${time}${offset.toUpperCase()}`);
  if (Number.isNaN(seconds.getTime())) return undefined;
  return `${seconds.toISOString().slice(0, 19)}.${fraction.padEnd(6, "0")}Z`;
}

/** The month that an as-of time is in, and whether it is over: with its last microsecond, all of it is known. */
export function monthTold(asOf: string): string {
  const month = asOf.slice(0, 7);
  const isOver =
    asOf.endsWith("T23:59:59.999999Z") && new Date(Date.parse(asOf) + 1).toISOString().slice(0, 7) !== month;
  return isOver ? `${month}, over` : month;
}
