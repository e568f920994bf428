// Whatever is given to whatever importer: it is refused with its place, or its entries are, and nothing else is recorded.

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { formatNames, importerOf } from "../../../ingest/import/formats.ts";
import { MAX_LINE_LENGTH } from "../../../ingest/import/text.ts";
import { desk } from "./support.ts";

const TABLE = `
products: [{ from: "*", sku: A, name: A, brand: A }]
models: [{ from: "*", licenseModel: all, term: perpetual, metric: node-locked }]
customer: C-1
table: { columns: { product: Product, quantity: Seats } }
`;

const formats = await Promise.all(
  formatNames().map(async (name) => ({ name, importer: await importerOf(name) })),
);

/** No file of any format. */
const hostile: [what: string, content: Uint8Array | string, says: RegExp][] = [
  ["zeros", new Uint8Array(3_000_000), /binary|no zip|not a|zero byte|no workbook/i],
  [
    "one endless line",
    "a".repeat(2 * MAX_LINE_LENGTH),
    /characters|no (license|report|file)|heading|JSON|not|none/i,
  ],
  ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /./],
  ["text in UTF-16", Buffer.from(`\uFEFFProduct,Seats\nA,1\n`, "utf16le"), /UTF-16|zip|workbook/i],
  [
    "a name in Latin-1",
    Buffer.concat([Buffer.from("Product,Seats\nM"), Buffer.from([0xfc]), Buffer.from("ller,1\n")]),
    /Byte FC|zip|workbook/i,
  ],
  ["gzip", gzipSync("Product,Seats\nA,1\n"), /gzip|zip|workbook/i],
  ["a PDF", "%PDF-1.7\n%âãÏÓ\n", /PDF|zip|workbook/i],
];

describe.each(formats)("$name", ({ importer }) => {
  test.each(hostile)("refuses %s, says where, and records nothing", async (_what, content, says) => {
    const it = desk();
    const brought = it.bring({ "the-file": content }, { importer, yaml: TABLE });
    await expect(brought).rejects.toThrow(/^the-file/);
    await expect(brought).rejects.toThrow(says);
    expect(it.events()).toBe(0);
  });

  test("refuses a file that is larger than any, before it is read", async () => {
    const it = desk();
    const large = { ...importer, maxBytes: 10 };
    const brought = it.bring({ "the-file": "more than ten bytes" }, { importer: large, yaml: TABLE });
    await expect(brought).rejects.toThrow(
      "the-file: It has 19 bytes, and a file of this format has 10 at most.",
    );
    expect(it.events()).toBe(0);
  });
});

test("a formula in a cell is text, and where it is no text it waits with its line", async () => {
  const it = desk();
  const report = await it.bring(
    { "orders.csv": "Product,Seats\n\"=cmd|' /C calc'!A0\",2\nA,=1+1\n" },
    { importer: await importerOf("csv"), yaml: TABLE, context: { orderedAt: 1_700_000_000_000_000 } },
  );
  expect(report.counts).toMatchObject({ read: 2, accepted: 1, quarantined: 1 });
  expect(report.problems).toMatchObject([{ place: { line: 3 } }]);
});
