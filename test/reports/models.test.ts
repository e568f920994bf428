import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Flow, type MoveRow, flowLayout, flowsOf } from "../../reports/src/components/modelFlow.ts";
import {
  type ModelUtilizationRow,
  lastMonths,
  memberName,
  overdraftLines,
  trendLines,
  utilizationLines,
} from "../../reports/src/components/modelTrends.ts";

const same = (name: string) => name;

describe("models by month", () => {
  const told = Array.from({ length: 9 }, (_, n) =>
    [0, 1].map((month_at) => ({ month_at, member: `M${n}`, value: n + month_at })),
  ).flat();

  test("are the six largest of the newest month, and the others together", () => {
    const lines = trendLines(told, same, true);
    expect(lines.map(({ name }) => name)).toEqual(["M8", "M7", "M6", "M5", "M4", "M3", "3 others"]);
    expect(lines.at(-1)!.points.map(({ value }) => value)).toEqual([0 + 1 + 2, 1 + 2 + 3]);
  });

  test("are together with what the query put together, however much that is", () => {
    const lines = trendLines(
      [...told, ...[0, 1].map((month_at) => ({ month_at, member: "rest", value: 50 }))],
      (member) => memberName([], "model", member),
      true,
    );
    expect(lines.map(({ name }) => name)).toEqual(["M8", "M7", "M6", "M5", "M4", "M3", "All others"]);
    expect(lines.at(-1)!.points.map(({ value }) => value)).toEqual([53, 56]);
  });

  test("are not summed where they do not add up", () => {
    expect(trendLines(told, same, false)).toHaveLength(6);
  });

  test("are zero in a month of which nothing is told", () => {
    const lines = trendLines(
      [
        { month_at: 0, member: "a", value: 4 },
        { month_at: 1, member: "b", value: 2 },
      ],
      same,
      true,
    );
    expect(lines.map(({ name, points }) => [name, ...points.map(({ value }) => value)])).toEqual([
      ["b", 0, 2],
      ["a", 4, 0],
    ]);
  });

  test("of a period are those of its last months", () => {
    expect([...new Set(lastMonths(told, 1).map((row) => row.month_at))]).toEqual([1]);
  });
});

describe("utilization", () => {
  const used = (month_at: number, model: string, bought: number, peak: number, overdraft = 0) =>
    ({
      month_at,
      scope: "",
      license_model: model,
      metric: "floating",
      bought,
      peak,
      overdraft,
    }) satisfies ModelUtilizationRow;
  const rows = [used(0, "a", 10, 4), used(0, "b", 30, 30), used(1, "a", 0, 0), used(1, "b", 30, 33, 3)];

  test("is the peak as a share of what was bought, and nothing where nothing was", () => {
    expect(utilizationLines(rows, same, "model")).toEqual([
      {
        name: "b",
        points: [
          { month_at: 0, value: 1 },
          { month_at: 1, value: 1.1 },
        ],
      },
      { name: "a", points: [{ month_at: 0, value: 0.4 }] },
    ]);
  });

  test("of a metric is that of its seats, not the mean of its models", () => {
    expect(utilizationLines(rows, same, "metric")[0]!.points[0]).toEqual({ month_at: 0, value: 34 / 40 });
  });

  test("shows seats beyond those bought only of models that had some", () => {
    expect(overdraftLines(rows, same)).toEqual([
      {
        name: "b",
        points: [
          { month_at: 0, value: 0 },
          { month_at: 1, value: 3 },
        ],
      },
    ]);
    expect(overdraftLines(rows.slice(0, 2), same)).toEqual([]);
  });
});

describe("moves between models", () => {
  const move = (
    occasion: MoveRow["occasion"],
    from: string,
    to: string,
    all: number,
    year: number,
  ): MoveRow => ({
    scope: "",
    occasion,
    from_model: from,
    to_model: to,
    entitlements: all,
    entitlements_year: year,
    seats: all,
  });
  const rows = [
    move("renewal", "a", "a", 50, 20),
    move("upgrade", "a", "a", 5, 0),
    move("upgrade", "a", "b", 9, 4),
  ];

  test.each([
    [
      "all",
      { occasion: "", isYear: false, isMovesOnly: false },
      [
        ["a", "a", 55],
        ["a", "b", 9],
      ],
    ],
    [
      "upgrades",
      { occasion: "upgrade", isYear: false, isMovesOnly: false },
      [
        ["a", "b", 9],
        ["a", "a", 5],
      ],
    ],
    ["of the last year", { occasion: "upgrade", isYear: true, isMovesOnly: false }, [["a", "b", 4]]],
    ["only moves", { occasion: "", isYear: false, isMovesOnly: true }, [["a", "b", 9]]],
    ["only moves at renewals: none", { occasion: "renewal", isYear: false, isMovesOnly: true }, []],
  ])("%s", (_, wanted, expected) => {
    expect(flowsOf(rows, wanted, same).map(({ from, to, value }) => [from, to, value])).toEqual(expected);
  });

  test("every band is as thick where it arrives as where it leaves, and bars hold all of theirs", () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e");
    const flows = fc.uniqueArray(
      fc.record({ from: name, to: name, value: fc.integer({ min: 1, max: 5000 }) }),
      { minLength: 1, maxLength: 20, selector: ({ from, to }: Flow) => from + to },
    );
    fc.assert(
      fc.property(flows, fc.constantFrom(0, 16), (given, labelPx) => {
        const { stops, bands, height } = flowLayout(given, labelPx);
        expect(bands).toHaveLength(given.length);
        const total = given.reduce((sum, { value }) => sum + value, 0);
        for (const { leaves, arrives, value } of bands) {
          expect(leaves[1] - leaves[0]).toBeCloseTo((240 * value) / total);
          expect(arrives[1] - arrives[0]).toBeCloseTo((240 * value) / total);
        }
        for (const side of [0, 1] as const) {
          const bars = stops.filter((stop) => stop.side === side);
          expect(bars.reduce((sum, stop) => sum + stop.value, 0)).toBe(total);
          const gaps = bars.slice(1).map((stop, before) => stop.top - bars[before]!.bottom);
          expect(Math.min(...gaps, 99)).toBeGreaterThan(labelPx);
          expect(Math.max(...bars.map(({ bottom }) => bottom))).toBeLessThanOrEqual(height + 1e-6);
        }
      }),
    );
  });
});
