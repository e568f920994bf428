import { describe, expect, test } from "vitest";
import type { Cell } from "../../../ingest/import/table/cell.ts";
import { dateReader } from "../../../ingest/import/table/dates.ts";
import { formatInstant } from "../../../licensing/index.ts";

function readerOf(pattern: string, zone = "UTC", is1904 = false) {
  const read = dateReader(pattern, zone, is1904);
  if (!read.ok) throw new TypeError(read.why);
  return read.value;
}

const instant = (cell: Cell, pattern: string, zone?: string, is1904?: boolean) => {
  const read = readerOf(pattern, zone, is1904).instantOf(cell);
  return read.ok ? formatInstant(read.value).replace(".000000Z", "Z") : read.why;
};
const end = (cell: Cell, pattern: string, zone?: string) => {
  const read = readerOf(pattern, zone).endOf(cell);
  if (!read.ok) return read.why;
  return read.value === null ? null : formatInstant(read.value).replace(".000000Z", "Z");
};

describe("a day is read as the mapping says that days are written", () => {
  test.each([
    ["2026-01-05", "YYYY-MM-DD", "2026-01-05T00:00:00Z"],
    ["05.01.2026", "DD.MM.YYYY", "2026-01-05T00:00:00Z"],
    ["5.1.2026", "DD.MM.YYYY", "2026-01-05T00:00:00Z"],
    ["1/5/2026", "M/D/YYYY", "2026-01-05T00:00:00Z"],
    ["13/5/2026", "DD/MM/YYYY", "2026-05-13T00:00:00Z"],
    ["20260105", "YYYYMMDD", "2026-01-05T00:00:00Z"],
    ["5-Jan-2026", "DD-MMM-YYYY", "2026-01-05T00:00:00Z"],
    ["5. März 2026", "DD. MMM YYYY", "2026-03-05T00:00:00Z"],
    ["Jan 5, 2026", "MMM DD, YYYY", "2026-01-05T00:00:00Z"],
    ["05.01.26", "DD.MM.YY", "2026-01-05T00:00:00Z"],
    ["05.01.99", "DD.MM.YY", "1999-01-05T00:00:00Z"],
    ["2024-02-29", "YYYY-MM-DD", "2024-02-29T00:00:00Z"],
    ["2026-01-05 10:30", "YYYY-MM-DD", "2026-01-05T10:30:00Z"],
    ["2016-10-10 14:35:11.313", "YYYY-MM-DD", "2016-10-10T14:35:11.313000Z"],
    ["2026-01-05T10:30:00+02:00", "YYYY-MM-DD", "2026-01-05T08:30:00Z"],
    ["2026-01-05T10:30:00Z", "YYYY-MM-DD", "2026-01-05T10:30:00Z"],
    ["1/5/2026 12:05 AM", "M/D/YYYY", "2026-01-05T00:05:00Z"],
    ["1/5/2026, 3:05:07 p.m.", "M/D/YYYY", "2026-01-05T15:05:07Z"],
  ])("%s as %s", (text, pattern, expected) => {
    expect(instant(text, pattern)).toBe(expected);
  });

  test.each([
    ["31-feb-2026", "DD-MMM-YYYY"],
    ["2026-02-30", "YYYY-MM-DD"],
    ["2026-13-01", "YYYY-MM-DD"],
    ["1969-12-31", "YYYY-MM-DD"],
    ["2200-01-01", "YYYY-MM-DD"],
    ["0000-00-00", "YYYY-MM-DD"],
    ["0099-01-01", "YYYY-MM-DD"],
    ["05.01.2026", "YYYY-MM-DD"],
    ["2026-01-05 24:00", "YYYY-MM-DD"],
    ["2026-01-05 10:60", "YYYY-MM-DD"],
    ["1/5/2026 13:05 PM", "M/D/YYYY"],
    ["1/5/2026 0:05 AM", "M/D/YYYY"],
    ["5-Foo-2026", "DD-MMM-YYYY"],
    ["45000", "YYYY-MM-DD"],
    ["soon", "YYYY-MM-DD"],
    [`2026-01-05${" ".repeat(100)}x`, "YYYY-MM-DD"],
  ])("%s is no day as %s", (text, pattern) => {
    expect(instant(text, pattern)).toBe(`is no day written ${pattern}, between 1970 and 2199`);
  });

  test("a formula is told from a day", () => {
    expect(instant("=TODAY()", "YYYY-MM-DD")).toMatch(/formulas are not computed/);
  });

  test.each(["YYYY-MM", "YYYY-MM-MM-DD", "DD.DD.YYYY", "YYY-MM-DD", "hello", "YYYY-MM-DDDD"])(
    "%s says no day",
    (pattern) => {
      expect(dateReader(pattern, "UTC")).toMatchObject({
        ok: false,
        why: expect.stringMatching(/such as YYYY-MM-DD/),
      });
    },
  );
});

describe("times without a zone are of the mapping's", () => {
  test.each([
    ["2026-01-05", "2026-01-04T23:00:00Z"],
    ["2026-07-05 10:00", "2026-07-05T08:00:00Z"],
    ["2026-07-05T10:00:00Z", "2026-07-05T10:00:00Z"],
    // That hour there was not, and this one there was twice.
    ["2026-03-29 02:30", "2026-03-29T01:30:00Z"],
    ["2026-10-25 02:30", "2026-10-25T00:30:00Z"],
  ])("%s in Berlin", (text, expected) => {
    expect(instant(text, "YYYY-MM-DD", "Europe/Berlin")).toBe(expected);
  });

  test("a zone that is none is said", () => {
    expect(dateReader("YYYY-MM-DD", "Berlin")).toMatchObject({
      ok: false,
      why: expect.stringMatching(/as IANA does/),
    });
  });
});

describe("a workbook's days", () => {
  test.each([
    [new Date("2026-01-05T00:00:00Z"), false, "2026-01-05T00:00:00Z"],
    [new Date("2026-01-05T10:30:00Z"), false, "2026-01-05T10:30:00Z"],
    [46_027, false, "2026-01-05T00:00:00Z"],
    [46_027.4375, false, "2026-01-05T10:30:00Z"],
    [44_565, true, "2026-01-05T00:00:00Z"],
    [12, false, "is no day written YYYY-MM-DD, between 1970 and 2199"],
    [1e12, false, "is no day written YYYY-MM-DD, between 1970 and 2199"],
    [new Date(Number.NaN), false, "is no day written YYYY-MM-DD, between 1970 and 2199"],
  ])("%s, counted from 1904: %s", (cell, is1904, expected) => {
    expect(instant(cell, "YYYY-MM-DD", "UTC", is1904)).toBe(expected);
  });

  test("eight digits are a day where days are written so, and its wall clock hangs in the mapping's zone", () => {
    expect(instant(20_260_105, "YYYYMMDD")).toBe("2026-01-05T00:00:00Z");
    expect(instant(new Date("2026-01-05T00:00:00Z"), "YYYY-MM-DD", "America/New_York")).toBe(
      "2026-01-05T05:00:00Z",
    );
  });
});

describe("a right is over at the end of its last day", () => {
  test.each([
    ["2026-12-31", "UTC", "2027-01-01T00:00:00Z"],
    ["2026-12-31", "Europe/Berlin", "2026-12-31T23:00:00Z"],
    ["2026-12-31 00:00:00", "UTC", "2027-01-01T00:00:00Z"],
    ["2026-12-31 23:59:59", "UTC", "2027-01-01T00:00:00Z"],
    ["2026-12-31 12:00", "UTC", "2026-12-31T12:00:00Z"],
    ["2027-01-01T00:00:00Z", "UTC", "2027-01-01T00:00:00Z"],
    ["permanent", "UTC", null],
    ["Never", "UTC", null],
    ["unbefristet", "UTC", null],
    ["0", "UTC", null],
    ["9999-12-31", "UTC", null],
    ["2500-01-01", "UTC", "is no day written YYYY-MM-DD, between 1970 and 2199"],
    ["later", "UTC", "is no day written YYYY-MM-DD, between 1970 and 2199"],
  ])("%s in %s", (text, zone, expected) => {
    expect(end(text, "YYYY-MM-DD", zone)).toBe(expected);
  });
});
