import { expect, test } from "vitest";
import {
  type ComplianceMonth,
  findingBars,
  hasSome,
  kindsOf,
  refusalBars,
} from "../../reports/src/components/compliance.ts";
import { monthTicks } from "../../reports/src/components/monthBars.ts";

const [january, february] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)];

const month = (month_at: number, rule: string, more: Partial<ComplianceMonth>): ComplianceMonth => ({
  month_at,
  scope: "",
  rule,
  refusals: 0,
  overdraft_seats: 0,
  cloned_hosts: 0,
  ...more,
});

test("a month without a finding is zero, and one that may not be told is none", () => {
  const rows = [
    month(january, "seats", { refusals: 3 }),
    month(february, "", { overdraft_seats: null, cloned_hosts: null }),
  ];
  const bars = findingBars(rows, "cloned_hosts", "Hosts");
  expect(bars.map(({ value }) => value)).toEqual([0, null]);
  expect(hasSome(bars)).toBe(true);
  expect(hasSome(bars.slice(0, 1))).toBe(false);
});

test("the five rules that refuse most have a part each, all others one together", () => {
  const rules = ["seats", "term", "status", "rehosts", "repairs", "returns", "host"];
  const rows = rules.map((rule, index) => month(january, rule, { refusals: 10 - index }));
  const { parts, bars } = refusalBars([...rows, month(february, "seats", { refusals: null })]);
  expect(parts).toHaveLength(6);
  expect(parts.slice(0, 2)).toEqual(["No seat left", "Outside the term"]);
  const of = (month_at: number) => bars.filter((bar) => bar.month_at === month_at).map(({ value }) => value);
  expect(of(january)).toEqual([10, 9, 8, 7, 6, 5 + 4]);
  expect(of(february)).toEqual([null, 0, 0, 0, 0, 0]);
});

test("rules that few customers met are among the others, however often they refused", () => {
  const { parts, bars } = refusalBars([
    month(january, "seats", { refusals: 3 }),
    month(january, "few", { refusals: 9 }),
    month(february, "few", { refusals: null }),
  ]);
  expect(parts).toEqual(["No seat left", "Other rules"]);
  expect(bars.map(({ value }) => value)).toEqual([3, 9, 0, null]);
});

test("products and models of one measure are told apart", () => {
  const kind = (measure: string, dimension: string) => ({
    scope: "",
    measure,
    dimension,
    name: "A",
    is_other: false,
    total: 2,
    customers: 1,
  });
  const rows = [kind("clones", "product"), kind("clones", "model"), kind("refusals", "product")];
  expect(kindsOf(rows, "clones", "product").map(({ value }) => value)).toEqual([2]);
  // What is told together alone is the whole once more.
  expect(kindsOf([{ ...rows[0]!, is_other: true }], "clones", "product")).toEqual([]);
});

test("the newest month is named whatever the width, and names keep apart", () => {
  const months = Array.from({ length: 24 }, (_, n) => Date.UTC(2026, n, 1));
  for (const width of [300, 600, 1100]) {
    const named = monthTicks(months, width);
    expect(named.at(-1)).toBe(months.at(-1));
    expect(named.length * 74).toBeLessThanOrEqual(width);
  }
});
