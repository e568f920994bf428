// Files that are no tables, and tables that are odd.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ColumnName, Table } from "../../../ingest/import/table/columns.ts";
import { SourceFault } from "../../../ingest/importers/importer.ts";
import { BYTE_ORDER_MARK, csvLines } from "../../../warehouse/spreadsheet.ts";
import { orderedAt, placesOf, readCsv as read, rightsOf, tableOf } from "./table-support.ts";

describe("a file that is no such table is refused as a whole, and says why", () => {
  const product = tableOf(["product"]);
  test.each([
    ["empty", "", product, /has no headings/],
    ["blank", "\n\n ,\n", product, /has no headings/],
    ["without a mapping", "product\nx\n", undefined, /--map/],
    ["a mapping without a product", "a\nx\n", tableOf([]), /add `product`\. The headings are: "a"\./],
    [
      "headings that are missing",
      "a,b\nx,y\n",
      tableOf(["product", "order"]),
      /not here: "order" \(order\), "product" \(product\)\. The headings are: "a", "b"\./,
    ],
    ["a heading that is there twice", "product,product\nx,y\n", product, /more than once: "product"/],
    ["two that differ in case alone", "Product,PRODUCT\nx,y\n", product, /more than once/],
    ["headings that cannot be read", 'a,"b"c\nx,y\n', product, /headings cannot be read/],
    ["too many columns", `${",".repeat(1000)}\n`, product, /no headings/],
    ["too many headings", `${"a,".repeat(1000)}b\n`, product, /has 1001 columns/],
    [
      "a way to write days that is none",
      "product\nx\n",
      { ...product, dates: "YYYY-QQ-DD" },
      /such as YYYY-MM-DD/,
    ],
    ["a zone that is none", "product\nx\n", { ...product, zone: "Nowhere" }, /as IANA does/],
    [
      "what divides cells is told in two ways",
      "sep=;\nproduct\nx\n",
      { ...product, delimiter: "," as const },
      /";".*","/,
    ],
    ["an endless line", "x".repeat(3_000_000), product, /no end: this is no table/],
    ["a zero byte", "product\nx\0y\n", product, /zero byte/],
    ["a workbook", "PK\u0003\u0004", product, /workbook/],
  ])("%s", async (_what, text, table, message) => {
    await expect(read(text, table)).rejects.toThrow(message);
    await expect(read(text, table)).rejects.toBeInstanceOf(SourceFault);
  });
});

test.each([
  ["a byte order mark", "\uFEFFproduct,quantity\nx,2\n", {}],
  ["sep=;", "sep=;\r\nproduct;quantity\r\nx;2\r\n", {}],
  ["semicolons that nobody told", "product;quantity\nx;2\n", {}],
  ["tabs", "product\tquantity\nx\t2\n", {}],
  ["a title above", "All orders\n\nproduct|quantity\nx|2\n", { headingRow: 3 }],
  ["a title in quotes of two lines", '"All,\norders",\nproduct,quantity\nx,2\n', { headingRow: 3 }],
  ["headings in another case and with more white space", " PRODUCT , Quantity \nx,2\n", {}],
] as [string, string, Partial<Table>][])("%s is no obstacle", async (_what, text, rest) => {
  expect(rightsOf(await read(text, tableOf(["product", "quantity"], rest), { orderedAt }))).toMatchObject([
    { product: "x", quantity: 2 },
  ]);
});

test.each([
  ["windows-1252", new Uint8Array(Buffer.from("product\nM\u00fcller\n", "latin1"))],
  ["utf-16le", new Uint8Array(Buffer.from("\uFEFFproduct\nM\u00fcller\n", "utf16le"))],
])("names in %s are read where it is said, and refused where it is not", async (encoding, bytes) => {
  const table = tableOf(["product"]);
  expect(rightsOf(await read(bytes, table, { orderedAt }, encoding))).toMatchObject([{ product: "Müller" }]);
  await expect(read(bytes, table, { orderedAt })).rejects.toThrow(/--encoding/);
});

test("what our own export writes is read back, formulas and all", async () => {
  const names = ["=cmd()", "+49", "@home", "a;=b", "\tx", 'say "hi"', "O'Neill", "línea\ndos"];
  const text =
    BYTE_ORDER_MARK +
    csvLines([["product", "quantity"]], ["VARCHAR", "VARCHAR"]) +
    csvLines(
      names.map((name) => [name, "2"]),
      ["VARCHAR", "BIGINT"],
    );
  const entries = await read(text, tableOf(["product", "quantity"]), { orderedAt });
  expect(rightsOf(entries).map((right) => (right as { product: string }).product)).toEqual([
    "=cmd()",
    "+49",
    "@home",
    "a;=b",
    "x",
    'say "hi"',
    "O'Neill",
    "línea dos",
  ]);
});

test("any text at all, and any table with other characters in it, ends in entries or in a fault with a place", async () => {
  const columns: ColumnName[] = [
    "order",
    "product",
    "quantity",
    "unitPrice",
    "orderedAt",
    "endsAt",
    "country",
    "hostId",
  ];
  const table = tableOf(columns);
  const good = `${columns.join()}\nSO-1,"P ""x""",2,9.99,2026-01-01,permanent,DE,h1\nSO-1,Q,1,1,2026-01-02,2027-01-01,US,\n`;
  const noise = fc.string({
    unit: fc.constantFrom(",", '"', "\n", "\r", "'", "=", "9", "-", ".", "\0", "\uFEFF", "é", ";", "x"),
  });
  const damaged = fc
    .tuple(noise, fc.nat({ max: good.length }), fc.nat({ max: 9 }))
    .map(([text, at, length]) => good.slice(0, at) + text + good.slice(at + length));
  const bytes = fc
    .array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const changed = new TextEncoder().encode(good);
      for (const [at, byte] of changes) changed[at] = byte;
      return changed;
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(noise, fc.string(), damaged, bytes), async (text) => {
      for (const { line } of await placesOf(read(text, table))) expect(line).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
