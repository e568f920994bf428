import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDuration,
  formatInstant,
  isDuration,
  parseInstant,
  toNumericDate,
} from "../../licensing/index.ts";
import { at, texts } from "./samples.ts";

const FIRST = 0;
const LAST = at("2199-12-31T23:59:59.999999Z");
const instants = fc.integer({ min: FIRST, max: LAST });

describe("parseInstant", () => {
  test.each([
    ["2026-01-05T10:00:00Z", "2026-01-05T10:00:00.000000Z"],
    ["2026-01-05t10:00:00z", "2026-01-05T10:00:00.000000Z"],
    ["2026-01-05T10:00:00+01:00", "2026-01-05T09:00:00.000000Z"],
    ["2026-01-05T10:00:00-05:30", "2026-01-05T15:30:00.000000Z"],
    ["2026-01-05T10:00:00+00:00", "2026-01-05T10:00:00.000000Z"],
    ["2026-01-05T10:00:00-00:00", "2026-01-05T10:00:00.000000Z"],
    ["2026-01-01T00:30:00+23:59", "2025-12-31T00:31:00.000000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"],
    ["2000-02-29T23:59:59Z", "2000-02-29T23:59:59.000000Z"],
    ["2026-01-05T10:00:00.5Z", "2026-01-05T10:00:00.500000Z"],
    ["2026-01-05T10:00:00.000001Z", "2026-01-05T10:00:00.000001Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"],
    ["1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00.000000Z"],
    ["2199-12-31T23:59:59.999999Z", "2199-12-31T23:59:59.999999Z"],
    ["2200-01-01T00:59:59+01:00", "2199-12-31T23:59:59.000000Z"],
  ])("reads %s as %s", (text, expected) => {
    expect(formatInstant(at(text))).toBe(expected);
  });

  test.each([
    ["2026-01-05T10:00:00.1234567Z", "2026-01-05T10:00:00.123456Z"],
    ["2026-01-05T10:00:00.999999999Z", "2026-01-05T10:00:00.999999Z"],
  ])("cuts %s to the microsecond, and never rounds up into the next", (text, expected) => {
    expect(formatInstant(at(text))).toBe(expected);
  });

  test.each([
    ["a day that February lacks", "2026-02-29T10:00:00Z"],
    ["a day that February lacks in a century", "2100-02-29T10:00:00Z"],
    ["30 February", "2024-02-30T10:00:00Z"],
    ["31 April", "2026-04-31T10:00:00Z"],
    ["day 0", "2026-01-00T10:00:00Z"],
    ["month 13", "2026-13-01T10:00:00Z"],
    ["month 0", "2026-00-01T10:00:00Z"],
    ["hour 24", "2026-01-05T24:00:00Z"],
    ["minute 60", "2026-01-05T10:60:00Z"],
    ["a leap second, which our count does not have", "2016-12-31T23:59:60Z"],
    ["no offset", "2026-01-05T10:00:00"],
    ["an offset of a day", "2026-01-05T10:00:00+24:00"],
    ["an offset with 60 minutes", "2026-01-05T10:00:00+01:60"],
    ["an offset without colon", "2026-01-05T10:00:00+0100"],
    ["no seconds", "2026-01-05T10:00Z"],
    ["a space for the T", "2026-01-05 10:00:00Z"],
    ["a day only", "2026-01-05"],
    ["ten decimals", "2026-01-05T10:00:00.1234567890Z"],
    ["a point without decimals", "2026-01-05T10:00:00.Z"],
    ["a comma for the point", "2026-01-05T10:00:00,5Z"],
    ["five-digit year", "12026-01-05T10:00:00Z"],
    ["other digits", "２０２６-01-05T10:00:00Z"],
    ["before", " 2026-01-05T10:00:00Z"],
    ["a line after", "2026-01-05T10:00:00Z\n"],
    ["nothing", ""],
    ["1969", "1969-12-31T23:59:59.999999Z"],
    ["1969 by its offset", "1970-01-01T00:59:59+01:00"],
    ["2200", "2200-01-01T00:00:00Z"],
    ["2200 by its offset", "2199-12-31T23:59:59-00:01"],
  ])("refuses %s", (_what, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test("refuses any text, and never throws", () => {
    assert(
      fc.property(texts(40), (text) => parseInstant(text) === undefined),
      { numRuns: 300 },
    );
  });
});

describe("formatInstant", () => {
  test("writes what parseInstant reads as the same instant", () => {
    assert(
      fc.property(instants, (instant) => parseInstant(formatInstant(instant)) === instant),
      { numRuns: 500 },
    );
  });

  test("gives texts that sort as the instants do", () => {
    assert(
      fc.property(instants, fc.oneof(instants, fc.integer({ min: -2, max: 2 })), (one, step) => {
        const other = Math.abs(step) <= 2 ? Math.min(LAST, Math.max(FIRST, one + step)) : step;
        const [a, b] = [formatInstant(one), formatInstant(other)];
        return Math.sign(one - other) === (a < b ? -1 : Number(a > b));
      }),
      { numRuns: 500 },
    );
  });

  test("is not moved by the offset in which a time was told", () => {
    const offsets = fc.tuple(
      fc.constantFrom("+", "-"),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    assert(
      fc.property(
        fc.integer({ min: 2 * 86_400_000_000, max: LAST - 2 * 86_400_000_000 }),
        offsets,
        (instant, offset) => {
          const [sign, hours, minutes] = offset;
          const shift = (sign === "+" ? 1 : -1) * (hours * 60 + minutes) * 60_000_000;
          const two = (value: number) => String(value).padStart(2, "0");
          const local = formatInstant(instant + shift).replace("Z", `${sign}${two(hours)}:${two(minutes)}`);
          return parseInstant(local) === instant;
        },
      ),
      { numRuns: 300 },
    );
  });
});

test.each([
  ["1970-01-01T00:00:00.999999Z", 0],
  ["2026-01-05T10:00:00.999999Z", 1_767_607_200],
])("toNumericDate rounds %s down to %i", (text, expected) => {
  expect(toNumericDate(at(text))).toBe(expected);
});

describe("isDuration", () => {
  test.each(["P1Y", "P1M", "P2W", "P30D", "PT8H", "PT1S", "P1Y2M3W4DT5H6M7S", "P50Y", "P18300D"])(
    "takes %s",
    (text) => {
      expect(isDuration(text)).toBe(true);
    },
  );

  test.each([
    ["nothing", ""],
    ["no number", "P"],
    ["no time after T", "P1YT"],
    ["only T", "PT"],
    ["a number without unit", "P1"],
    ["zero", "P0D"],
    ["zero of everything", "P0Y0M0W0DT0H0M0S"],
    ["more than fifty years", "P51Y"],
    ["more days than fifty years have", "P18301D"],
    ["far too many", "P9999Y"],
    ["a fraction", "P0.5Y"],
    ["a sign", "-P1Y"],
    ["a sign within", "P-1Y"],
    ["another order", "P1M1Y"],
    ["lower case", "p1y"],
    ["hours without T", "P8H"],
    ["a line after", "P1Y\n"],
    ["words", "1 year"],
  ])("refuses %s", (_what, text) => {
    expect(isDuration(text)).toBe(false);
  });
});

describe("addDuration", () => {
  test.each([
    ["2026-01-31T10:00:00Z", "P1M", "2026-02-28T10:00:00Z"],
    ["2024-01-31T10:00:00Z", "P1M", "2024-02-29T10:00:00Z"],
    ["2026-03-31T10:00:00Z", "P1M", "2026-04-30T10:00:00Z"],
    ["2026-12-31T10:00:00Z", "P2M", "2027-02-28T10:00:00Z"],
    ["2024-02-29T10:00:00Z", "P1Y", "2025-02-28T10:00:00Z"],
    ["2024-02-29T10:00:00Z", "P4Y", "2028-02-29T10:00:00Z"],
    ["2096-02-29T10:00:00Z", "P4Y", "2100-02-28T10:00:00Z"],
    ["2026-01-30T10:00:00Z", "P1M1D", "2026-03-01T10:00:00Z"],
    ["2026-01-31T23:59:59.999999Z", "P1M", "2026-02-28T23:59:59.999999Z"],
    ["2026-11-30T10:00:00Z", "P3M", "2027-02-28T10:00:00Z"],
    ["2026-01-05T10:00:00.000001Z", "P1Y", "2027-01-05T10:00:00.000001Z"],
    ["2026-01-05T10:00:00Z", "P1W", "2026-01-12T10:00:00Z"],
    ["2026-12-31T23:59:59Z", "PT1S", "2027-01-01T00:00:00Z"],
    ["2026-01-05T10:00:00Z", "P1Y2M3W4DT5H6M7S", "2027-03-30T15:06:07Z"],
  ])("%s + %s = %s", (from, duration, expected) => {
    expect(addDuration(at(from), duration)).toBe(at(expected));
  });

  test("throws for what is not a duration: a programmer's mistake", () => {
    expect(() => addDuration(0, "a year")).toThrow(RangeError);
  });

  const durations = fc
    .tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 0, max: 90_000 }),
    )
    .map(([years, months, days, seconds]) => `P${years}Y${months}M${days}DT${seconds}S`)
    .filter(isDuration);

  test("moves every instant on, and never two of them past each other", () => {
    assert(
      fc.property(instants, instants, durations, (one, other, duration) => {
        const [first, second] = one <= other ? [one, other] : [other, one];
        const [a, b] = [addDuration(first, duration), addDuration(second, duration)];
        return a > first && Number.isSafeInteger(a) && a <= b;
      }),
      { numRuns: 500 },
    );
  });
});
