import { expect, test } from "vitest";
import { type Column, csvOf } from "../../reports/src/components/table.ts";
import { wrapped } from "../../reports/src/components/picture.ts";

interface Row {
  name: string;
  share: number | null;
}

const columns: Column<Row>[] = [
  { head: "Name", cell: (row) => row.name, isRowHead: true },
  { head: "Share", cell: (row) => `${row.share}`, value: (row) => row.share, isNumber: true },
];

test.each([
  ["a comma and a quote are quoted", 'Ford, "Prefect"', '"Ford, ""Prefect""",0.25'],
  ["a line break is quoted", "two\nlines", '"two\nlines",0.25'],
  ["what a spreadsheet would compute is text", "=1+1", "'=1+1,0.25"],
  ["a negative number stays one", "-5", "-5,0.25"],
])("in a file %s", (_, name, line) => {
  expect(csvOf(columns, [{ name, share: 0.25 }])).toBe(`Name,Share\r\n${line}\r\n`);
});

test("a value that is not known is an empty field, and a number is not rounded", () => {
  expect(
    csvOf(columns, [
      { name: "a", share: null },
      { name: "b", share: 1 / 3 },
    ]),
  ).toBe("Name,Share\r\na,\r\nb,0.3333333333333333\r\n");
});

test("words are broken between them, and a long one stands alone", () => {
  expect(wrapped("the share of licenses in use", 12)).toEqual(["the share of", "licenses in", "use"]);
  expect(wrapped("incomprehensibilities are", 10)).toEqual(["incomprehensibilities", "are"]);
});
