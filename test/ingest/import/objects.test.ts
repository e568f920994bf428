// Exports in JSON, in every form that people save them in.

import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Holds } from "../../../ingest/import/held.ts";
import { objectIn, objectsOf } from "../../../ingest/import/objects.ts";
import { type Source, SourceFault } from "../../../ingest/importers/importer.ts";
import { damaged, endsInPlaces } from "../importers/json-support.ts";
import { sourceOf } from "../importers/support.ts";

/** What a file in these tests holds its objects in. */
const holds: Holds = (fields) => (fields.has("list") ? ["list"] : null);

const read = (content: string | Uint8Array, encoding?: string) =>
  Array.fromAsync(objectsOf(sourceOf(content, "file", encoding), holds));

/** What is found, each as its place and its text, or what is wrong with it. */
async function found(content: string | Uint8Array, encoding?: string): Promise<string[]> {
  return (await read(content, encoding)).map((it) => {
    const { line, column, at } = it.place;
    return `${line}:${column}${at === undefined ? "" : ` ${at}`} ${it.ok ? it.text : `! ${it.detail}`}`;
  });
}

async function faultOf(content: string | Uint8Array): Promise<SourceFault> {
  try {
    await read(content);
  } catch (error) {
    if (error instanceof SourceFault) return error;
    throw error;
  }
  throw new Error("it was read");
}

describe("objects are found", () => {
  test.each<[string, string, string[]]>([
    ["one by itself", '{"a":1}', ['1:1 {"a":1}']],
    ["one over lines", '\n  {\n "a": 1 }\n', ['2:3 {\n "a": 1 }']],
    ["a list", '[{"a":1},\n {"b":2}]', ['1:2 [0] {"a":1}', '2:2 [1] {"b":2}']],
    ["an object that holds a list", '{"list":[{"a":1}]}', ['1:10 list[0] {"a":1}']],
    ["an object that holds one", '{"list":{"a":1}}', ['1:9 list {"a":1}']],
    ["a list of those", '[{"list":[1]},{"list":[{}]}]', ["1:11 [0].list[0] 1", "1:24 [1].list[0] {}"]],
    [
      "what is beside the list is passed over with it",
      '{"n":1,"list":[{}],"more":true}',
      ["1:16 list[0] {}"],
    ],
    ["nothing", "[]", []],
    ["a list of nothing", '{"list":[]}', []],
    ["no object", "7", ["1:1 7"]],
    ["lists in lists, up to four levels", "[[[[[1]]]]]", ["1:5 [0][0][0][0] [1]"]],
    ["a line each", '{"a":1}\n{"b":2}\n', ['1:1 {"a":1}', '2:1 {"b":2}']],
    [
      "a line each, with blank ones and CR LF",
      '\r\n{"a":1}\r\n\r\n \r\n{"b":2}',
      ['2:1 {"a":1}', '5:1 {"b":2}'],
    ],
    [
      "a line each, that holds several",
      '{"list":[1,2]}\n{"b":2}',
      ["1:10 list[0] 1", "1:12 list[1] 2", '2:1 {"b":2}'],
    ],
    ["one line that holds several", '{"list":[1,2]}', ["1:10 list[0] 1", "1:12 list[1] 2"]],
    [
      "over lines that begin like objects",
      '{"list": [\n{"a":1},\n{"b":2}\n]}',
      ['2:1 list[0] {"a":1}', '3:1 list[1] {"b":2}'],
    ],
    ["a byte order mark before it", '\ufeff{"a":1}', ['1:1 {"a":1}']],
  ])("%s", async (_what, content, expected) => {
    expect(await found(content)).toEqual(expected);
  });

  test("in other encodings, where they are named", async () => {
    const text = '[{"name":"Müller"}]';
    expect(await found(Buffer.from(`\ufeff${text}`, "utf16le"), "utf-16le")).toEqual([
      `1:2 [0] ${text.slice(1, -1)}`,
    ]);
    expect(await found(Buffer.from(text, "latin1"), "windows-1252")).toEqual([
      `1:2 [0] ${text.slice(1, -1)}`,
    ]);
  });

  test("a faulty line costs its neighbors nothing, wherever it is", async () => {
    expect(await found('{"a":1}\n{"b":\n{"c":3}\n{"d":4}}\n{"e":5}')).toEqual([
      '1:1 {"a":1}',
      "2:6 ! The text ends where a value should be: it was cut off.",
      '3:1 {"c":3}',
      "4:8 ! Here should be the end: this is no JSON.",
      '5:1 {"e":5}',
    ]);
    expect((await found('{"a":1\n{"b":2}\n'))[1]).toBe('2:1 {"b":2}');
  });
});

/** A file of pieces, and how many of them were asked for. */
function counted(pieces: Iterable<string>): { source: Source; given: () => number } {
  let given = 0;
  const source: Source = {
    name: "long",
    size: Infinity,
    encoding: undefined,
    async *bytes() {
      for (const piece of pieces) {
        given += 1;
        yield Buffer.from(piece);
      }
    },
  };
  return { source, given: () => given };
}

function* forever(piece: string): Generator<string> {
  for (;;) yield piece;
}

describe("a file is refused, and where", () => {
  test.each<[string, string, object, string]>([
    ["that is empty", "", { line: 1, column: 1 }, "empty"],
    ["of white space", " \n\t\n", { line: 1, column: 1 }, "empty"],
    ["of text", "Hello,\nworld", { line: 1, column: 1 }, "a value"],
    ["that was cut off", '[{"a":1},\n{"b":2', { line: 2, column: 7 }, "cut off"],
    ["with a comma too many", '[{"a":1},\n]', { line: 2, column: 1 }, "a value"],
    ["with more after it", "[1]\n[2]", { line: 2, column: 1 }, "the end"],
    ["with a holder twice", '{"list":[1],"list":[2]}', { line: 1, column: 1 }, "twice"],
    ["nested without end", `[1,\n${'{"a":'.repeat(1_000_000)}`, { line: 2 }, "levels deep"],
    ["of brackets", "[".repeat(1_000_000), { line: 1, column: 69 }, "levels deep"],
    [
      "that is a quote that never ends",
      `["${"x".repeat(1_000_000)}`,
      { line: 1, column: 1_000_003 },
      "cut off",
    ],
  ])("%s", async (_what, content, place, message) => {
    const fault = await faultOf(content);
    expect(fault.place).toMatchObject(place);
    expect(fault.message).toContain(message);
    // It says nothing of what stands there.
    expect(fault.message.length).toBeLessThan(200);
  });

  test.each<[string, Uint8Array, string]>([
    ["binary", new Uint8Array([0x7b, 0, 1, 2]), "zero byte"],
    ["no UTF-8", new Uint8Array([0x5b, 0x22, 0xfc, 0x22, 0x5d]), "windows-1252"],
    ["in UTF-16", new Uint8Array(Buffer.from("\ufeff[]", "utf16le")), "--encoding utf-16le"],
    ["compressed", new Uint8Array([0x1f, 0x8b, 8, 0]), "gzip"],
    ["a zip archive", new Uint8Array([0x50, 0x4b, 3, 4]), "zip"],
  ])("that is %s", async (_what, content, message) => {
    expect((await faultOf(content)).message).toContain(message);
  });

  test.each([
    ["one line that never ends", "x".repeat(1 << 20)],
    ["one array that never ends", `${"[".repeat(1)}${" ".repeat(1 << 20)}`],
    ["blank lines for ever", "\n".repeat(1 << 20)],
    ["one text that never ends", `["${"x".repeat(1 << 20)}`],
    ["one number that never ends", "1".repeat(1 << 20)],
  ])("of %s, with bounded memory", async (_what, piece) => {
    await expect(Array.fromAsync(objectsOf(counted(forever(piece)).source, holds))).rejects.toThrow(
      SourceFault,
    );
  });

  test("lines are read as they come, and no more is held than one", async () => {
    const { source, given } = counted(forever(`{"a":"${"x".repeat(1000)}"}\n`));
    let taken = 0;
    for await (const it of objectsOf(source, holds)) {
      expect(it.ok).toBe(true);
      taken += 1;
      expect(given()).toBeLessThan(taken + 5);
      if (taken === 1000) break;
    }
  });
});

describe("a file that is longer than memory", () => {
  const element = `{"a":"${"x".repeat(1000)}"},\n`;
  const times = function* (begin: string, end: string, count: number) {
    yield begin;
    for (let n = 0; n < count; n++) yield element;
    yield `{"last":true}${end}`;
  };

  test.each<[string, string, string, string]>([
    ["a list", "[", "]", "[20000]"],
    ["a list in a list", "[[1],[", "]]", "[1][20000]"],
    ["an object that holds a list", '{"n":1,"list":[', '],"more":[{}]}', "list[20000]"],
    ["a list of such objects", '[{"list":[]},{"list":[', "]}]", "[1].list[20000]"],
  ])("%s is read as it comes", async (_what, begin, end, at) => {
    // 20 MB: the beginning of 4 MB is looked at, and an object's once more.
    const { source, given } = counted(times(begin, end, 20_000));
    let last: object = {};
    let halfway = 0;
    let taken = 0;
    for await (const it of objectsOf(source, holds)) {
      last = it;
      if (++taken === 10_000) halfway = given();
    }
    expect(last).toMatchObject({ ok: true, text: '{"last":true}', place: { line: 20_001, column: 1, at } });
    expect(halfway).toBeLessThan(16_000);
  });

  test("an object that holds nothing costs its neighbors nothing, however long it is", async () => {
    const long = times('[1,{"other":[', "]},2]", 5000);
    const values = await Array.fromAsync(objectsOf(counted(long).source, holds));
    expect(values.map((it) => (it.ok ? it.text : it.detail))).toEqual([
      "1",
      expect.stringContaining("more than 4194304 characters"),
      "2",
    ]);
    expect(values[1]?.place).toEqual({ line: 1, column: 4, at: "[1]" });
  });

  test.each<[string, string, string, object, string]>([
    ["with a field twice", '{"list":[', '],"list":[]}', { line: 1, column: 1 }, "twice"],
    ["without a colon", '{"list":[', '],"more" 1}', { line: 5001, column: 23 }, "a colon"],
    ["without a comma", '{"list":[', '] "more":1}', { line: 5001, column: 16 }, "a comma or }"],
    ["with more after it", '{"list":[', "]}}", { line: 5001, column: 16 }, "the end"],
    ["that was cut off", '{"list":[', "", { line: 5001, column: 14 }, "cut off"],
  ])("one %s is refused, and where", async (_what, begin, end, place, message) => {
    const reading = Array.fromAsync(objectsOf(counted(times(begin, end, 5000)).source, holds));
    const fault = await reading.then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(SourceFault);
    expect(fault).toMatchObject({ place, message: expect.stringContaining(message) });
  });
});

test("in whatever pieces a file comes, it is read alike", async () => {
  const files = [
    '{"list":[{"a":1.5e3},{"b":[2, true]}]} ',
    '[{"a":"b\\u00e4\\n"},\n{"list":[null]},\r\n-12]',
    "[[[1],[]],{}]",
  ];
  const ofPieces = (pieces: readonly string[]) =>
    Array.fromAsync(objectsOf(counted(pieces).source, holds)).catch((error: unknown) => error);
  await fc.assert(
    fc.asyncProperty(damaged(files), fc.integer({ min: 1, max: 5 }), async (content, length) => {
      // A zero byte is refused before anything else of its piece.
      const text = content.toWellFormed().replaceAll("\0", "");
      const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, n) =>
        text.slice(n * length, (n + 1) * length),
      ).filter((piece) => piece.isWellFormed());
      expect(await ofPieces(pieces)).toEqual(await ofPieces([pieces.join("")]));
    }),
    { numRuns: 2000 },
  );
});

test("any text, and any file with characters changed, ends in objects or in a fault with a place", async () => {
  const files = ['{"list":[{"a":1},{"b":[2]}]}', '{"a":1}\n{"b":2}\n{"c":"d"}\n', '[{"a":"b"},\n{"c":null}]'];
  await assert(endsInPlaces(files, read), { numRuns: 500 });
});

test.each<[string, string, object]>([
  ["an object", '{"a":1}', { ok: true, object: { a: 1 } }],
  ["a list", "[]", { ok: false, code: "invalid" }],
  ["null", "null", { ok: false, code: "invalid" }],
  ["a field twice", '{"a":1,"a":2}', { ok: false, code: "unreadable" }],
  ["a prototype", '{"__proto__":{}}', { ok: false, code: "unreadable" }],
  ["too deep a value", `${'{"a":'.repeat(33)}1${"}".repeat(33)}`, { ok: false, code: "unreadable" }],
  ["more than a message may have", `{"a":"${"x".repeat(4 * 1024 * 1024)}"}`, { ok: false, code: "invalid" }],
])("%s is read as what it is", (_what, text, expected) => {
  expect(objectIn(text)).toMatchObject(expected);
});
