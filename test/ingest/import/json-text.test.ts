// JSON as text: the same texts are JSON as for the parser, and each value stands where it was written.

import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import { elementsAt, endOfValue, faultIn, membersAt } from "../../../ingest/import/json-text.ts";

/** Whether a text is one value of JSON. */
const isJson = (text: string): boolean => faultIn(text) === null;

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("a text is JSON where the parser takes it", () => {
  // https://github.com/nst/JSONTestSuite names such cases; these are our own.
  test.each([
    "",
    " ",
    "1",
    "-0",
    "-",
    "01",
    "1.",
    ".5",
    "1e5",
    "1E+5",
    "1e",
    "+1",
    "0x1",
    "NaN",
    "Infinity",
    "true",
    "tru",
    "nullx",
    '"',
    '""',
    '"a',
    '"\\"',
    '"\\\\"',
    '"\\u00e4"',
    '"\\u00g4"',
    '"\\x"',
    '"\t"',
    '"\n"',
    "'a'",

    "[]",
    "[ ]",
    "[,]",
    "[1,]",
    "[1 2]",
    "[1",
    "[[]",
    "[]]",
    "[1]x",
    "{}",
    "{ }",
    "{,}",
    '{"a"}',
    '{"a":}',

    '{"a":1,}',
    '{"a" : 1 , "b":[ ] }',
    "{a:1}",
    '{"a":1 "b":2}',
    '{"a":{"b":[{}]}}',
    '{"a":1]',
    "[}",
    "{]",
    "\u00a01",
    "\ufeff1",
    "\v1",
    "1\f",
    " \r\n\t1 ",
    "// a\n1",
    "[1]/**/",
    '{"a":1}{"a":1}',
    "1 2",
    "\0",
  ])("%j", (text) => {
    expect(isJson(text)).toBe(parses(text));
  });

  test("whatever it is", () => {
    const any = fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\ \n01-+.eEtrufalsn\u00e4')) });
    const changed = fc.tuple(fc.json(), fc.nat(), any).map(([json, at, more]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + more.slice(0, 3) + json.slice(place + (at % 3));
    });
    assert(
      fc.property(fc.oneof(any, changed, fc.json()), (text) => isJson(text) === parses(text)),
      { numRuns: 3000 },
    );
  });

  test("but where it is nested deeper than anything that is read", () => {
    expect(isJson("[".repeat(64) + "]".repeat(64))).toBe(true);
    expect(isJson("[".repeat(65) + "]".repeat(65))).toBe(false);
    // Without recursion: a million levels are no more than a fault.
    expect(isJson('{"a":'.repeat(1_000_000))).toBe(false);
  });
});

describe("values are found", () => {
  const spaced = fc
    .tuple(fc.array(fc.jsonValue()), fc.constantFrom("", " ", "\n", "\r\n\t "))
    .map(([values, space]) => ({
      values,
      text: `[${space}${values.map((value) => `${JSON.stringify(value)}${space}`).join(`,${space}`)}]`,
    }));

  test("of a list, each as it was written", () => {
    fc.assert(
      fc.property(spaced, ({ values, text }) => {
        const found = Array.from(elementsAt(text, 0), ({ start, end }) => text.slice(start, end));
        expect(found).toEqual(values.map((value) => JSON.stringify(value)));
      }),
    );
  });

  test("of an object, each by its name", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        const found = membersAt(text, 0).map(([name, { start, end }]) => [
          name,
          JSON.parse(text.slice(start, end)),
        ]);
        expect(found).toEqual(Object.entries(JSON.parse(text) as object));
      }),
    );
  });

  test("also where a name comes twice", () => {
    expect(membersAt('{"a":1,"\\u0061":2}', 0).map(([name]) => name)).toEqual(["a", "a"]);
  });
});

test("a text that is cut off anywhere is at fault at its end, or is a shorter one", () => {
  assert(
    fc.property(fc.json(), fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
      const cut = text.slice(0, Math.floor(share * text.length));
      expect([null, cut.length]).toContain(faultIn(cut)?.offset ?? null);
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['{"a":1', 6, "cut off"],
  ["[tru", 4, "cut off"],
  ["[trx", 1, "a value"],
  ["[-1.5e+", 7, "cut off"],
  ["[01", 2, "a comma"],
  ['["\\u00', 6, "cut off"],
  ['{"a":"b', 7, "cut off"],
  ["[1, 2, x]", 7, "a value"],
  ['{"a":1,\n "b" 2}', 13, "a colon"],
  ['{"a":"x\ny"}', 7, "end of its line"],
  ['["\\q"]', 2, "an escape"],
])("the fault of %j is at %i, and says what should be there", (text, offset, message) => {
  const found = (() => {
    try {
      return endOfValue(text, 0);
    } catch (error) {
      return error;
    }
  })();
  expect(found).toMatchObject({ offset, message: expect.stringContaining(message) });
});
