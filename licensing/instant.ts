// Pure. Points in time and lengths of time, without a clock.

/** A point in time: whole microseconds since 1970-01-01T00:00:00Z, UTC, without leap seconds. Exact to the year 2255. */
export type Instant = number;

/** An ISO 8601 duration such as `P1Y`, `P30D` or `PT8H`, checked by {@link isDuration}. */
export type Duration = string;

const MICROSECONDS_PER_MILLISECOND = 1000;

// RFC 3339 section 5.6, narrowed: four-digit year, seconds required, at most nanoseconds.
const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

// What lies outside is a mistake of the sender's: no order of ours is older, and 2200 is within the exact range.
export const EARLIEST_INSTANT: Instant = 0;
export const LATEST_INSTANT: Instant = Date.UTC(2200, 0) * MICROSECONDS_PER_MILLISECOND - 1;

/**
 * Reads an RFC 3339 timestamp that someone sent.
 * @returns the instant, cut (not rounded) to the microsecond, or `undefined` where the text is not a timestamp, names
 *   a day that does not exist, or lies outside the years 1970 to 2199
 */
export function parseInstant(text: string): Instant | undefined {
  const instant = readInstant(text);
  if (instant === undefined) return undefined;
  return instant < EARLIEST_INSTANT || instant > LATEST_INSTANT ? undefined : instant;
}

const read = remembering(readText);

/** Reads what {@link formatInstant} wrote, also where a term that began in the last of a sender's years ends after it. */
export const readInstant = read.of;

function readText(text: string): Instant | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", offset = "Z"] = match;
  const base = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const local = Date.parse(`${base}Z`);
  // Date.parse takes 30 February for 1 March; a sender who writes it meant something else.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(base)) return undefined;
  const milliseconds = local - offsetMilliseconds(offset);
  return milliseconds * MICROSECONDS_PER_MILLISECOND + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

function offsetMilliseconds(offset: string): number {
  if (offset === "Z" || offset === "z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** Writes an instant as RFC 3339 in UTC with six decimals, so that texts sort as the instants do. */
export const formatInstant = remembering(formatText, (instant, text) => read.note(text, instant)).of;

function formatText(instant: Instant): string {
  const milliseconds = Math.floor(instant / MICROSECONDS_PER_MILLISECOND);
  const rest = instant - milliseconds * MICROSECONDS_PER_MILLISECOND;
  const text = new Date(milliseconds).toISOString().slice(0, -1);
  return rest === 0 ? `${text}000Z` : `${text}${String(rest).padStart(3, "0")}Z`;
}

// The facts of one transaction have one record time, and those of one decision one or two more.
const REMEMBERED = 8;

/**
 * A function of nothing but its argument, with its last few answers at hand: to read and write the same few instants over
 * and over took a fifth of what a decision and its record take.
 * @param onComputed told of each answer that is new, for a function that knows the way back
 */
function remembering<Argument, Result>(
  compute: (argument: Argument) => Result,
  onComputed: (argument: Argument, result: Result) => void = () => undefined,
): { of: (argument: Argument) => Result; note: (argument: Argument, result: Result) => void } {
  const known: Argument[] = [];
  const answers: Result[] = [];
  let next = 0;
  const note = (argument: Argument, result: Result): void => {
    known[next] = argument;
    answers[next] = result;
    next = (next + 1) % REMEMBERED;
  };
  return {
    of: (argument) => {
      const place = known.indexOf(argument);
      if (place !== -1) return answers[place] as Result;
      const result = compute(argument);
      note(argument, result);
      onComputed(argument, result);
      return result;
    },
    note,
  };
}

/** An instant as whole seconds since 1970, rounded down: the NumericDate of RFC 7519 section 2. */
export function toNumericDate(instant: Instant): number {
  return Math.floor(instant / 1_000_000);
}

// ISO 8601-1 section 5.5.2, without fractions: a term is counted, not measured.
const ISO_DURATION =
  /^P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

// Fifty years from the latest instant is still exact, and no license runs longer that has an end at all.
const LONGEST_DURATION = 50 * 366 * 86_400_000_000;

/**
 * Whether the text is an ISO 8601 duration of whole years, months, weeks, days, hours, minutes and seconds, longer than
 * nothing and no longer than fifty years.
 */
export function isDuration(text: string): text is Duration {
  if (!ISO_DURATION.test(text)) return false;
  const length = addDuration(0, text);
  return length > 0 && length <= LONGEST_DURATION;
}

/**
 * Adds a duration in the UTC calendar: years and months first, a day that the month lacks becoming its last (31 January
 * + P1M = 28 or 29 February), then the rest as elapsed time.
 * @throws RangeError where the duration is not one ({@link isDuration})
 */
export function addDuration(instant: Instant, duration: Duration): Instant {
  const match = ISO_DURATION.exec(duration);
  if (!match) throw new RangeError(`not an ISO 8601 duration: ${duration}`);
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((count) => Number(count ?? 0)) as [number, number, number, number, number, number, number];
  const rest = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000;
  return addMonths(instant, years * 12 + months) + rest;
}

function addMonths(instant: Instant, months: number): Instant {
  if (months === 0) return instant;
  const milliseconds = Math.floor(instant / MICROSECONDS_PER_MILLISECOND);
  const date = new Date(milliseconds);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return instant + (date.getTime() - milliseconds) * MICROSECONDS_PER_MILLISECOND;
}
