// Pure. Times as lmstat prints them, by the clock of who ran it: `Fri 10/20/2017 17:02`, and of users without a year.

import type { Instant } from "../../../licensing/index.ts";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

// Years in which a license can have been in use without a break: a weekday and a day meet again within eleven.
const MAX_YEARS = 10;

/** A time without a zone. */
export type LocalTime = Temporal.PlainDateTime;

const TIME = /^(?:([a-z]{3}) )?(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))? (\d{1,2}):(\d{2})(?::(\d{2}))?$/i;

/** Whether a zone is one that there is. */
export function isZone(zone: string): boolean {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId !== "";
  } catch {
    return false;
  }
}

/** Reads the time of a report; undefined where there is no such time, or it lies outside of the years 1970 to 2199. */
export function readReportTime(text: string): LocalTime | undefined {
  const [, weekday, month, day, year, ...clock] = TIME.exec(text) ?? [];
  if (year === undefined || Number(year) < 1970 || Number(year) > 2199) return undefined;
  const time = timeOf([year, month, day, ...clock]);
  return time && fits(time, weekday) ? time : undefined;
}

/**
 * Reads since when somebody has had a license. Where the year is not told, it is the last one that makes the time no later than
 * the report, and of which the weekday is true.
 * @returns undefined where there is no such time
 */
export function readSince(text: string, report: LocalTime): LocalTime | undefined {
  const [, weekday, month, day, year, ...clock] = TIME.exec(text) ?? [];
  if (month === undefined) return undefined;
  // Reports are told to the minute, and may be older by some seconds than what is in them.
  const latest = report.with({ second: 59 });
  for (let back = 0; back <= MAX_YEARS; back += 1) {
    const time = timeOf([year ?? String(report.year - back), month, day, ...clock]);
    if (time && fits(time, weekday) && Temporal.PlainDateTime.compare(time, latest) <= 0) return time;
  }
  return undefined;
}

/** The instant of a local time: the earlier where clocks were turned back, and as if they were not where one was left out. */
export function instantOf(time: LocalTime, zone: string): Instant {
  return time.toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds * 1000;
}

function timeOf(parts: readonly (string | undefined)[]): LocalTime | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  try {
    return Temporal.PlainDateTime.from({ year, month, day, hour, minute, second }, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

function fits(time: LocalTime, weekday: string | undefined): boolean {
  return weekday === undefined || WEEKDAYS[time.dayOfWeek - 1] === weekday.toLowerCase();
}
