import { describe, expect, test } from "vitest";
import {
  type CurveRow,
  type SummaryRow,
  comparable,
  curveOf,
  estimateOfAll,
  leftOut,
  logRankSentence,
  segmentName,
  segmentsDrawn,
  segmentsOf,
  unreached,
  waitingLede,
} from "../../reports/src/components/waiting.ts";

const summary = (
  dimension: string,
  segment: string,
  entitlements: number,
  median: number | null,
): SummaryRow => ({
  dimension,
  segment,
  entitlements,
  activated: entitlements,
  median_days: median,
  median_low: median,
  median_high: median,
  p25_days: null,
  p25_low: null,
  p25_high: null,
  p75_days: null,
  p75_low: null,
  p75_high: null,
  share_day_1: null,
  share_day_1_low: null,
  share_day_1_high: null,
  share_day_7: null,
  share_day_7_low: null,
  share_day_7_high: null,
  share_day_30: null,
  share_day_30_low: null,
  share_day_30_high: null,
  share_day_90: null,
  share_day_90_low: null,
  share_day_90_high: null,
  mean_days_of_activated: null,
  left_out: 0,
});

const curve = (segment: string, day: number): CurveRow => ({
  dimension: "product",
  segment,
  day,
  survival: 0.5,
  survival_low: 0.4,
  survival_high: 0.6,
});

test("products stand by size, months of order by time", () => {
  const rows = [
    summary("product", "small", 10, 1),
    summary("product", "large", 90, 1),
    summary("cohort_month", "2026-02", 90, 1),
    summary("cohort_month", "2026-01", 10, 1),
  ];
  expect(segmentsOf(rows, "product").map((row) => row.segment)).toEqual(["large", "small"]);
  expect(segmentsOf(rows, "cohort_month").map((row) => row.segment)).toEqual(["2026-01", "2026-02"]);
});

test("six curves are drawn: of products the largest, of months the latest", () => {
  const products = Array.from({ length: 9 }, (_, n) => summary("product", `P${n}`, 100 - n, 1));
  const months = Array.from({ length: 9 }, (_, n) => summary("cohort_month", `2026-0${n + 1}`, 100 - n, 1));
  expect(segmentsDrawn(products, "product")).toEqual(["P0", "P1", "P2", "P3", "P4", "P5"]);
  expect(segmentsDrawn(months, "cohort_month").at(-1)).toBe("2026-09");
});

test("a curve is of one segment, day by day", () => {
  const rows = [curve("A", 30), curve("B", 1), curve("A", 0), curve("A", 7)];
  expect(curveOf(rows, "product", "A").map((row) => row.day)).toEqual([0, 7, 30]);
});

test("what stands as one segment is no choice to compare by, unless nothing else is", () => {
  const rows = [
    summary("product", "A", 9, 1),
    summary("product", "B", 9, 1),
    summary("brand", "Atlas", 18, 1),
    summary("region", "DE", 17, 1),
    summary("region", "(none)", 1, 1),
  ];
  const names = (given: readonly SummaryRow[]) => comparable(given).map(({ value }) => value);
  expect(names(rows)).toEqual(["product", "region"]);
  expect(names(rows.slice(2, 3))).toContain("brand");
});

test("where there is nothing, the first sentence says so of what was chosen", () => {
  expect(waitingLede(undefined)).toEqual([
    "No entitlement has been delivered yet of which it is known how long anyone waited.",
  ]);
  expect(waitingLede(undefined, "entitlements of Atlas CAD")).toEqual([
    "Of entitlements of Atlas CAD there are none that were delivered, or too few to tell of.",
  ]);
});

describe("rights that tell of no activation", () => {
  const row = (entitlements: number, left_out: number | null) => ({
    ...summary("all", "all", entitlements, null),
    left_out,
  });
  test.each<[string, number | null, string]>([
    ["many", 1200, " 1,200 rights brought in from other systems tell of no activation, and are left out."],
    ["one", 1, " 1 right brought in from another system tells of no activation, and is left out."],
    ["none", 0, ""],
    ["too few customers' to tell", null, ""],
  ])("are said to be left out: %s", (_name, rights, words) => expect(leftOut(row(9, rights))).toBe(words));

  test("may be all there is: then that is said, and nothing is drawn", () => {
    expect(waitingLede(row(0, 5))).toEqual([
      expect.stringMatching(/^Of all entitlements none tells of a wait\. 5 rights .* left out\.$/),
    ]);
    expect(estimateOfAll([row(0, 5)])).toBeUndefined();
    expect(estimateOfAll([row(1, 5)])).toMatchObject({ entitlements: 1 });
  });
});

test("a segment is called by its name where there is one", () => {
  expect(segmentName("product", "CAD", new Map([["CAD", "Atlas CAD"]]))).toBe("Atlas CAD");
  expect(segmentName("cohort_month", "2026-03")).toBe("March 2026");
  expect(segmentName("price_band", "high-touch")).toBe("High touch");
  expect(segmentName("price_band", "(none)")).toBe("No price band");
  expect(segmentName("region", "JP")).toBe("Japan");
  expect(segmentName("region", "(none)")).toBe("No country");
});

test("medians that are not reached are said, and by name", () => {
  const rows = [summary("product", "A", 9, 3), summary("product", "B", 9, null)];
  expect(unreached(rows, (segment) => `Product ${segment}`)).toMatch(
    /^Fewer than half .* for Product B: .*not yet reached/,
  );
  expect(unreached(rows.slice(0, 1), String)).toBeNull();
});

describe("the log-rank test in words", () => {
  test.each([
    [
      0.000_01,
      /^The products differ: .* less than once in a thousand times \(log-rank χ² 12\.3, 2 degrees of freedom\)\.$/,
    ],
    [0.02, /^The products differ: .* about 2 times in a hundred/],
    [0.4, /^No difference between the products is shown: .* 40 times in a hundred/],
    [null, /^There are not two products to compare yet\.$/],
  ])("p = %s", (p_value, text) =>
    expect(
      logRankSentence({ dimension: "product", chi_square: 12.34, degrees_of_freedom: 2, p_value }, "product"),
    ).toMatch(text),
  );
});
