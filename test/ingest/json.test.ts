import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { faultOfJson, MAX_DEPTH, MAX_MEMBERS } from "../../ingest/json.ts";
import { parseJson } from "../../ingest/request.ts";

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("JSON that can be read in one way only", () => {
  test.each([
    ["the same name twice", '{"amount":1,"amount":2}', "amount"],
    ["… once written with an escape", String.raw`{"amount":1,"amoun\u0074":2}`, "amount"],
    [
      "… below, in a list",
      '{"lines":[{"sku":"A"},{"quantity":1, "sku":"B", "quantity" : 9}]}',
      "lines[1].quantity",
    ],
    ["… with a value in between that looks like it", '{"a":"\\"a\\":1","b":{"a":1},"a":2}', "a"],
    ["__proto__", '{"customer":{"__proto__":{"admin":true}}}', "customer.__proto__"],
    ["__proto__ behind an escape", String.raw`{"\u005f_proto__":1}`, "__proto__"],
    ["NUL in a text", String.raw`{"customer":{"name":"Example\u0000"}}`, "customer.name"],
    ["half of a surrogate pair", String.raw`["a","\ud83d"]`, "[1]"],
    ["the other half first", String.raw`{"name":"\ude00\ud83d"}`, "name"],
    ["NUL in a name", String.raw`{"a\u0000b":1}`, "a�b"],
  ])("%s is refused by its path", (_what, text, field) => {
    expect(faultOfJson(text)).toMatchObject({ kind: "ambiguous", field });
    expect(parseJson(text)).toMatchObject({ ok: false, problem: { status: 400, code: "ambiguous_json" } });
  });

  test.each([
    ["a level too deep", deep(MAX_DEPTH + 1)],
    ["four megabytes of brackets", "[".repeat(4_000_000)],
    ["objects in objects", '{"a":'.repeat(100_000)],
    ["too many members", `[${"0,".repeat(MAX_MEMBERS + 1)}0]`],
  ])("%s is refused before it is parsed", (_what, text) => {
    expect(faultOfJson(text)).toMatchObject({ kind: "too_complex" });
    expect(parseJson(text)).toMatchObject({ ok: false, problem: { status: 413, code: "json_too_complex" } });
  });

  test.each([
    deep(MAX_DEPTH),
    String.raw`{"a":"\ud83d\ude00 \\ \" \n","b":{"a":1},"c":[{"a":1},{"a":2}]}`,
    '{"a":{},"b":[],"":0}',
    '"a":"a"',
  ])("%s is not refused for it", (text) => {
    expect(faultOfJson(text)).toBeNull();
  });

  test.each(['{"a":', '{"a', '"\\u12"', "}}]]", '["\\', "{,,,}"])(
    "the parser has the word on what is no JSON: %j",
    (text) => {
      expect(faultOfJson(text)).toBeNull();
      expect(parseJson(text)).toMatchObject({ ok: false, problem: { code: "malformed_json" } });
    },
  );

  test("whatever JSON.stringify writes is read as it was, however it is spaced", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 8, stringUnit: "binary" }),
        fc.constantFrom(undefined, 2, "\t"),
        (value, space) => {
          const text = JSON.stringify(value, null, space);
          fc.pre(!text.includes(String.raw`\u0000`) && !text.includes("__proto__"));
          const parsed = parseJson(text);
          expect(parsed).toEqual({ ok: true, value: JSON.parse(text) });
        },
      ),
    );
  });

  test("a name that comes a second time anywhere in a value is found", () => {
    const names = fc.uniqueArray(
      fc.string().filter((name) => !name.includes("\0") && name !== "__proto__"),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(names, fc.nat(), (all, pick) => {
        const again = all[pick % all.length] ?? "";
        const members = [...all, again].map((name) => `${JSON.stringify(name)}:[{"x":0}]`);
        expect(faultOfJson(`[[{"y":1}],{${members.join(",")}}]`)).toMatchObject({ kind: "ambiguous" });
      }),
    );
  });
});
