// Pure. The business year: when it runs, which days are busy, and when people are at work.

import type { Random } from "./random.ts";

/** Milliseconds since 1970, UTC: all times of the demo, until they are written into a request. */
export type Time = number;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The year that is played: fixed, so that a seed gives the same results on any day. It ends before `endsAt`. */
export const YEAR = { startsAt: Date.UTC(2025, 10, 1), endsAt: Date.UTC(2026, 10, 1) } as const;

/** The day on which the vendor takes over the other brand, and its catalog changes. */
export const ACQUIRED_AT = Date.UTC(2026, 4, 4, 6);

/** The weekend on which the customers of both brands become one list; until then the acquired brand has its own numbers. */
export const MERGED_AT = Date.UTC(2026, 6, 18, 5);

/** RFC 3339 in UTC, whole seconds. */
export function writeTime(time: Time): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** How far the year has come at a time: 0 at its start, 1 at its end. */
export function progressOfYear(time: Time): number {
  return Math.min(1, Math.max(0, (time - YEAR.startsAt) / (YEAR.endsAt - YEAR.startsAt)));
}

// January to December. Budgets are spent in December, and August is empty.
const MONTH_WEIGHTS = [0.85, 0.9, 1.1, 1, 1, 1.1, 0.75, 0.6, 1.1, 1.05, 1.05, 1.2];
// Sunday to Saturday: the weekend belongs to the web shop.
const WEEKDAY_WEIGHTS = [0.22, 1.05, 1.15, 1.1, 1.05, 0.9, 0.28];
const QUARTER_END_RUSH = 1.8;
const QUARTER_END_DAYS = 8;
/** How much more is sold at the end of the year than at its start. */
const GROWTH = 0.25;

/** The times of so many orders, in order. */
export function orderTimes(random: Random, count: number): Time[] {
  const days = Array.from({ length: Math.round((YEAR.endsAt - YEAR.startsAt) / DAY) }, (_, index) => {
    const startsAt = YEAR.startsAt + index * DAY;
    return { startsAt, weight: weightOfDay(startsAt) };
  });
  const times = Array.from({ length: count }, () => {
    const { startsAt } = random.weighted(days, (day) => day.weight);
    const minute = random.integer(0, 59);
    return (
      startsAt + random.weighted(HOURS, orderedInHour) * HOUR + minute * 60_000 + random.integer(0, 59) * 1000
    );
  });
  return times.toSorted((a, b) => a - b);
}

function weightOfDay(startsAt: Time): number {
  const date = new Date(startsAt);
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const isRush = month % 3 === 2 && daysInMonth - day < QUARTER_END_DAYS;
  const isHoliday = month === 11 && day >= 24 && day <= 26;
  return (
    (MONTH_WEIGHTS[month] ?? 1) *
    (WEEKDAY_WEIGHTS[date.getUTCDay()] ?? 1) *
    (isRush ? QUARTER_END_RUSH : 1) *
    (isHoliday ? 0.3 : 1) *
    (1 + GROWTH * progressOfYear(startsAt))
  );
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function orderedInHour(hour: number): number {
  if (hour >= 8 && hour < 17) return 1;
  return hour >= 6 && hour < 22 ? 0.35 : 0.08;
}

/** Whether most people are at work: Monday to Friday, 7 to 18 o'clock UTC. */
export function isWorkingTime(time: Time): boolean {
  const date = new Date(time);
  const isWeekday = date.getUTCDay() >= 1 && date.getUTCDay() <= 5;
  return isWeekday && date.getUTCHours() >= 7 && date.getUTCHours() < 18;
}

/** The time itself if it falls into work, else, for most people, some time in the next working morning. Never earlier. */
export function atWork(random: Random, time: Time): Time {
  if (isWorkingTime(time) || random.chance(0.12)) return time;
  let morning = Math.floor(time / DAY) * DAY + 7 * HOUR;
  while (morning < time || !isWorkingTime(morning)) morning += DAY;
  return morning + Math.floor(random.exponential(1.5 * HOUR));
}
