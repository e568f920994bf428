import { describe, expect, test } from "vitest";
import { readMapping, ruleFor } from "../../../ingest/import/mapping.ts";

describe("a rule", () => {
  test.each([
    ["orbit/gui", "orbit/gui", true],
    ["Orbit/GUI", "orbit/gui", true],
    ["orbit/gui", "orbit/gui2", false],
    ["orbit/*", "orbit/gui", true],
    ["orbit/*", "orbit/", true],
    ["*", "", true],
    ["*", "anything", true],
    ["*gui", "orbit/gui", true],
    ["*gui", "gui/orbit", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "abc", true],
    ["a*b*c", "acb", false],
    ["ab*ba", "aba", false],
    ["a*a*a", "aa", false],
    ["floating, perm*", "Floating, Permanent", true],
    ["a.c", "abc", false],
  ])("%s fits %s: %s", (from, name, fits) => {
    expect(ruleFor([{ from }], name) !== undefined).toBe(fits);
  });

  test("is the first that fits", () => {
    const rules = [
      { from: "a*", id: 1 },
      { from: "ab", id: 2 },
    ];
    expect(ruleFor(rules, "ab")?.id).toBe(1);
  });

  test("of many stars takes no longer than its text is long", () => {
    expect(ruleFor([{ from: "*a".repeat(100) }], "b".repeat(100_000))).toBeUndefined();
  });
});

describe("a mapping", () => {
  test("says what a source is called, and whose what is", () => {
    const read = readMapping(
      "source: old-shop\ncustomerIds: ours\nproducts:\n  - { from: A*, sku: ATLAS }\n",
    );
    expect(read).toMatchObject({
      ok: true,
      mapping: {
        source: "old-shop",
        customerIds: "ours",
        products: [{ from: "A*", sku: "ATLAS" }],
        models: [],
      },
    });
  });

  test("that is empty has no rules", () => {
    expect(readMapping("")).toMatchObject({ ok: true, mapping: { products: [], customerIds: "theirs" } });
  });

  test.each([
    [
      "a field that there is none of",
      "products:\n  - from: A\n    sku: B\n    skuu: C\n",
      /^line 2: products\.0: .*skuu/,
    ],
    ["a value of another kind", "products:\n  - from: A\n    sku: 7 7\n", /^line 3: products\.0\.sku: /],
    ["a list that is none", "products: 7\n", /^line 1: products: /],
    ["YAML that is none", 'products:\n  - "A\n', /^line \d: /],
    ["names that stand for one another", "a: &a [1]\nb: *a\n", /./],
    ["a text", "hello\n", /^line 1: the mapping: /],
  ])("says where it does not fit: %s", (_, yaml, fault) => {
    const read = readMapping(yaml);
    expect(read.ok).toBe(false);
    expect(read.ok ? "" : read.faults[0]).toMatch(fault);
  });
});
