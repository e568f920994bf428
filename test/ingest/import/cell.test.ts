import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isError, isFormula, textOf, withoutApostrophes } from "../../../ingest/import/table/cell.ts";
import { neutralize } from "../../../warehouse/spreadsheet.ts";

describe("what a cell says", () => {
  test.each([
    ["  ACME  ", "ACME"],
    ["ACME\r\n GmbH", "ACME  GmbH"],
    ["", ""],
    ["   ", ""],
    ["NULL", ""],
    ["null", ""],
    ["N/A", ""],
    ["-", ""],
    ["–", ""],
    ["Null & Sons", "Null & Sons"],
    ["'=1+1", "=1+1"],
    ["'-5", "-5"],
    ["'+49 30 1", "+49 30 1"],
    ["'@home", "@home"],
    ["'\tx", "x"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ["O'Neill", "O'Neill"],
    ["=1+1", "=1+1"],
    [42, "42"],
    [0.1 + 0.2, "0.3"],
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    [Number.NaN, ""],
    [true, "true"],
    [new Date("2026-01-05T00:00:00Z"), "2026-01-05"],
    [new Date(Number.NaN), ""],
    [null, ""],
  ])("%j is %j", (cell, expected) => {
    expect(textOf(cell)).toBe(expected);
  });

  test("what our own export made safe for spreadsheets is read back as it was", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "=", "+", "-", "@", "＝", ";", "\t", "\n", '"', " ", "'", "1"),
    });
    fc.assert(
      fc.property(text, (any) => {
        // An apostrophe before a formula is what the export itself writes.
        fc.pre(!/'[ "]*[=+\-@＝＋－＠\t\r\n]/.test(any));
        expect(withoutApostrophes(neutralize(any))).toBe(any);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ["=A1", true],
  ["@SUM(1)", true],
  ["+A1", true],
  ["-A1", true],
  ["+49 30", false],
  ["-5", false],
  ["-.5", false],
  ["a=b", false],
])("%s is a formula: %s", (text, expected) => {
  expect(isFormula(text)).toBe(expected);
});

test.each([
  ["#REF!", true],
  ["#N/A", true],
  ["#DIV/0!", true],
  ["#12", false],
  ["C#", false],
])("%s is an error of a spreadsheet: %s", (text, expected) => {
  expect(isError(text)).toBe(expected);
});
