import { describe, expect, test } from "vitest";
import { inPeriod } from "../../reports/src/components/period.ts";
import {
  currenciesOf,
  movementBars,
  movementParts,
  recurringLine,
  type RecurringRow,
  renewalRates,
  revenueBars,
} from "../../reports/src/components/revenue.ts";
import { sentenceOf } from "../../reports/src/components/scopes.ts";

const recurring = (
  currency: string,
  entitlements: number,
  more: Partial<RecurringRow> = {},
): RecurringRow => ({
  month_at: Date.UTC(2026, 0, 1),
  scope: "",
  currency,
  opening: 0,
  new: 0,
  expansion: 0,
  contraction: 0,
  churn: 0,
  reactivation: 0,
  closing: 0,
  entitlements,
  is_partial: false,
  ...more,
});

test("the currency of most entitlements in the newest month stands first; one with revenue alone is there too", () => {
  const rows = [recurring("EUR", 90), recurring("USD", 5), recurring("EUR", 4), recurring("USD", 6)];
  expect(currenciesOf(rows, [{ currency: "JPY" }, { currency: "USD" }])).toEqual(["USD", "EUR", "JPY"]);
});

test("no movement is lost between the table and the chart", () => {
  const row = recurring("EUR", 1, { new: 5, expansion: 3, contraction: -2, churn: -7, reactivation: 11 });
  const bars = movementBars([row]);
  expect(bars.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(10);
  expect(bars.map(({ part }) => part)).toEqual(movementParts.parts);
  expect(new Set(movementParts.colors).size).toBe(movementParts.parts.length);
});

test("a month that may not be told has no point, and is no zero", () => {
  const rows = [recurring("EUR", 9, { closing: 5 }), recurring("EUR", 9, { closing: null, churn: null })];
  expect(recurringLine(rows)[0]?.points.map(({ value }) => value)).toEqual([5]);
  expect(movementBars(rows.slice(1)).map(({ value }) => value)).toContain(null);
});

test.each([
  ["", "No seat is over."],
  ["Germany", "For Germany, no seat is over."],
  ["United States", "For the United States, no seat is over."],
])("a sentence of what is chosen, %j, says so first", (words, said) =>
  expect(sentenceOf("No seat is over.", words)).toBe(said),
);

test.each([
  [24, "2024-12"],
  [12, "2025-12"],
  [6, "2026-06"],
])("%d months are those up to the newest that has begun, and what is foretold", (wanted, first) => {
  const months = Array.from({ length: 40 }, (_, n) => ({ month_at: Date.UTC(2024, n, 1) }));
  const shown = inPeriod(months, wanted, Date.UTC(2026, 10, 30));
  expect(new Date(shown[0]!.month_at).toISOString().slice(0, 7)).toBe(first);
  expect(shown.at(-1)).toEqual(months.at(-1));
  // A month that begins with the as-of time has not begun.
  expect(inPeriod(months, wanted, Date.UTC(2026, 11, 1))[0]).toEqual(shown[0]);
});

test("a month that has not ended is told apart", () => {
  const month = (is_scheduled: boolean) => ({
    month_at: 0,
    scope: "",
    currency: "EUR",
    booked: 1,
    recognized: 2,
    released: 0,
    deferred: 3,
    is_scheduled,
  });
  expect(revenueBars([month(false), month(true)], "deferred")).toEqual([
    { month_at: 0, part: "Until now", value: 3 },
    { month_at: 0, part: "As it comes if nothing changes", value: 3 },
  ]);
});

describe("a renewal rate is of terms that ended, with Wilson's interval", () => {
  test.each([
    [81, 263, 0.308, 0.2553, 0.3662],
    [0, 20, 0, 0, 0.1611],
  ])("%d of %d", (renewed, due, share, low, high) => {
    const [rate] = renewalRates([
      {
        month_at: 0,
        scope: "",
        currency: "EUR",
        terms_due: due,
        terms_renewed: renewed,
        terms_renewed_in_time: renewed,
        is_partial: false,
      },
    ]);
    expect(rate?.share).toBeCloseTo(share, 3);
    expect(rate?.low).toBeCloseTo(low, 4);
    expect(rate?.high).toBeCloseTo(high, 4);
  });
});
