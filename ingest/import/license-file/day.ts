// Pure. Days as license files write them: 09-may-2014.

import { formatInstant, type Instant, parseInstant } from "../../../licensing/index.ts";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const DAY = 86_400_000_000;

// The last year that an instant of ours may lie in. Some vendors write 31-dec-9999 for what has no end.
const LAST_YEAR = 2199;

/**
 * Reads a day.
 * @returns its midnight in UTC; null for one that never comes: `permanent`, a year of zeros, a year after 2199; undefined where
 *   the text is no day, or one before 1970. A year of two digits is none: it may be of either century.
 */
export function readDay(text: string): Instant | null | undefined {
  if (/^(?:permanent|0{1,4})$/i.test(text)) return null;
  const [, day = "", name = "", year = ""] = /^(\d{1,2})-([a-z]{3})-(\d{1,4})$/i.exec(text) ?? [];
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  if (month === 0) return undefined;
  if (Number(year) === 0 || Number(year) > LAST_YEAR) return null;
  return parseInstant(`${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}T00:00:00Z`);
}

/** The first instant after a day. */
export const dayAfter = (day: Instant): Instant => day + DAY;

/** The day that an instant is in, for people. */
export const dayOf = (instant: Instant): string => formatInstant(instant).slice(0, 10);
