import { expect, test } from "vitest";
import * as fc from "fast-check";
import { cellOf, csvLines, neutralize } from "../../warehouse/spreadsheet.ts";

// The beginnings of https://owasp.org/www-community/attacks/CSV_Injection, and a new field in the middle of a text.
test.each([
  ["=1+1", "'=1+1"],
  ["+49 30 1234", "'+49 30 1234"],
  ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
  ["@SUM(1+1)*cmd|' /C calc'!A0", "'@SUM(1+1)*cmd|' /C calc'!A0"],
  ["\t=1", "'\t'=1"],
  ["\r=1", "'\r'=1"],
  ["  =1", "  '=1"],
  [';"=1+1', ";\"'=1+1"],
  ["＝1+1", "'＝1+1"],
  ["x;=1+1", "x;'=1+1"],
  ["x\n=1+1", "x\n'=1+1"],
  ["Example GmbH", "Example GmbH"],
  ["a=b, c-d @ e", "a=b, c-d @ e"],
  ['{"amount":-5}', '{"amount":-5}'],
  ["", ""],
])("%j stands in CSV as %j", (text, safe) => {
  expect(neutralize(text)).toBe(safe);
});

/** Fields as a spreadsheet reads them that takes this separator, with or without quotes. */
const fieldsOf = (csv: string, separator: string) =>
  csv
    .split(/\r\n|\r|\n/)
    .flatMap((line) => line.split(separator).map((field) => field.replace(/^[ "]*/, "")));

test("whatever a text holds, no field begins a formula, by comma in quotes or by another separator", () => {
  const nasty = fc.array(
    fc.constantFrom("=", "+", "-", "@", ";", "\t", "\n", "\r", '"', " ", "a", "1", "＝"),
  );
  fc.assert(
    fc.property(nasty, (parts) => {
      const csv = csvLines([[parts.join("")]], ["VARCHAR"]);
      const starts = [";", "\t"].flatMap((separator) => fieldsOf(csv.slice(0, -2), separator));
      expect(starts.filter((field) => /^[=+\-@＝]/.test(field))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test("numbers and times stand as they are: a credit is no formula", () => {
  const types = ["BIGINT", "DECIMAL(18,3)", "TIMESTAMP", "BOOLEAN", "VARCHAR"];
  expect(
    csvLines(
      [
        ["-500", "-5.000", "2026-01-05 10:00:00", "false", "-500"],
        [null, null, null, null, ""],
      ],
      types,
    ),
  ).toBe('-500,-5.000,2026-01-05 10:00:00,false,"\'-500"\r\n,,,,""\r\n');
});

test.each([
  [null, "BIGINT", null],
  ["-500", "BIGINT", -500],
  ["4995.000", "DECIMAL(18,3)", 4995],
  ["0.1", "DOUBLE", 0.1],
  // Excel keeps 15 digits: what has more is a text, and exact.
  ["123456789012345", "BIGINT", 123_456_789_012_345],
  ["9007199254740993", "BIGINT", "9007199254740993"],
  ["9999999999999.999", "DECIMAL(18,3)", "9999999999999.999"],
  ["true", "BOOLEAN", true],
  ["2026-01-05", "DATE", new Date("2026-01-05T00:00:00Z")],
  ["2026-01-05 10:00:00.25", "TIMESTAMP", new Date("2026-01-05T10:00:00.250Z")],
  ["=1+1", "VARCHAR", "=1+1"],
  ["007", "VARCHAR", "007"],
])("%j of type %s is the cell %j", (text, type, value) => {
  expect(cellOf(text, type)).toEqual({ value, isCut: false });
});

test("a text that is too long for a cell is cut, and said to be", () => {
  const { value, isCut } = cellOf("x".repeat(40_000), "VARCHAR");
  expect(isCut).toBe(true);
  expect(String(value)).toHaveLength(32_767);
});
