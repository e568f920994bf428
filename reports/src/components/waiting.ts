// Pure. How long customers wait: what the rows are, what is chosen from them to be drawn, and what they say in words.

import { type Child, h } from "./dom.js";
import {
  averageDays,
  count,
  days,
  daysInterval,
  label,
  list,
  month,
  share,
  shareInterval,
} from "./format.js";
import { regionName } from "./scopes.js";

/** One day on one segment's curve, as it is drawn: days on which it moved too little to be seen are not there. */
export interface CurveRow {
  dimension: string;
  segment: string;
  day: number;
  survival: number;
  /** Null where the interval is undefined: where all have activated. */
  survival_low: number | null;
  survival_high: number | null;
}

/** What became of everyone by a day since delivery. */
export interface OutcomeRow {
  day: number;
  at_risk: number;
  incidence_activated: number;
  incidence_cancelled: number;
}

/** One segment, as the mart `time_to_activation_summary` has it. A quantile that is not reached is null. */
export interface SummaryRow {
  dimension: string;
  segment: string;
  entitlements: number;
  activated: number;
  median_days: number | null;
  median_low: number | null;
  median_high: number | null;
  p25_days: number | null;
  p25_low: number | null;
  p25_high: number | null;
  p75_days: number | null;
  p75_low: number | null;
  p75_high: number | null;
  share_day_1: number | null;
  share_day_1_low: number | null;
  share_day_1_high: number | null;
  share_day_7: number | null;
  share_day_7_low: number | null;
  share_day_7_high: number | null;
  share_day_30: number | null;
  share_day_30_low: number | null;
  share_day_30_high: number | null;
  share_day_90: number | null;
  share_day_90_low: number | null;
  share_day_90_high: number | null;
  mean_days_of_activated: number | null;
  /** Rights of other systems that tell of no activation, in no other number here; null where they are of too few customers. */
  left_out: number | null;
}

/** The log-rank test of one dimension's segments, as the mart `time_to_activation_test` has it. */
export interface TestRow {
  dimension: string;
  chi_square: number | null;
  degrees_of_freedom: number;
  p_value: number | null;
}

/** The dimensions by which the curves may be split, with the words for them. */
const dimensions = [
  { value: "product", name: "Product", plural: "products" },
  { value: "brand", name: "Brand", plural: "brands" },
  { value: "license_model", name: "License model", plural: "license models" },
  { value: "price_band", name: "Price band", plural: "price bands" },
  { value: "channel", name: "Channel", plural: "channels" },
  { value: "region", name: "Region", plural: "regions" },
  { value: "cohort_month", name: "Month of order", plural: "months of order" },
] as const;
export type Dimension = (typeof dimensions)[number]["value"];

/** More curves than this cannot be told apart; the table below the chart has all of them. */
const MAX_CURVES = 6;

/** A segment's name on the page. */
export function segmentName(dimension: string, segment: string, names?: ReadonlyMap<string, string>): string {
  if (dimension === "cohort_month") {
    const time = Date.parse(`${segment.slice(0, 7)}-01T00:00:00Z`);
    return Number.isNaN(time) ? segment : month(time);
  }
  // As the mart calls order lines that were sold without bands, and orders that tell no country.
  if (dimension === "region") return regionName(segment === "(none)" ? null : segment);
  if (segment === "(none)") return "No price band";
  return (
    names?.get(segment) ?? (dimension === "price_band" || dimension === "channel" ? label(segment) : segment)
  );
}

/** As SQL sorts texts: the curves are chosen there. */
const bySegment = (a: SummaryRow, b: SummaryRow) =>
  a.segment < b.segment ? -1 : Number(a.segment > b.segment);

/** The dimensions that can be compared: those of several segments; all, where there is none. */
export function comparable(summary: readonly SummaryRow[]): readonly (typeof dimensions)[number][] {
  const found = dimensions.filter(({ value }) => segmentsOf(summary, value).length > 1);
  return found.length > 0 ? found : dimensions;
}

/** The segments of a dimension: months in their order, all else by size. */
export function segmentsOf(summary: readonly SummaryRow[], dimension: string): SummaryRow[] {
  const order =
    dimension === "cohort_month"
      ? bySegment
      : (a: SummaryRow, b: SummaryRow) => b.entitlements - a.entitlements || bySegment(a, b);
  return summary.filter((row) => row.dimension === dimension).toSorted(order);
}

/** The segments that are drawn: of months the latest, of all else the largest. */
export function segmentsDrawn(summary: readonly SummaryRow[], dimension: string): string[] {
  const segments = segmentsOf(summary, dimension).map((row) => row.segment);
  return dimension === "cohort_month" ? segments.slice(-MAX_CURVES) : segments.slice(0, MAX_CURVES);
}

/** The line of the whole; none where nothing is known but what is left out. */
export const estimateOfAll = (summary: readonly SummaryRow[]): SummaryRow | undefined =>
  summary.find((row) => row.dimension === "all" && row.entitlements > 0);

/** A segment's curve. */
export function curveOf(curves: readonly CurveRow[], dimension: string, segment: string): CurveRow[] {
  return curves
    .filter((row) => row.dimension === dimension && row.segment === segment)
    .toSorted((a, b) => a.day - b.day);
}

/**
 * The page's first sentence: the number, its uncertainty and its definition.
 * @param whose such as `entitlements of Atlas CAD`; null where all are told of
 */
export function waitingLede(all: SummaryRow | undefined, whose: string | null = null): Child[] {
  if (all === undefined)
    return whose === null
      ? ["No entitlement has been delivered yet of which it is known how long anyone waited."]
      : [`Of ${whose} there are none that were delivered, or too few to tell of.`];
  if (all.entitlements === 0)
    return [`Of ${whose ?? "all entitlements"} none tells of a wait.${leftOut(all)}`];
  const { median_days: median, entitlements } = all;
  const whom = `${count(entitlements)} entitlements, counted in whole days from delivery of the activation code to the first bound seat`;
  if (median === null)
    return [
      whose === null
        ? "Fewer than half have activated so far: "
        : `Of ${whose} fewer than half are activated so far: `,
      h("strong", {}, `${share(all.share_day_30)} within 30 days`),
      all.share_day_30_low === null || all.share_day_30_high === null
        ? " "
        : ` (95% interval ${shareInterval(all.share_day_30_low, all.share_day_30_high)}) `,
      `of ${whom}; the median is not yet reached.`,
      leftOut(all),
    ];
  const interval =
    all.median_low === all.median_high && all.median_high !== null
      ? `the 95% interval is that day alone`
      : `95% interval ${daysInterval(all.median_low, all.median_high)}`;
  return [
    `Half of ${whose === null ? "all entitlements" : `the ${whose}`} are activated `,
    h("strong", {}, median === 0 ? "within the first day" : `in ${days(median)} or less`),
    ` (${interval}), of ${whom}.`,
    leftOut(all),
  ];
}

/** How many rights are in no estimate, in words that follow a sentence; none where there are none, or too few to tell of. */
export function leftOut({ left_out: rights }: SummaryRow): string {
  if (rights === null || rights === 0) return "";
  return rights === 1
    ? " 1 right brought in from another system tells of no activation, and is left out."
    : ` ${count(rights)} rights brought in from other systems tell of no activation, and are left out.`;
}

/** The two averages side by side, and why they differ. */
export function waitingFacts(all: SummaryRow): HTMLElement {
  const fact = (term: string, value: string, why: string) =>
    h("div", {}, h("dt", {}, term), h("dd", {}, value), h("dd", {}, why));
  return h(
    "dl",
    { class: "facts" },
    fact(
      "Median wait, counting everyone",
      days(all.median_days),
      "those who have not activated yet still wait, and count",
    ),
    fact(
      "Activated within 30 days",
      share(all.share_day_30),
      all.share_day_30_low === null || all.share_day_30_high === null
        ? ""
        : `95% interval ${shareInterval(all.share_day_30_low, all.share_day_30_high)}`,
    ),
    fact(
      "Plain average of those who did",
      averageDays(all.mean_days_of_activated),
      `leaves out the ${count(all.entitlements - all.activated)} that have not activated, and so flatters`,
    ),
  );
}

/** The log-rank test in words. */
export function logRankSentence(test: TestRow | undefined, dimension: Dimension): string {
  const { plural } = dimensions.find(({ value }) => value === dimension)!;
  if (test === undefined || test.p_value === null || test.degrees_of_freedom < 1)
    return `There are not two ${plural} to compare yet.`;
  const { p_value: p } = test;
  const figures = `log-rank χ² ${test.chi_square?.toFixed(1) ?? "–"}, ${count(test.degrees_of_freedom)} ${test.degrees_of_freedom === 1 ? "degree" : "degrees"} of freedom`;
  if (p < 0.05) {
    const odds =
      p < 0.001
        ? "less than once in a thousand times"
        : `about ${(p * 100).toFixed(p < 0.01 ? 1 : 0)} times in a hundred`;
    return `The ${plural} differ: were they all alike, chance would make differences as large ${odds} (${figures}).`;
  }
  return `No difference between the ${plural} is shown: chance alone would make differences as large ${Math.round(p * 100)} times in a hundred (${figures}).`;
}

/** The products that are too young to compare by an average: few of theirs had the time to activate late. */
export function unreached(
  segments: readonly SummaryRow[],
  nameOf: (segment: string) => string,
): string | null {
  const names = segments.filter((row) => row.median_days === null).map((row) => nameOf(row.segment));
  if (names.length === 0) return null;
  const shown = names.length > 4 ? [...names.slice(0, 3), `${count(names.length - 3)} more`] : names;
  return `Fewer than half have activated so far for ${list(shown)}: the median is not yet reached, and no average can stand in for it.`;
}
