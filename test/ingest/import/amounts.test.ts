import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amountOf, currencyOf, quantityOf } from "../../../ingest/import/table/amounts.ts";

const valueOf = (read: { ok: true; value: unknown } | { ok: false; why: string }) =>
  read.ok ? read.value : read.why;

describe("an amount is read to the last minor unit, as the mapping says that it is written", () => {
  test.each([
    ["199", "EUR", ".", 19_900],
    ["199.9", "EUR", ".", 19_990],
    ["199.90", "EUR", ".", 19_990],
    ["1,234.56", "EUR", ".", 123_456],
    ["1'234'567.80", "CHF", ".", 123_456_780],
    ["1 234.56", "EUR", ".", 123_456],
    ["1\u00a0234,56\u00a0€", "EUR", ",", 123_456],
    ["1.234,56", "EUR", ",", 123_456],
    ["1.234", "EUR", ",", 123_400],
    ["0,99", "EUR", ",", 99],
    ["$1,234.00", "USD", ".", 123_400],
    ["USD 12", "USD", ".", 1_200],
    ["12 eur", "EUR", ".", 1_200],
    ["¥1,000", "JPY", ".", 1_000],
    ["1.234", "KWD", ".", 1_234],
    ["0.00", "EUR", ".", 0],
    ["-0", "EUR", ".", 0],
  ] as const)("%s in %s with %s before decimals is %d", (text, currency, decimal, minor) => {
    expect(valueOf(amountOf(text, currency, decimal))).toBe(minor);
  });

  test.each([
    ["1.234", "EUR", ".", /more decimals than EUR/],
    ["0.999", "EUR", ".", /nothing is rounded/],
    ["100.5", "JPY", ".", /more decimals than JPY/],
    ["1.234,56", "EUR", ".", /say decimal: ","/],
    ["12.34.56", "EUR", ".", /is no number/],
    ["1,23,456", "INR", ".", /is no number/],
    ["1,234.567,8", "EUR", ".", /is no number/],
    ["-5", "EUR", ".", /negative/],
    ["(5.00)", "EUR", ".", /negative/],
    ["£5", "EUR", ".", /is in £, and the row's currency is EUR/],
    ["GBP 5", "EUR", ".", /is in GBP/],
    ["=A1*2", "EUR", ".", /formula/],
    ["+A1", "EUR", ".", /formula/],
    ["@SUM(A1)", "EUR", ".", /formula/],
    ["free", "EUR", ".", /is no number/],
    ["9".repeat(50), "EUR", ".", /is no number/],
    ["1e5", "EUR", ".", /is no number/],
  ] as const)("%s in %s with %s before decimals is none", (text, currency, decimal, why) => {
    expect(valueOf(amountOf(text, currency, decimal))).toMatch(why);
  });

  test("a workbook's number is what the workbook shows, whatever stands before decimals in texts", () => {
    expect(valueOf(amountOf(0.1 + 0.2, "EUR", ","))).toBe(30);
    expect(valueOf(amountOf(19.990000000000002, "EUR", "."))).toBe(1999);
    expect(valueOf(amountOf(1234.5, "EUR", ","))).toBe(123_450);
    expect(valueOf(amountOf(0.125, "EUR", "."))).toMatch(/more decimals/);
  });

  test("any whole number of minor units is read back from any of its writings", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1e12 }),
        fc.constantFrom([".", ","], [",", "."], [".", "'"], [",", " "]),
        (minor, [decimal, group]) => {
          const whole = String(Math.floor(minor / 100)).replaceAll(/\B(?=(?:\d{3})+$)/g, group ?? "");
          const text = `${whole}${decimal}${String(minor % 100).padStart(2, "0")}`;
          expect(valueOf(amountOf(text, "EUR", decimal))).toBe(minor);
        },
      ),
    );
  });
});

describe("a number of seats", () => {
  test.each([
    ["5", 5],
    ["5.0", 5],
    ["1,000", 1000],
    [" 12 ", 12],
    ["0", 0],
    [7, 7],
    ["-3", "is negative: a return or a credit takes away, and grants nothing"],
    ["2.5", "is no whole number of seats"],
    ["1,000,001", "is more than 1000000 seats"],
    ["$5", "is an amount of money, not a number of seats"],
    ["unlimited", "is no number"],
    ["=2+3", "is a formula: formulas are not computed, so export the values"],
  ])("%s is %s", (cell, expected) => {
    expect(valueOf(quantityOf(cell, "."))).toBe(expected);
  });
});

test.each([
  ["EUR", "EUR"],
  ["usd", "USD"],
  ["€", "EUR"],
  ["$", "is no currency: say it by its ISO 4217 code, such as EUR"],
  ["Euro", "is no currency: say it by its ISO 4217 code, such as EUR"],
])("the currency %s is %s", (text, expected) => {
  expect(valueOf(currencyOf(text))).toBe(expected);
});
