import { writeXlsxStream } from "hucre/xlsx";
import { describe, expect, test } from "vitest";
import { readMapping } from "../../../ingest/import/mapping.ts";
import type { Table } from "../../../ingest/import/table/columns.ts";
import { importer as csv } from "../../../ingest/importers/csv/importer.ts";
import type { ReadContext } from "../../../ingest/importers/importer.ts";
import { importer } from "../../../ingest/importers/xlsx/importer.ts";
import { entriesOf, sourceOf } from "./support.ts";
import { orderedAt, rightsOf, saying, tableOf, told } from "./table-support.ts";
import { type Book, bookOf, sheetOf, texts } from "./xlsx-support.ts";

const two = tableOf(["product", "quantity"]);

const read = (file: Uint8Array, table: Table | undefined = two, context: Partial<ReadContext> = {}) =>
  entriesOf(importer, sourceOf(file, "orders.xlsx"), { table, orderedAt, ...context });

const book = async (
  cells: Parameters<typeof writeXlsxStream>[0],
  options: Parameters<typeof writeXlsxStream>[1],
) =>
  new Uint8Array(
    await new Response(
      writeXlsxStream(cells, options) as ReadableStream<Uint8Array<ArrayBuffer>>,
    ).arrayBuffer(),
  );

/** A workbook of products and quantities. */
const small = (rest: Partial<Book> = {}) =>
  bookOf({ sheet: sheetOf([texts("product", "quantity"), texts("x", "2")]), ...rest });

test("a workbook comes to the same rights as the same table as CSV", async () => {
  const columns = [
    "order",
    "product",
    "quantity",
    "unitPrice",
    "customerName",
    "orderedAt",
    "endsAt",
    "test",
  ] as const;
  const rows = [
    [
      "SO-1",
      "ORB",
      5,
      1234.5,
      "Müller & Söhne",
      new Date("2026-01-05T00:00:00Z"),
      new Date("2026-12-31T00:00:00Z"),
      false,
    ],
    ["SO-1", "MARS", 1, 0.1 + 0.2, 'Say "hi"', new Date("2026-01-05T10:30:00Z"), "permanent", true],
    ["SO-2", 4711, 2, null, "  Beta  ", "2026-02-01", null, null],
  ];
  const headers = columns.map((header, index) => ({
    header,
    ...(index > 4 ? { numFmt: "yyyy-mm-dd hh:mm" } : {}),
  }));
  const fromBook = await read(await book(rows, { name: "Orders", columns: headers }), tableOf(columns));
  const text = [
    columns.join(),
    "SO-1,ORB,5,1234.50,Müller & Söhne,2026-01-05,2026-12-31,no",
    'SO-1,MARS,1,0.30,"Say ""hi""",2026-01-05 10:30,permanent,yes',
    "SO-2,4711,2,,  Beta  ,2026-02-01,,",
  ].join("\n");
  const fromText = await entriesOf(csv, sourceOf(text), { table: tableOf(columns) });
  expect(rightsOf(fromText)).toHaveLength(3);
  expect(rightsOf(fromBook)).toEqual(rightsOf(fromText));
});

describe("what a cell holds", () => {
  const strings = "<sst><si><t>shared</t></si><si><r><t>rich </t></r><r><t>text</t></r></si></sst>";
  const product = async (cell: string, rest: Partial<Book> = {}) => {
    const [entry] = await read(
      bookOf({
        sheet: sheetOf([texts("product", "quantity"), `${cell}<c r="B2"><v>2</v></c>`]),
        strings,
        ...rest,
      }),
    );
    return entry?.kind === "right" ? entry.right.product : entry && told(entry);
  };
  test.each([
    ["a shared text", '<c r="A2" t="s"><v>0</v></c>', "shared"],
    ["a rich text", '<c r="A2" t="s"><v>1</v></c>', "rich text"],
    ["a text of its own", texts("a &amp; b"), "a & b"],
    ["a number", '<c r="A2"><v>4711</v></c>', "4711"],
    ["a truth", '<c r="A2" t="b"><v>1</v></c>', "true"],
    ["a formula's value", '<c r="A2"><f>2*3</f><v>6</v></c>', "6"],
    ["a formula's text", '<c r="A2" t="str"><f>A1</f><v>abc</v></c>', "abc"],
    [
      "an error",
      '<c r="A2" t="e"><v>#REF!</v></c>',
      /^invalid 2: product \(Orders!A2\) .*"#REF!" is an error/,
    ],
    [
      "a formula that nobody computed",
      '<c r="A2"><f>2*3</f></c>',
      /^invalid 2: product \(Orders!A2\) .*nobody computed/,
    ],
    ["one of a program that computes none", '<c r="A2"><f>2*3</f><v></v></c>', /nobody computed/],
    ["one that is shared", '<c r="A2"><f t="shared" si="0"/><v/></c>', /nobody computed/],
    ["nothing", '<c r="A2"/>', /^incomplete 2: product \(Orders!A2\) "product" is empty/],
    ["a text that is not there", '<c r="A2" t="s"><v>99</v></c>', /^incomplete/],
  ])("%s", async (_what, cell, expected) => {
    expect(await product(cell)).toEqual(saying(expected));
  });

  test("a formula whose value is a text without characters is empty, and not one that nobody computed", async () => {
    expect(await product('<c r="A2" t="str"><f>""</f><v></v></c>')).toMatch(/^incomplete/);
  });

  test.each([
    ["1900", "", "2026-01-05"],
    ["1904", '<workbookPr date1904="1"/>', "2030-01-06"],
  ])("a day is counted from %s on, as a number or as a date", async (_from, properties, expected) => {
    const workbook = `<workbook xmlns:r="x">${properties}<sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>`;
    const sheet = sheetOf([texts("product", "orderedAt"), `${texts("x")}<c r="B2"><v>46027</v></c>`]);
    const [right] = rightsOf(
      await read(bookOf({ sheet, strings, workbook }), tableOf(["product", "orderedAt"])),
    );
    expect(right).toMatchObject({ orderedAt: expected });
  });
});

describe("merged cells", () => {
  const merged = async (reference: string) => {
    const rows = [
      texts("product", "quantity", "note"),
      ...["a", "b", "c"].map((name) => `${texts(name)}<c><v>2</v></c>${texts("n")}`),
    ];
    const after = `<mergeCells><mergeCell ref="${reference}"/></mergeCells>`;
    return (await read(bookOf({ sheet: sheetOf(rows, after) }))).map(told);
  };
  test("a row that needs one that is not the first of them is a problem, and its neighbors are read", async () => {
    expect(await merged("A2:A3")).toEqual([
      "right",
      expect.stringMatching(/^invalid 3: product \(Orders!A3\) .*merged cells.*unmerge them/),
      "right",
    ]);
    expect(await merged("A4:B4")).toEqual([
      "right",
      "right",
      expect.stringMatching(/^invalid 4: quantity \(Orders!B4\)/),
    ]);
  });
  test("those of columns that nobody reads, or of titles, do not matter", async () => {
    expect(await merged("C2:C4")).toEqual(["right", "right", "right"]);
    expect(await merged("A1:C1")).toEqual(["right", "right", "right"]);
  });
});

describe("sheets", () => {
  const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const several = bookOf({
    sheet: sheetOf([texts("nothing", "here")]),
    workbook: `<x:workbook xmlns:x="m" xmlns:r="${REL}"><x:sheets><x:sheet name="About" sheetId="1" r:id="rId1"/><x:sheet name="Q1 &amp; Q2" sheetId="2" r:id="rId7"/></x:sheets></x:workbook>`,
    relations: `<Relationships><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId7" Type="${REL}/worksheet" Target="/xl/Tables/data.xml"/></Relationships>`,
    more: [
      {
        name: "xl/tables/data.xml",
        content: sheetOf([texts("product", "quantity"), texts("x", "2")]).replaceAll(
          /<(\/?)(\w)/g,
          "<$1x:$2",
        ),
        isStored: true,
      },
    ],
  });
  test("one is found by its name, wherever it lies and whatever prefix its XML has", async () => {
    expect(rightsOf(await read(several, { ...two, sheet: "Q1 & Q2" }))).toMatchObject([
      { product: "x", quantity: 2 },
    ]);
  });
  test("the first is read where none is named", async () => {
    await expect(read(several)).rejects.toThrow(/The headings are: "nothing", "here"/);
  });
  test("one that is not there is said, with those that are", async () => {
    await expect(read(several, { ...two, sheet: "Q3" })).rejects.toThrow(
      'no sheet "Q3". Its sheets are: "About", "Q1 & Q2"',
    );
  });
  test("sizes of more than four gigabytes stand elsewhere in an archive, and are found", async () => {
    expect(rightsOf(await read(small({ packed: { isLong: true } })))).toMatchObject([{ product: "x" }]);
  });
});

test("a guess names the sheet, and its days and numbers need no telling", async () => {
  const file = await book([["SO-1", 5, new Date("2026-01-05T00:00:00Z")]], {
    name: "Orders 2026",
    columns: [{ header: "Order #" }, { header: "Qty" }, { header: "Order date", numFmt: "yyyy-mm-dd" }],
  });
  const mapping = readMapping((await importer.guess?.(sourceOf(file))) ?? "");
  expect(mapping.ok && mapping.mapping.table).toMatchObject({
    sheet: "Orders 2026",
    columns: { order: "Order #", quantity: "Qty", orderedAt: "Order date" },
  });
});
