// Pure. A time as most clients write it, in bytes: the same as `moment.ts` reads.

import type { Instant } from "../../licensing/index.ts";
import { midnightOf } from "./moment.ts";

const [HYPHEN, POINT, ZERO, NINE, COLON, LETTER_T, LETTER_Z] = [0x2d, 0x2e, 0x30, 0x39, 0x3a, 0x54, 0x5a];
const DATE_LENGTH = 10;
const MAX_PLACES = 6;

/** The day that was read last: most lines are of one. */
let lastYear = 0;
let lastRest = 0;
let lastMidnight: Instant | undefined;

/** What was read: a time, and how many digits its fraction of a second has. */
export const plainTime = { at: 0 as Instant, places: 0 };

/** Reads a time such as 2026-01-05T10:00:00.25Z into {@link plainTime}. @returns where it ends, or -1 */
export function readPlainTime(bytes: Uint8Array, view: DataView, begin: number): number {
  const midnight = midnightAt(bytes, view, begin);
  if (midnight === undefined || bytes[begin + DATE_LENGTH] !== LETTER_T) return -1;
  const hours = twoDigits(bytes, begin + 11);
  const minutes = twoDigits(bytes, begin + 14);
  const seconds = twoDigits(bytes, begin + 17);
  if (bytes[begin + 13] !== COLON || bytes[begin + 16] !== COLON) return -1;
  // Where one of them is no number it is not within its bounds either.
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return -1;
  let at = midnight + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000;
  let i = begin + 19;
  let places = 0;
  if (bytes[i] === POINT) {
    let unit = 100_000;
    let byte = bytes[++i] ?? 0;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++i] ?? 0) {
      if (++places > MAX_PLACES) return -1;
      at += (byte - ZERO) * unit;
      unit /= 10;
    }
    if (places === 0) return -1;
  }
  if (bytes[i] !== LETTER_Z) return -1;
  plainTime.at = at;
  plainTime.places = places;
  return i + 1;
}

function midnightAt(bytes: Uint8Array, view: DataView, begin: number): Instant | undefined {
  const year = view.getInt32(begin, true);
  const rest = (view.getUint16(begin + 5, true) << 16) | view.getUint16(begin + 8, true);
  const isDate = bytes[begin + 4] === HYPHEN && bytes[begin + 7] === HYPHEN;
  if (!isDate) return undefined;
  if (year !== lastYear || rest !== lastRest) {
    lastMidnight = midnightOf(String.fromCharCode(...bytes.subarray(begin, begin + DATE_LENGTH)));
    lastYear = year;
    lastRest = rest;
  }
  return lastMidnight;
}

/** A number of two digits; more than two digits can say where they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? 100 : tens * 10 + ones;
}
