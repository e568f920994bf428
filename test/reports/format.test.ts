import { describe, expect, test } from "vitest";
import * as format from "../../reports/src/components/format.ts";

describe("a share is a whole percent, except where that would claim too much", () => {
  test.each([
    [0, "0%"],
    [0.0004, "<0.1%"],
    [0.004, "0.4%"],
    [0.456, "46%"],
    [0.996, "99.6%"],
    [0.99996, ">99.9%"],
    // More was used than bought.
    [1.004, "100.4%"],
    [1.2, "120%"],
    [1, "100%"],
    [null, "–"],
  ])("%s → %s", (value, text) => expect(format.share(value)).toBe(text));
});

describe("days", () => {
  test.each([
    [null, "not yet reached"],
    [0, "0 days"],
    [1, "1 day"],
    [1234, "1,234 days"],
  ])("%s → %s", (value, text) => expect(format.days(value)).toBe(text));

  test.each([
    [2, 4, "2 to 4 days"],
    [3, 3, "3 days"],
    [30, null, "30 days or more"],
    [null, null, "not yet reached"],
  ])("the interval %s to %s is %s", (low, high, text) => expect(format.daysInterval(low, high)).toBe(text));
});

describe("money is in minor units of its own currency", () => {
  test.each([
    [12_345_600, "EUR", "€123,456"],
    [123_456, "JPY", "¥123,456"],
    [123_456, "KWD", "KWD 123"],
  ])("%d %s → %s", (amount, currency, text) =>
    expect(format.money(amount, currency).replaceAll("\u00a0", " ")).toBe(text),
  );

  test.each([
    [41_830, "EUR", "€418"],
    [280_040_000, "EUR", "€2.8M"],
    [50_100_000, "JPY", "¥50.1M"],
  ])("in short, %d %s → %s", (amount, currency, text) =>
    expect(format.shortMoney(amount, currency)).toBe(text),
  );
});

test("times are told in UTC, wherever the reader is", () => {
  expect(format.minute(Date.UTC(2026, 2, 5, 23, 59))).toBe("Mar 5, 2026, 23:59");
  expect(format.date(Date.UTC(2026, 2, 5, 23, 59))).toBe("Mar 5, 2026");
  expect(format.month(Date.UTC(2026, 2, 1))).toBe("March 2026");
});

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b", "c"], "a, b and c"],
])("the list %j reads %j", (items, text) => expect(format.list(items)).toBe(text));

test("systems and processors are called as people call them, and silence is said", () => {
  expect(["windows", "darwin", "plan9", null].map(format.osName)).toEqual([
    "Windows",
    "macOS",
    "Plan9",
    "not stated",
  ]);
  expect(["amd64", "arm64", "riscv64", null].map(format.archName)).toEqual([
    "x86-64",
    "ARM, 64 bit",
    "riscv64",
    "not stated",
  ]);
});

test.each([
  [0, "0"],
  [0.004, "<0.01"],
  [0.098, "0.1"],
  [0.717, "0.72"],
  [4.24, "4.2"],
  [9.97, "10"],
  [39.6, "40"],
  [1234.5, "1,235"],
])("a rate of %d is written %s", (value, text) => expect(format.rate(value)).toBe(text));
