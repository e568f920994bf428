// Pure. When an event happened: read, and written as the ledger writes it. Every event has a time of its own, so that
// nothing is gained by remembering whole times; their days are few.

import { formatInstant, type Instant, parseInstant } from "../../licensing/index.ts";

export interface Moment {
  at: Instant;
  /** RFC 3339, UTC, microseconds. */
  written: string;
}

// As most clients write it. Whatever else RFC 3339 allows is read the long way.
const PLAIN = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$/;
const DATE_LENGTH = 10;
const SECONDS_LENGTH = 19;

let lastDate = "";
let lastMidnight: Instant | undefined;

/** Reads an RFC 3339 timestamp; the same as {@link parseInstant} and {@link formatInstant}, at a quarter of their time. */
export function momentOf(text: string): Moment | undefined {
  const midnight = PLAIN.test(text) ? midnightOf(text.slice(0, DATE_LENGTH)) : undefined;
  if (midnight === undefined) {
    const at = parseInstant(text);
    return at === undefined ? undefined : { at, written: formatInstant(at) };
  }
  const fraction = text.slice(SECONDS_LENGTH + 1, -1).padEnd(6, "0");
  const seconds = (two(text, 11) * 60 + two(text, 14)) * 60 + two(text, 17);
  return {
    at: midnight + seconds * 1_000_000 + Number(fraction),
    written: `${text.slice(0, SECONDS_LENGTH)}.${fraction}Z`,
  };
}

/** When a day begins, written as 2026-01-05; undefined where there is no such day, or it is out of bounds. */
export function midnightOf(date: string): Instant | undefined {
  if (date !== lastDate) {
    lastDate = date;
    lastMidnight = parseInstant(`${date}T00:00:00Z`);
  }
  return lastMidnight;
}

/** The two digits at a place, as a number. */
const two = (text: string, at: number): number =>
  (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
