import * as fc from "fast-check";
import { parseCsv } from "hucre/csv";
import { describe, expect, test } from "vitest";
import {
  CsvFault,
  CsvReader,
  delimiterOf,
  likelyDelimiterOf,
  MAX_ROW_LENGTH,
} from "../../../ingest/import/table/csv.ts";

/** All rows of a text that comes in pieces of this length. */
function rowsOf(text: string, pieceLength = text.length || 1, delimiter: "," | ";" = ",") {
  const reader = new CsvReader(delimiter);
  const rows = [];
  for (let at = 0; at < text.length; at += pieceLength)
    rows.push(...reader.push(text.slice(at, at + pieceLength)));
  return [...rows, ...reader.end()];
}

/** Cells, or where the fault is. */
const said = (rows: ReturnType<typeof rowsOf>) =>
  rows.map((row) => (row instanceof CsvFault ? `${row.place.line}:${row.place.column}` : row.cells));

const RFC_4180: [what: string, text: string, rows: string[][]][] = [
  [
    "cells and rows",
    "a,b\r\n1,2\r\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a last row without an end",
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "ends by LF, and by CR as old Macs wrote them",
    "a,b\r1,2\r",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "quotes around cells",
    '"a","b"\n"1","2"\n',
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["a delimiter in quotes", '"a,b",c\n', [["a,b", "c"]]],
  ["a quote in quotes, written twice", '"say ""hi""",c\n', [['say "hi"', "c"]]],
  ["nothing but quotes", '"""",""\n', [['"', ""]]],
  [
    "ends of lines in quotes",
    '"a\r\nb",c\r\n1,"2\n"\r\n',
    [
      ["a\r\nb", "c"],
      ["1", "2\n"],
    ],
  ],
  [
    "empty cells",
    ",,\n,x,\n",
    [
      ["", "", ""],
      ["", "x", ""],
    ],
  ],
  [
    "a last cell that is empty, after quotes",
    '"a",\r\n"b",\n',
    [
      ["a", ""],
      ["b", ""],
    ],
  ],
  [
    "blank lines are no rows",
    "a,b\n\n\r\n1,2\n\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["white space belongs to its cell", " a , b \n", [[" a ", " b "]]],
  [
    "a CR that ends no line",
    "a\rb,c\n1,2\n",
    [
      ["a\rb", "c"],
      ["1", "2"],
    ],
  ],
];

describe.each(RFC_4180)("%s", (_what, text, rows) => {
  // A CR before anything else decides how lines end.
  const whole = text.startsWith("a\rb") ? `x,y\n${text}` : text;
  const expected = whole === text ? rows : [["x", "y"], ...rows];
  test.each([1, 2, 3, 7, 1000])("in pieces of %d", (length) => {
    expect(said(rowsOf(whole, length))).toEqual(expected);
  });
});

describe("a row whose quotes are wrong says where, and takes no other row with it", () => {
  test.each([
    ["text after a closing quote", 'a,b\n1,"x"y\n"3",4\n', [["a", "b"], "2:6", ["3", "4"]]],
    ["a quote inside of a bare cell", 'a,b\n1,12" screen\n3,"4"\n', [["a", "b"], "2:5", ["3", "4"]]],
    ["a quote that is never closed", 'a,b\n1,"x\n3,4\n5,6\n', [["a", "b"], "2:3", ["3", "4"], ["5", "6"]]],
    [
      "one that another row's seems to close",
      'a,b\n1,"x\n3,"4"\n5,6\n',
      [["a", "b"], "2:3", ["3", "4"], ["5", "6"]],
    ],
    ["white space before a quote", 'a,b\n1, "x"\n3,4\n', [["a", "b"], "2:4", ["3", "4"]]],
    ["one in the last line", 'a,b\n1,2\n3,"', [["a", "b"], ["1", "2"], "3:3"]],
    ["a fault in a later line of a row", 'a,b\n"x\ny",12"\n3,4\n', [["a", "b"], "3:6", "3:2", ["3", "4"]]],
    ["several one after the other", '"\n"\n"x"y\n1,2\n', [["\n"], "3:4", ["1", "2"]]],
  ])("%s", (_what, text, expected) => {
    for (const length of [1, 2, 5, 1000]) expect(said(rowsOf(text, length))).toEqual(expected);
  });
});

test("rows keep their lines, whatever stands in their quotes", () => {
  const rows = rowsOf('a,b\n"1\n\n2",x\r\n\n3,4\n"y"z\n5,6');
  expect(rows.map((row) => (row instanceof CsvFault ? row.place.line : row.line))).toEqual([1, 2, 6, 7, 8]);
});

test("a cell's place is that of its first character, in its own line", () => {
  const [row] = rowsOf('1,"a ""b"", c\nd",5,"x",y\n');
  const places = [0, 1, 2, 3, 4].map((index) => (row instanceof CsvFault ? null : row?.placeOf(index, "H")));
  expect(places).toEqual([
    { line: 1, column: 1, at: "H" },
    { line: 1, column: 3, at: "H" },
    { line: 2, column: 4, at: "H" },
    { line: 2, column: 6, at: "H" },
    { line: 2, column: 10, at: "H" },
  ]);
});

describe("memory and time stay bounded", () => {
  const x = (length: number) => "x".repeat(length);

  test("a line without an end is refused where it gets too long", () => {
    expect(() => rowsOf(x(3 * MAX_ROW_LENGTH), 65_536)).toThrow(/more than 1048576 characters and no end/);
    expect(() => rowsOf(`a\n${x(3 * MAX_ROW_LENGTH)}`, 65_536)).toThrow(/no end/);
    expect(() => rowsOf(`a\n"b\nc",${x(3 * MAX_ROW_LENGTH)}`, 65_536)).toThrow(/no end/);
  });

  test("a quote that is not closed within a row's length is a fault, and the rows after it are read", () => {
    const rows = rowsOf(`a\n"b\n${"cc\n".repeat(MAX_ROW_LENGTH / 2)}`, 65_536);
    expect(said(rows.slice(0, 3))).toEqual([["a"], "2:1", ["cc"]]);
    expect(rows).toHaveLength(2 + MAX_ROW_LENGTH / 2);
  });

  test.each([
    ["quotes that open in each line", '"x\n'],
    ["quotes alone", '"\n'],
    ["pairs of quotes", '""\n'],
    ["three", '"""\n'],
    ["closed and opened", '",",\n'],
    ["delimiters", ",,,,,,,\n"],
    ["quotes and delimiters", '","\n","\n'],
    ["quotes inside of cells", 'x"y\n'],
    ["cells after one in quotes", `"a"${",".repeat(900_000)}\n`],
  ])("two megabytes of %s take no longer than their length", (_what, line) => {
    const started = performance.now();
    rowsOf(`"\n${line.repeat(Math.ceil(2_000_000 / line.length))}`, 65_536);
    // A second or two; to look through the rest of a piece for each cell took minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

const cell = fc.string({
  unit: fc.constantFrom("a", "b", " ", ",", ";", '"', "\n", "\r\n", "ü", "'"),
  maxLength: 6,
});
const written = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

test("what is written by the rules is read back, in any pieces, and as another reader reads it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.constantFrom("\n", "\r\n"),
      fc.integer({ min: 1, max: 9 }),
      (rows, end, length) => {
        const text = rows.map((cells) => cells.map(written).join(",") + end).join("");
        expect(said(rowsOf(`x,y${end}${text}`, length)).slice(1)).toEqual(rows);
        expect(parseCsv(text, { delimiter: "," })).toEqual(rows);
      },
    ),
  );
});

test("any text at all is rows and faults, the same in any pieces, and every line is in one of them", () => {
  const text = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r"), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 5 }), (any, length) => {
      const whole = rowsOf(`h\n${any}`);
      expect(said(rowsOf(`h\n${any}`, length))).toEqual(said(whole));
      const raw = whole.map((row) => row.raw).join("\n");
      expect(raw.replaceAll(/[\r\n]/g, "")).toBe(`h${any.replaceAll(/[\r\n]/g, "")}`);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["a;b;c", ";", ";"],
  ["a,b", ",", ","],
  ["a\tb\tc,d", "\t", "\t"],
  ["a|b", "|", "|"],
  ['"x;y;z",b', ",", ","],
  ["alone", ",", ","],
])("%j is divided by %j", (line, told, likely) => {
  expect([delimiterOf(line), likelyDelimiterOf([line])]).toEqual([told, likely]);
});

test("a title does not decide what divides the cells", () => {
  expect(likelyDelimiterOf(["Orders, 2026, all", "a;b;c", "1,5;2;3", "2,5;3;4"])).toBe(";");
});
