// Workbooks that are none, are damaged, or were made to fill a memory.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Table } from "../../../ingest/import/table/columns.ts";
import { type ReadContext, SourceFault } from "../../../ingest/importers/importer.ts";
import { importer } from "../../../ingest/importers/xlsx/importer.ts";
import { entriesOf, sourceOf } from "./support.ts";
import { orderedAt, placesOf, tableOf } from "./table-support.ts";
import { type Book, bookOf, sheetOf, texts, zeros, zipOf } from "./xlsx-support.ts";

const two = tableOf(["product", "quantity"]);

const read = (file: Uint8Array, table: Table | undefined = two, context: Partial<ReadContext> = {}) =>
  entriesOf(importer, sourceOf(file, "orders.xlsx"), { table, orderedAt, ...context });

/** A workbook of a product and its quantity. */
const small = (rest: Partial<Book> = {}) =>
  bookOf({ sheet: sheetOf([texts("product", "quantity"), texts("x", "2")]), ...rest });

describe("a file that cannot be read is refused as a whole, and says why", () => {
  const whole = small();
  const sized = (bytes: number, packed: Uint8Array) => small({ packed: { packed, size: bytes } });
  test.each([
    ["nothing", new Uint8Array(), /no workbook/],
    ["a text", new TextEncoder().encode("product,quantity\n"), /say `csv`/],
    [
      "an encrypted workbook, or an old one",
      Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1),
      /encrypted with a password, or of old Excel/,
    ],
    ["another archive", zipOf([{ name: "a.txt", content: "hello" }]), /no workbook of xlsx\.$/],
    ["one of OpenDocument", zipOf([{ name: "content.xml", content: "<x/>" }]), /OpenDocument/],
    [
      "a binary workbook",
      small({
        root: '<Relationships><Relationship Id="1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>',
      }),
      /xlsb/,
    ],
    ["an encrypted archive", small({ packed: { flags: 1 } }), /without a password/],
    ["an archive of another packing", small({ packed: { method: 14 } }), /save it anew as xlsx/],
    ["a sheet whose bytes were changed", small({ packed: { crc: 1 } }), /damaged.*not as it was/],
    ["a sheet that is shorter than it says", small({ packed: { size: 10_000 } }), /not as it was/],
    ["a sheet that is longer than it says", small({ packed: { size: 10 } }), /more than the 10 bytes/],
    [
      "a sheet that does not unpack",
      small({ packed: { packed: Uint8Array.of(255, 255, 255) } }),
      /does not unpack/,
    ],
    [
      "a sheet that is not there",
      small({
        relations:
          '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/none.xml"/></Relationships>',
      }),
      /names a part that is not in it/,
    ],
    ["a workbook without sheets", small({ workbook: "<workbook/>" }), /no sheet with cells.*none/],
    ["a directory that is no XML", small({ workbook: "<workbook><sheets" }), /no XML/],
    [
      "a target that is no address",
      small({
        root: '<Relationships><Relationship Id="1" Type="x/officeDocument" Target="http://["/></Relationships>',
      }),
      /damaged|no workbook/,
    ],
    ["a sheet that is no XML", small({ sheet: "hello" }), /no headings/],
    [
      "a row without a number that it can have",
      bookOf({ sheet: '<worksheet><sheetData><row r="x"><c><v>1</v></c></row></sheetData></worksheet>' }),
      /without a number/,
    ],
    [
      "a row as wide as a sheet",
      bookOf({ sheet: sheetOf([texts("product", "quantity"), '<c r="XFD2"><v>1</v></c>']) }),
      /16384 cells/,
    ],
    [
      "a cell beyond all columns",
      bookOf({ sheet: sheetOf([texts("product", "quantity"), '<c r="ZZZ2"><v>1</v></c>']) }),
      /damaged/,
    ],
    [
      "a row that does not end",
      bookOf({ sheet: `<worksheet><sheetData><row>${'<c t="n"/>'.repeat(900_000)}` }),
      /comes one of more than 4194304 bytes/,
    ],
    [
      "a text that does not end",
      bookOf({ sheet: `<worksheet><sheetData><row><c><v>${"1".repeat(9_000_000)}` }),
      /comes one of more than/,
    ],
    [
      "a tag that does not end",
      bookOf({ sheet: `<worksheet><sheetData><row ${"a".repeat(9_000_000)}` }),
      /comes one of more than/,
    ],
    [
      "more shared texts than fit",
      small({ strings: `<sst>${"<si/>".repeat(4_000_001)}</sst>` }),
      /do not fit into memory/,
    ],
    [
      "merged cells without number",
      bookOf({
        sheet: sheetOf(
          [texts("product")],
          Array.from({ length: 600 }, (_, i) => `<mergeCell ref="A${i + 1}:XFD${i + 1}"/>`).join(""),
        ),
      }),
      /more than 500000 merged cells/,
    ],
    [
      "sheets that would fill the memory",
      sized(10 * 2 ** 30, zeros(10 * 2 ** 30)),
      /would unpack to 10737418240 bytes, and up to 1073741824/,
    ],
  ])("%s", async (_what, file, message) => {
    await expect(read(file)).rejects.toThrow(message);
    await expect(read(file)).rejects.toBeInstanceOf(SourceFault);
  });

  test("an archive that was cut off anywhere", async () => {
    for (let length = 4; length < whole.length; length += 7)
      await expect(read(whole.slice(0, length))).rejects.toThrow(/damaged|cut off/);
  });

  test("a bomb that does not say how large it is: it is unpacked no further than it says", async () => {
    const packed = zeros(10 * 2 ** 30);
    const before = process.memoryUsage.rss();
    await expect(read(small({ packed: { packed, size: 1_000_000 } }))).rejects.toThrow(
      /more than the 1000000 bytes/,
    );
    await expect(read(small({ packed: { packed, size: 2 ** 30 } }))).rejects.toThrow(
      /more than the 1073741824 bytes/,
    );
    // 10 MB packed, twice in the archive and its copy; what is unpacked is passed on a megabyte at a time.
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20);
  });
});

test("rows are read no faster than they are taken", async () => {
  const sheet = sheetOf([
    texts("product", "quantity"),
    ...Array.from({ length: 100_000 }, (_, i) => `${texts(`product ${i}`)}<c><v>1</v></c>`),
  ]);
  let taken = 0;
  const context = { options: {}, orderedAt, table: two, currency: "USD" };
  for await (const entry of importer.read(sourceOf(bookOf({ sheet })), context)) {
    expect(entry.kind).toBe("right");
    // Others have their turn now and then, as they do where each thousand is written to a disk.
    if (++taken % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(taken).toBe(100_000);
});

test("a workbook with any bytes changed ends in entries or in a fault", async () => {
  const good = bookOf({
    sheet: sheetOf(
      [texts("product", "quantity"), '<c t="s"><v>0</v></c><c><v>2</v></c>', "<c><f>1+1</f></c>"],
      '<mergeCells><mergeCell ref="A2:B2"/></mergeCells>',
    ),
    strings: "<sst><si><t>x</t></si></sst>",
    packed: { isStored: true },
  });
  const changes = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const bytes = good.slice();
      for (const [at, byte] of changed) bytes[at] = byte;
      await expect(placesOf(read(bytes))).resolves.toBeInstanceOf(Array);
    }),
    { numRuns: 100 },
  );
});

test("any XML at all in a sheet ends in entries or in a fault", async () => {
  const piece = fc.constantFrom(
    "<row>",
    "</row>",
    '<row r="2">',
    '<row r="-1">',
    "<c>",
    '<c r="B1" t="s">',
    '<c r="$">',
    '<c t="inlineStr">',
    "</c>",
    "<v>",
    "</v>",
    "<is>",
    "<t>",
    "</t>",
    "</is>",
    "<f>",
    "</f>",
    "1",
    "x",
    "&amp;",
    "&#x110000;",
    "&",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "<",
    ">",
    '"',
    "</sheetData>",
    '<mergeCell ref="A1:B9"/>',
    "product",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const file = bookOf({
        sheet: `<worksheet><sheetData><row>${texts("product", "quantity")}</row>${pieces.join("")}`,
        strings: "<sst><si><t>x</t></si></sst>",
      });
      await expect(placesOf(read(file))).resolves.toBeInstanceOf(Array);
    }),
    { numRuns: 100 },
  );
});
