import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { poisson, wilson } from "../../reports/src/components/interval.ts";

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
describe("Wilson's interval is the published one", () => {
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("%d of %d", (successes, trials, low, high) => {
    expect(wilson(successes, trials).low).toBeCloseTo(low, 4);
    expect(wilson(successes, trials).high).toBeCloseTo(high, 4);
  });
});

// Garwood, Biometrika 28 (1936); 25 as GraphPad's manual has it, 100 as tables of chi-square give it.
describe("Garwood's interval is the published one", () => {
  test.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [2, 0.2422, 7.225],
    [5, 1.6235, 11.668],
    [10, 4.795, 18.39],
    [25, 16.18, 36.9],
    [100, 81.36, 121.63],
  ])("%d events", (events, low, high) => {
    expect(poisson(events).low).toBeCloseTo(low, 2);
    expect(poisson(events).high).toBeCloseTo(high, 2);
  });
});

test("nothing tried says nothing", () => expect(wilson(0, 0)).toEqual({ low: 0, high: 1 }));

test("an interval holds what was seen, and narrows with more of it", () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.integer({ min: 1, max: 5000 }), (part, rest) => {
      const { low, high } = wilson(part, part + rest);
      const share = part / (part + rest);
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      const more = wilson(part * 4, (part + rest) * 4);
      expect(more.high - more.low).toBeLessThan(high - low);
    }),
  );
});

test("large counts come to the normal approximation with Wilson and Hilferty's correction", () => {
  for (const events of [500, 5_000, 200_000]) {
    const { low, high } = poisson(events);
    const cube = (n: number, z: number) => n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3;
    expect(low / cube(events, -1.96)).toBeCloseTo(1, 4);
    expect(high / cube(events + 1, 1.96)).toBeCloseTo(1, 4);
  }
});
