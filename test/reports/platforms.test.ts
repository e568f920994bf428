import { describe, expect, test } from "vitest";
import { type EndRow, endBars, endsOf } from "../../reports/src/components/platformEnds.ts";
import {
  type PlatformMonthEndRow,
  type PlatformUnit,
  countsCustomers,
  platformTrend,
} from "../../reports/src/components/platformTrend.ts";
import { mixParts, platformName, platformParts, processors } from "../../reports/src/components/platforms.ts";
import {
  type PlatformWeekRow,
  adoptions,
  lastWeeks,
  platformLines,
} from "../../reports/src/components/platformWeeks.ts";

const week = (n: number): number => Date.parse("2026-01-05T00:00:00Z") + n * 7 * 86_400_000;

const version = (member: string, n: number, hosts: number, first: number): PlatformWeekRow => ({
  week_at: week(n),
  scope: "",
  dimension: "application",
  member,
  hosts,
  first_week_at: week(first),
});

test.each([
  ["system", "darwin", "macOS"],
  ["system", "", "not stated"],
  ["system", "few", "Fewer than 5 customers"],
  ["version", "windows 11", "Windows 11"],
  ["version", "linux Ubuntu 24.04", "Linux Ubuntu 24.04"],
  ["version", "linux ", "Linux (version not stated)"],
  ["version", "rest", "All others"],
  ["processor", "arm64", "ARM, 64 bit"],
  ["application", "8.1", "Version 8.1"],
  ["application", "", "Version not stated"],
] as const)("of the dimension %s, “%s” is called %s", (dimension, member, name) => {
  expect(platformName(dimension, member)).toBe(name);
});

describe("hosts week by week", () => {
  const rows = [
    version("1", 0, 6, 0),
    version("rest", 0, 4, 0),
    version("1", 1, 2, 0),
    version("2", 1, 6, 1),
    version("rest", 1, 12, 0),
  ];

  const points = rows.map(({ week_at: at, dimension, member, hosts: value }) => ({
    at,
    dimension,
    member,
    value,
  }));

  test("stand with the largest first, and all others last however many they are", () => {
    expect(platformLines(points, "application", false)).toEqual([
      { name: "Version 2", points: [0, 6].map((value, n) => ({ month_at: week(n), value })) },
      { name: "Version 1", points: [6, 2].map((value, n) => ({ month_at: week(n), value })) },
      { name: "All others", points: [4, 12].map((value, n) => ({ month_at: week(n), value })) },
    ]);
  });

  test("as shares come to a whole in each week", () => {
    const lines = platformLines(points, "application", true);
    for (const n of [0, 1])
      expect(lines.reduce((sum, line) => sum + line.points[n]!.value, 0)).toBeCloseTo(1);
  });

  test("of a period are those of its last weeks", () => {
    expect(lastWeeks(rows, 1).map((row) => row.week_at)).toEqual([week(1), week(1), week(1)]);
    expect(lastWeeks([], 1)).toEqual([]);
  });
});

describe("platforms over time", () => {
  const weeks = [0, 60, 103].map((n) => ({ ...version("1", n, n + 1, 0), dimension: "system" as const }));
  const monthEnds = (scope: string): PlatformMonthEndRow[] =>
    [1, 2].flatMap((n) => [
      { month_at: n, scope, dimension: "system", member: "linux", hosts: 10 * n, customers: 2 * n },
      { month_at: n, scope, dimension: "system", member: "rest", hosts: 30 * n, customers: null },
      { month_at: n, scope, dimension: "version", member: "linux 6", hosts: 10 * n, customers: null },
    ]);
  const of = (scope: string, unit: PlatformUnit, months = 24) =>
    platformTrend(weeks, monthEnds(scope), {
      scope,
      words: scope === "" ? "" : "Germany",
      dimension: "system",
      unit,
      months,
    });
  const values = ({ lines }: { lines: { points: { value: number }[] }[] }) =>
    lines.map(({ points }) => points.map(({ value }) => value));

  test.each([
    ["are weeks where weeks know what is asked", "", "hosts", 24, "week", [[1, 61, 104]]],
    ["are weeks of the period", "", "hosts", 12, "week", [[61, 104]]],
    [
      "are month ends of a region",
      "region:DE",
      "hosts",
      24,
      "month",
      [
        [10, 20],
        [30, 60],
      ],
    ],
    [
      "are shares of all hosts at a month’s end",
      "region:DE",
      "share",
      24,
      "month",
      [
        [0.25, 0.25],
        [0.75, 0.75],
      ],
    ],
    [
      "are customers where they were counted, never of what was put together",
      "",
      "customers",
      24,
      "month",
      [[2, 4]],
    ],
    ["are the last month ends of a period", "region:DE", "customers", 1, "month", [[4]]],
  ] as const)("%s", (_, scope, unit, months, step, expected) => {
    const trend = of(scope, unit, months);
    expect(trend.step).toBe(step);
    expect(values(trend)).toEqual(expected);
    expect(trend.title.endsWith(": Germany")).toBe(scope !== "");
  });

  test("can be counted as customers only where some are known", () => {
    expect(countsCustomers(monthEnds(""), "system")).toBe(true);
    expect(countsCustomers(monthEnds(""), "version")).toBe(false);
  });
});

describe("how versions spread", () => {
  test("is counted in weeks since the first host, as a share of all that were heard of", () => {
    const [two] = adoptions([
      version("1", 0, 8, 0),
      version("1", 3, 6, 0),
      version("2", 3, 2, 3),
      version("1", 5, 1, 0),
      version("2", 5, 3, 3),
    ]);
    expect(two).toMatchObject({
      name: "Version 2",
      points: [
        { month_at: 0, value: 0.25 },
        { month_at: 2, value: 0.75 },
      ],
      hosts: 3,
      peak: 0.75,
    });
  });

  test("is not told of a version that was there before records began, nor of what is no version", () => {
    const rows = [version("1", 0, 8, 0), version("", 1, 6, 1), version("rest", 1, 2, 1)];
    expect(adoptions(rows)).toEqual([]);
    expect(adoptions([])).toEqual([]);
  });
});

describe("the end of support", () => {
  const end = (member: string, currency: string, facts: Partial<EndRow>): EndRow => ({
    scope: "",
    dimension: "version",
    member,
    currency,
    hosts: 9,
    customers: 7,
    customers_only: 5,
    entitlements: 6,
    seats: 20,
    amount: null,
    ...facts,
  });

  test("is ranked by who depends on a version, with money of each currency by itself", () => {
    const ends = endsOf(
      [
        end("windows 10", "", { customers_only: 2 }),
        end("windows 11", "", {}),
        end("windows 11", "EUR", { amount: 500 }),
        end("windows 11", "JPY", { amount: 70 }),
        end("8.0", "", { dimension: "application" }),
      ],
      "version",
    );
    expect(endBars(ends)).toEqual([
      { name: "Windows 11", value: 5 },
      { name: "Windows 10", value: 2 },
    ]);
    expect(ends[0]!.money).toEqual([
      { currency: "EUR", amount: 500 },
      { currency: "JPY", amount: 70 },
    ]);
  });

  test("may not be told of few customers: no bar, which would say none, and last in the table", () => {
    const ends = endsOf(
      [end("a 1", "", { customers_only: null, hosts: 90 }), end("b 1", "", { customers_only: 6 })],
      "version",
    );
    expect(ends.map(({ member }) => member)).toEqual(["b 1", "a 1"]);
    expect(endBars(ends)).toHaveLength(1);
  });
});

test("what is not stated stands last, though it be the most", () => {
  const of = (dimension: "system" | "processor", osType: string, member: string, hosts: number) => ({
    scope: "",
    dimension,
    os_type: osType,
    member,
    hosts,
    customers: hosts,
  });
  const rows = [
    of("system", "", "", 50),
    of("system", "linux", "linux", 10),
    of("system", "windows", "windows", 20),
    of("processor", "linux", "amd64", 10),
    of("processor", "windows", "arm64", 5),
    of("processor", "windows", "amd64", 15),
  ];
  expect(platformParts(rows, "system").map(({ name }) => name)).toEqual(["Windows", "Linux", "not stated"]);
  expect(processors(rows).map(({ system, value }) => [system, value])).toEqual([
    ["Windows", 15],
    ["Windows", 5],
    ["Linux", 10],
  ]);
});

test("systems keep their order within each product, and what is not among them stands last", () => {
  const rows = ["few", "linux", "windows"].map((os_type) => ({
    scope: "",
    dimension: "product",
    member: "CAD",
    os_type,
    hosts: 3,
  }));
  expect(mixParts(rows, "product", ["Windows", "Linux"], (member) => member).map(({ part }) => part)).toEqual(
    ["Windows", "Linux", "Fewer than 5 customers"],
  );
  expect(mixParts(rows, "band", [], (member) => member)).toEqual([]);
});
