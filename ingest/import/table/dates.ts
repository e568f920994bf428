// Pure. Days and times as a table writes them → instants. How they are written is worked out once; most days are seen again.

import type { Instant } from "../../../licensing/index.ts";
import { type Cell, isFormula, textOf } from "./cell.ts";
import type { Read } from "./amounts.ts";
import { monthOf } from "./months.ts";

/** What a clock on the wall shows, as milliseconds since 1970 as if it hung in UTC. */
interface Wall {
  day: number;
  /** Since midnight; undefined where only a day is told. */
  time: number | undefined;
  /** Of its zone, in minutes, where the text says it. */
  offset: number | undefined;
}

export interface DateReader {
  /** When something happened: a day is its midnight. */
  instantOf: (cell: Cell) => Read<Instant>;
  /** When something is over whose last day this is, or the instant itself where a time is told. Null for never. */
  endOf: (cell: Cell) => Read<Instant | null>;
}

const DAY = 86_400_000;
const [EARLIEST, LATEST] = [Date.UTC(1970, 0, 1), Date.UTC(2200, 0, 1)];

/** Longer texts are no times; and the shortest that V8 keeps as part of a larger one would hold that in memory. */
const MAX_LENGTH = 40;
const MAX_REMEMBERED_LENGTH = 12;
const MAX_REMEMBERED = 20_000;

/** Words for a right without end. */
const NEVER = new Set(
  "permanent,perpetual,never,unlimited,none,no expiration,never expires,does not expire,not applicable,indefinite,0,unbefristet,unbegrenzt,dauerhaft,nie,keine".split(
    ",",
  ),
);
/** Years that systems write for it. */
const NEVER_YEARS = new Set([2999, 9999]);

const TIME =
  "(?:(?:T| {1,3}|, ?)(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?(?: ?(?<half>[AaPp])\\.?[Mm]\\.?)?(?: ?(?<zone>Z|UTC|GMT|[+-]\\d{2}:?\\d{2}))?)?";

/**
 * Works out how days are written.
 * @param pattern of `YYYY`, `YY`, `MMM` (a name), `MM`, `M`, `DD`, `D`, and what stands between them
 * @param zone of times that do not say theirs, as IANA names it
 * @param is1904 whether days that a workbook counts are counted from 1904 on
 * @returns the reader, or what is wrong with the pattern or the zone
 */
export function dateReader(pattern: string, zone: string, is1904 = false): Read<DateReader> {
  const source = sourceOf(pattern);
  if (source === undefined)
    return {
      ok: false,
      why: `dates: "${pattern}" has to have a year, a month and a day once, such as YYYY-MM-DD`,
    };
  if (!isZone(zone))
    return { ok: false, why: `zone: "${zone}" is no time zone: say it as IANA does, such as Europe/Berlin` };
  const written = new RegExp(`^${source}${TIME}$`, "u");
  const remembered = new Map<string, Wall | null>();
  const why = `is no day written ${pattern}, between 1970 and 2199`;

  const wallOf = (cell: Cell): Wall | null => {
    if (cell instanceof Date) return wallOfTime(cell.getTime());
    if (typeof cell === "number" && /\W/.test(pattern)) return wallOfTime(timeOfSerial(cell, is1904));
    const text = textOf(cell);
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const match = text.length <= MAX_LENGTH ? written.exec(text)?.groups : undefined;
    const wall = match ? wallOfMatch(match) : null;
    if (text.length <= MAX_REMEMBERED_LENGTH) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(text, wall);
    }
    return wall;
  };

  const explain = (cell: Cell): { ok: false; why: string } =>
    isFormula(textOf(cell))
      ? { ok: false, why: "is a formula: formulas are not computed, so export the values" }
      : { ok: false, why };

  return {
    ok: true,
    value: {
      instantOf(cell) {
        const wall = wallOf(cell);
        if (wall === null || wall.day < EARLIEST || wall.day >= LATEST) return explain(cell);
        return { ok: true, value: instantAt(wall.day + (wall.time ?? 0), wall.offset, zone) };
      },
      endOf(cell) {
        if (typeof cell === "string" && NEVER.has(textOf(cell).toLowerCase()))
          return { ok: true, value: null };
        const wall = wallOf(cell);
        if (wall !== null && NEVER_YEARS.has(new Date(wall.day).getUTCFullYear()))
          return { ok: true, value: null };
        if (wall === null || wall.day < EARLIEST || wall.day >= LATEST) return explain(cell);
        // Midnight is how spreadsheets write a day (with a zone it is an instant), and a day's last minute how others write its end.
        const isDay = wall.time === undefined || (wall.time === 0 && wall.offset === undefined);
        const isWhole = isDay || (wall.time ?? 0) >= LAST_MINUTE;
        const end = isWhole ? wall.day + DAY : wall.day + (wall.time ?? 0);
        return { ok: true, value: instantAt(end, wall.offset, zone) };
      },
    },
  };
}
const LAST_MINUTE = DAY - 60_000;

/** The pattern as a regular expression of named groups; undefined where it names no day. */
function sourceOf(pattern: string): string | undefined {
  const seen: string[] = [];
  const isRunTogether = !/[^YMD]/.test(pattern);
  const source = pattern.replaceAll(/Y+|M+|D+|[^YMD]+/g, (part) => {
    const name = { Y: "year", M: "month", D: "day" }[part.charAt(0)];
    if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    seen.push(`${name}${name === "year" && part.length !== 2 && part.length !== 4 ? "?" : ""}`);
    if (part.startsWith("Y")) return `(?<year>\\d{${part.length}})`;
    if (part === "MMM" || part === "MMMM") return `(?<month>\\p{L}{3,9}\\.?)`;
    if (part.length > 2) seen.push("?");
    return `(?<${name}>\\d{${isRunTogether ? "2" : "1,2"}})`;
  });
  return seen.toSorted().join() === "day,month,year" ? source : undefined;
}

function wallOfMatch(match: Record<string, string | undefined>): Wall | null {
  const { year = "", month = "", day = "", hour, minute, second = "0", fraction = "", half, zone } = match;
  const fullYear = year.length === 2 ? Number(year) + (Number(year) >= 70 ? 1900 : 2000) : Number(year);
  const monthNumber = /^\d/.test(month) ? Number(month) : monthOf(month);
  if (monthNumber === undefined) return null;
  const midnight = Date.UTC(fullYear, monthNumber - 1, Number(day));
  const date = new Date(midnight);
  // 30 February would be 1 March; whoever writes it meant something else.
  if (date.getUTCMonth() !== monthNumber - 1 || date.getUTCDate() !== Number(day) || fullYear < 100)
    return null;
  if (hour === undefined) return { day: midnight, time: undefined, offset: undefined };
  const hours = half === undefined ? Number(hour) : hoursOf(Number(hour), half);
  if (!(hours < 24) || Number(minute) > 59 || Number(second) > 59) return null;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const time = ((hours * 60 + Number(minute)) * 60 + Number(second)) * 1000 + milliseconds;
  return { day: midnight, time, offset: zone === undefined ? undefined : offsetOf(zone) };
}

/** By a clock of twelve hours; NaN where it has no such hour. */
function hoursOf(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function offsetOf(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

function wallOfTime(time: number): Wall | null {
  if (Number.isNaN(time)) return null;
  const day = Math.floor(time / DAY) * DAY;
  return { day, time: time === day ? undefined : time - day, offset: undefined };
}

/** Days as workbooks count them: from 1900 on, with a 29 February that there was not; or from 1904. */
function timeOfSerial(serial: number, is1904: boolean): number {
  const days = is1904 ? serial + 1462 : serial;
  return days >= 25_569 && days < 110_000 ? Math.round((days - 25_569) * DAY) : Number.NaN;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** An hour that a clock shows twice is the first; one that it leaves out is as much later. */
function instantAt(wall: number, offset: number | undefined, zone: string): Instant {
  if (offset !== undefined) return (wall - offset * 60_000) * 1000;
  if (zone === "UTC") return wall * 1000;
  const local = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC").toPlainDateTime();
  return local.toZonedDateTime(zone).epochMilliseconds * 1000;
}
