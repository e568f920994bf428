import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fit, fitName, nameWidth, raised, spread } from "../../reports/src/components/plot.ts";

describe("labels beside their lines", () => {
  test("keep apart, stay within the chart, and keep their order", () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(values, (ends) => {
        const placed = spread(ends, 0.1, 0, 1);
        const order = ends.map((_, index) => index).toSorted((a, b) => ends[a]! - ends[b]!);
        const gaps = order.slice(1).map((index, before) => placed[index]! - placed[order[before]!]!);
        expect(Math.min(...gaps, 1)).toBeGreaterThanOrEqual(0.1 - 1e-9);
        expect(Math.min(...placed)).toBeGreaterThanOrEqual(-1e-9);
        expect(Math.max(...placed)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test("stay where they are while they have room", () => {
    expect(spread([0.9, 0.1, 0.5], 0.1, 0, 1)).toEqual([0.9, 0.1, 0.5]);
  });
});

test("a label too long for its place ends in an ellipsis", () => {
  expect(fit("Atlas", 200)).toBe("Atlas");
  expect(fit("A very long name of a product", 80)).toMatch(/^A very.*…$/);
});

test("a name is cut off only where it does not fit, and then it fits", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.integer({ min: 60, max: 300 }), (name, widthPx) => {
      const shown = fitName(name, widthPx);
      const isWhole = nameWidth(name) <= widthPx;
      expect(shown === name || shown.endsWith("…")).toBe(true);
      expect([shown === name, nameWidth(shown) <= widthPx]).toEqual([isWhole, true]);
    }),
  );
  // Of the widest system font, 54 and 166 pixels were measured.
  expect(nameWidth("Windows")).toBeGreaterThan(54);
  expect(nameWidth("Annual, floating by the shift")).toBeGreaterThan(166);
});

test("labels anywhere in a chart never cover each other, and one with room stays", () => {
  const box = fc.record({
    left: fc.integer({ min: 0, max: 300 }),
    width: fc.integer({ min: 20, max: 120 }),
    bottom: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(fc.array(box, { maxLength: 8 }), (boxes) => {
      const bottoms = raised(boxes, 16);
      const covers = boxes.flatMap((one, a) =>
        boxes.filter(
          (other, b) =>
            a < b &&
            one.left < other.left + other.width &&
            other.left < one.left + one.width &&
            Math.abs(bottoms[a]! - bottoms[b]!) < 16,
        ),
      );
      expect(covers).toEqual([]);
      expect(boxes.every(({ bottom }, index) => bottoms[index]! >= bottom)).toBe(true);
    }),
  );
  expect(
    raised(
      [
        { left: 0, width: 50, bottom: 3 },
        { left: 60, width: 50, bottom: 3 },
      ],
      16,
    ),
  ).toEqual([3, 3]);
});
