import { expect, test } from "vitest";
import { type CohortRow, averageSentence, cohortNumbers } from "../../reports/src/components/cohorts.ts";
import type { SummaryRow } from "../../reports/src/components/waiting.ts";
import { sharePoints } from "../../reports/src/components/waitingShares.ts";

const month = (segment: string, activated: number, average: number | null, median: number | null) =>
  ({
    dimension: "cohort_month",
    segment,
    entitlements: activated * 2,
    activated,
    median_days: median,
    mean_days_of_activated: average,
  }) as SummaryRow;

test("the plain average is said to mislead with the oldest and the youngest month that say something", () => {
  const words = averageSentence([
    month("2026-01", 3, 99, 9),
    month("2026-02", 50, 11.2, 3),
    month("2026-03", 50, 6, 3),
    month("2026-04", 20, 1.8, 3),
    month("2026-05", 9, 1, 1),
  ]);
  expect(words).toMatch(
    /^By the plain average, customers seem to have become quicker: 11\.2 days for orders of February 2026, 1\.8 days for those of April 2026\./,
  );
  expect(words).toMatch(/50% have not; the medians, which count everyone, are both 3 days\.$/);
});

test("an average that did not fall is not said to have fallen", () => {
  const words = averageSentence([month("2026-02", 50, 2, 3), month("2026-03", 50, 6, 5)]);
  expect(words).not.toMatch(/quicker/);
  expect(words).toMatch(/the medians, which count everyone, are 3 days and 5 days\.$/);
});

test.each([
  ["one month", [month("2026-02", 50, 2, 3)]],
  ["months of a handful each", [month("2026-02", 4, 2, 3), month("2026-03", 4, 2, 3)]],
  ["months without a median", [month("2026-02", 40, 2, null), month("2026-03", 40, 2, null)]],
])("%s: nothing is compared", (_name, months) => expect(averageSentence(months)).toBeNull());

const cell = (segment: string, day: number, share: number | null): CohortRow => ({
  segment,
  day,
  entitlements: 40,
  watched: share === null ? 3 : 40,
  share,
  share_low: share,
  share_high: share,
});

test("a month is a row of the table, in the order of time, and what was not watched has no value", () => {
  const rows = [
    cell("2026-02", 30, null),
    cell("2026-02", 1, 0.5),
    cell("2026-01", 1, 0.25),
    cell("2026-01", 30, 0.75),
  ];
  expect(cohortNumbers(rows).csv().trim().split("\r\n")).toEqual([
    "Month of order,Entitlements,1 day,30 days",
    "2026-01,40,0.25,0.75",
    "2026-02,40,0.5,",
  ]);
});

test("a share that is not known yet has no dot; one of an undefined interval has a point for it", () => {
  const row = { segment: "A", share_day_1: 0.5, share_day_1_low: 0.4, share_day_1_high: 0.6, share_day_7: 1 };
  const points = sharePoints(
    [
      {
        ...row,
        share_day_7_low: null,
        share_day_7_high: null,
        share_day_30: null,
        share_day_90: null,
      } as SummaryRow,
    ],
    (segment) => `Product ${segment}`,
  );
  expect(points.map(({ segment, horizon, low, high }) => [segment, horizon, low, high])).toEqual([
    ["Product A", "Within 1 day", 0.4, 0.6],
    ["Product A", "Within 7 days", 1, 1],
  ]);
});
