import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ColumnName, Table } from "../../../ingest/import/table/columns.ts";
import { importer } from "../../../ingest/importers/csv/importer.ts";
import { type ReadContext, SourceFault } from "../../../ingest/importers/importer.ts";
import { parseInstant } from "../../../licensing/index.ts";
import { BYTE_ORDER_MARK, csvLines } from "../../../warehouse/spreadsheet.ts";
import { entriesOf, sourceOf } from "./support.ts";
import { rightsOf, tableOf, told } from "./table-support.ts";

const read = (
  text: string | Uint8Array,
  table: Table | undefined,
  context: Partial<ReadContext> = {},
  encoding?: string,
) => entriesOf(importer, sourceOf(text, "orders.csv", encoding), { table, ...context });

/** A table of these columns, and what its rows come to. */
const rows = (
  columns: ColumnName[],
  lines: string[],
  rest: Partial<Table> = {},
  context: Partial<ReadContext> = {},
) => read([columns.join(rest.delimiter ?? ","), ...lines].join("\n"), tableOf(columns, rest), context);

/** When all was ordered that does not say it. */
const orderedAt = parseInstant("2026-01-01T00:00:00Z");

test("a table as a German ERP exports it is read as its mapping says", async () => {
  const text = [
    "Auftragsliste Q1;;;;;;;;;",
    "Bestellnr.;Pos;Artikel;Menge;Einzelpreis;Währung;Kunde;Firma;Land;Bestelldatum;Gültig bis",
    '4711;10;ORB-JUP;5;1.234,50;EUR;K-1;"Müller; Söhne";Deutschland;05.01.2026;31.12.2026',
    "4711;20;ORB-MARS;1;99,00;EUR;K-1;Müller;DE;05.01.2026;unbefristet",
  ].join("\r\n");
  const entries = await read(text, {
    headingRow: 2,
    delimiter: ";",
    dates: "DD.MM.YYYY",
    decimal: ",",
    zone: "Europe/Berlin",
    columns: {
      order: "Bestellnr.",
      line: "Pos",
      product: "Artikel",
      quantity: "Menge",
      unitPrice: "Einzelpreis",
      currency: "Währung",
      customerId: "Kunde",
      customerName: "Firma",
      country: "Land",
      orderedAt: "Bestelldatum",
      endsAt: "Gültig bis",
    },
  });
  expect(rightsOf(entries)).toEqual([
    {
      order: "4711",
      lineNumber: 10,
      product: "ORB-JUP",
      model: { name: "" },
      quantity: 5,
      unitPrice: { amountMinor: 123_450, currency: "EUR" },
      customer: { id: "K-1", name: "Müller; Söhne", country: "DE" },
      orderedAt: "2026-01-04T23:00:00.000000Z",
      endsAt: "2026-12-31T23:00:00.000000Z",
      seats: [],
    },
    {
      order: "4711",
      lineNumber: 20,
      product: "ORB-MARS",
      model: { name: "" },
      quantity: 1,
      unitPrice: { amountMinor: 9900, currency: "EUR" },
      customer: { id: "K-1", name: "Müller", country: "DE" },
      orderedAt: "2026-01-04T23:00:00.000000Z",
      endsAt: null,
      seats: [],
    },
  ]);
  expect(entries.map(({ place }) => place)).toEqual([{ line: 3 }, { line: 4 }]);
});

test("every column says what it holds", async () => {
  const cells: Partial<Record<ColumnName, string>> = {
    order: "SO-1",
    line: "2",
    product: "ORB",
    productName: "Orbit",
    brand: "Acme",
    version: "3.1",
    model: "Floating",
    quantity: "4",
    amount: "400",
    currency: "usd",
    customerId: "C-1",
    customerName: "Buyer Inc",
    email: "a@b.example",
    country: "United States",
    channel: "Web Shop",
    orderedAt: "2026-01-02",
    deliveredAt: "2026-01-03",
    startsAt: "2026-02-01",
    endsAt: "2027-01-31",
    cancelledAt: "2026-06-01",
    test: "yes",
    hostId: "00:11",
    hostName: "ws-17",
    user: "jo",
    os: "linux",
    osVersion: "24.04",
    arch: "amd64",
    appVersion: "3.1.2",
    activatedAt: "2026-02-03",
  };
  const entries = await rows(Object.keys(cells) as ColumnName[], [Object.values(cells).join(",")]);
  expect(rightsOf(entries)).toEqual([
    {
      order: "SO-1",
      lineNumber: 2,
      product: "ORB",
      productName: "Orbit",
      brand: "Acme",
      version: "3.1",
      model: { name: "Floating" },
      quantity: 4,
      unitPrice: { amountMinor: 10_000, currency: "USD" },
      customer: { id: "C-1", name: "Buyer Inc", email: "a@b.example", country: "US" },
      orderedAt: "2026-01-02",
      deliveredAt: "2026-01-03",
      startsAt: "2026-02-01",
      endsAt: "2027-02-01",
      channel: "Web-Shop",
      isTest: true,
      seats: [],
      ended: {
        kind: "cancelled",
        at: parseInstant("2026-06-01T00:00:00Z"),
        reason: "cancelled, as the table says",
      },
    },
  ]);
  // Rows that number their lines may tell several seats of one line: they are told by themselves.
  expect(entries[1]).toMatchObject({
    kind: "seat",
    seat: {
      order: "SO-1",
      lineNumber: 2,
      hostId: "00:11",
      hostName: "ws-17",
      user: "jo",
      platform: { os: "linux", osVersion: "24.04", arch: "amd64", appVersion: "3.1.2" },
      boundAt: parseInstant("2026-02-03T00:00:00Z"),
    },
  });
  expect(entries).toHaveLength(2);
  // Nobody needs to see who it was to understand what is wrong with a row.
  expect(entries[0]?.input).toContain('"customerName": "Buyer Inc"');
  expect(entries[0]?.input).not.toMatch(/a@b\.example|"jo"/);
});

describe("a row that cannot be read says where and why, and its neighbors are read", () => {
  const columns: ColumnName[] = ["order", "product", "quantity", "unitPrice", "orderedAt", "endsAt"];
  test.each([
    ["SO,P,x,1,2026-01-01,", 'invalid 3:6 quantity "quantity": "x" is no number.'],
    ["SO,P,0,1,2026-01-01,", 'void 3:6 quantity "quantity": "0" seats grant nothing.'],
    [
      "SO,P,-1,1,2026-01-01,",
      'invalid 3:6 quantity "quantity": "-1" is negative: a return or a credit takes away, and grants nothing.',
    ],
    ["SO,,1,1,2026-01-01,", 'incomplete 3:4 product "product" is empty: it has to say what was sold.'],
    [",P,1,1,2026-01-01,", 'incomplete 3:1 order "order" is empty: without it, the row is not known again.'],
    ["SO,P,1,free,2026-01-01,", 'invalid 3:8 unitPrice "unitPrice": "free" is no number.'],
    ["SO,P,1,1.234,2026-01-01,", /invalid 3:8 unitPrice .* has more decimals than USD has/],
    ["SO,P,1,1,31-feb-2026,", /invalid 3:10 orderedAt .* is no day written YYYY-MM-DD/],
    ["SO,P,1,1,,", /incomplete 3:10 orderedAt .*--ordered-at YYYY-MM-DD/],
    ["SO,P,1,1,2026-01-01,soon", /invalid 3:21 endsAt .* is no day/],
    ["SO,P,=1+1,1,2026-01-01,", /invalid 3:6 quantity .* is a formula/],
    ["SO,P,1,@SUM(A1),2026-01-01,", /invalid 3:8 unitPrice .* is a formula/],
    ["SO,P,1,1,=TODAY(),", /invalid 3:10 orderedAt .* is a formula/],
    ["SO,#REF!,1,1,2026-01-01,", /invalid 3:4 product .* is an error that a spreadsheet shows/],
    ["SO,a\u0007b,1,1,2026-01-01,", /invalid 3:4 product .* has control characters/],
    [`SO,${"x".repeat(301)},1,1,2026-01-01,`, /invalid 3:4 product .* has 301 characters/],
    [
      "SO,P,1,1",
      "unreadable 3:  The row has 4 cells, and there are 6 headings: the row may have been cut off.",
    ],
    ["SO,P,1,1,2026-01-01,,", /^unreadable 3: {2}The row has 7 cells/],
    ['SO,"P"x,1,1,2026-01-01,', /^unreadable 3:7 {2}After a|^unreadable 3:7 {2}The quote/],
    ['SO,"P,1,1,2026-01-01,', /^unreadable 3:4 {2}The quote that opens/],
  ])("%s", async (row, expected) => {
    const good = "SO,Q,1,9.99,2026-01-01,permanent";
    const entries = await rows(columns, [good, row, good, good]);
    expect(entries.map(({ kind }) => kind)).toEqual(["right", "problem", "right", "right"]);
    const [, problem] = entries.map(told);
    if (typeof expected === "string") expect(problem).toBe(expected);
    else expect(problem).toMatch(expected);
    expect(entries[1]?.input).not.toBe("");
  });

  test("a formula in a column of texts is a text, and nothing computes it", async () => {
    const entries = await rows(columns, ["SO,=1+1,1,1,2026-01-01,", "SO,'=1+1,1,1,2026-01-01,"]);
    expect(rightsOf(entries)).toMatchObject([{ product: "=1+1" }, { product: "=1+1" }]);
  });

  test("rows of nothing are none, and cells' white space is nothing", async () => {
    const entries = await rows(columns, ["", ",,,,,", "  ", " SO , P , 2 , 1 , 2026-01-01 , ", ""]);
    // One with spaces alone has one cell, and it says nothing.
    expect(entries.map(told)).toEqual(["right"]);
    expect(rightsOf(entries)).toMatchObject([{ order: "SO", product: "P", quantity: 2, endsAt: null }]);
  });

  test("what stands in a row that is not read is not shown where a column has keys", async () => {
    const table = tableOf(["order", "product"]);
    const [shown] = await read("order,product,note\nSO,P\n", table);
    const [hidden] = await read("order,product,License Key\nSO,XXXX-YYYY\n", table);
    expect([shown?.input, hidden?.input]).toEqual([
      "SO,P",
      "(not shown: a column of this table has keys or passwords)",
    ]);
    const [good] = await read("order,product,License Key\nSO,P,XXXX-YYYY\n", table, { orderedAt });
    expect(good?.input).toBe('{"order": "SO", "product": "P"}');
  });
});

describe("money", () => {
  const money = (columns: ColumnName[], row: string, context: Partial<ReadContext> = {}) =>
    rows(["product", "quantity", ...columns], [row], {}, { orderedAt, ...context });
  test.each([
    ["of a line divides by its seats", ["amount"], "P,4,100", { amountMinor: 2500, currency: "USD" }],
    [
      "of a seat counts where there is both",
      ["unitPrice", "amount"],
      "P,4,9.99,100",
      { amountMinor: 999, currency: "USD" },
    ],
    [
      "of a line counts where the seat's is empty",
      ["unitPrice", "amount"],
      "P,4,,100",
      { amountMinor: 2500, currency: "USD" },
    ],
    [
      "is of the row's currency",
      ["unitPrice", "currency"],
      "P,4,1000,jpy",
      { amountMinor: 1000, currency: "JPY" },
    ],
    [
      "is of the mapping's currency where the row says none",
      ["unitPrice", "currency"],
      "P,4,10,",
      { amountMinor: 1000, currency: "USD" },
    ],
    ["is absent where there is none", ["unitPrice", "amount"], "P,4,,", undefined],
    ["is free where it says so", ["unitPrice"], "P,4,0", { amountMinor: 0, currency: "USD" }],
  ] as [string, ColumnName[], string, unknown][])("%s", async (_what, columns, row, expected) => {
    const [right] = rightsOf(await money(columns, row)) as { unitPrice?: unknown }[];
    expect(right?.unitPrice).toEqual(expected);
  });

  test("of a line that does not divide evenly is a problem that says so", async () => {
    expect((await money(["amount"], "P,3,100")).map(told)).toEqual([
      'invalid 2:5 amount "amount": "100" does not divide evenly by 3 seats: map the price of one to unitPrice.',
    ]);
  });

  test("of a currency that is none is a problem", async () => {
    expect((await money(["unitPrice", "currency"], "P,3,100,$")).map(told)).toEqual([
      'invalid 2:9 currency "currency": "$" is no currency: say it by its ISO 4217 code, such as EUR.',
    ]);
  });
});

describe("identity", () => {
  const columns: ColumnName[] = ["order", "product", "quantity"];
  const identities = async (lines: string[], its = columns) =>
    (rightsOf(await rows(its, lines, {}, { orderedAt })) as { order: string; lineNumber: number }[]).map(
      ({ order, lineNumber }) => `${order}/${lineNumber}`,
    );

  test("a line keeps its number when others are added, taken away, sorted, corrected, or are in another file", async () => {
    const [first, second, third] = await identities(["A,x,1", "A,y,1", "B,x,1"]);
    expect(await identities(["B,x,1", "A,z,1", "A,y,7", "A,x,1"])).toEqual([
      third,
      expect.any(String),
      second,
      first,
    ]);
    expect(await identities(["A,y,1"])).toEqual([second]);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  test("the same row twice in an order is two lines, the same two in every file", async () => {
    const twice = await identities(["A,x,1", "A,x,1"]);
    expect(new Set(twice).size).toBe(2);
    expect(await identities(["A,x,1", "B,y,1", "A,x,1"])).toEqual([twice[0], expect.any(String), twice[1]]);
  });

  test("a row that could not be read has its number all the same", async () => {
    const [, second] = await identities(["A,x,1", "A,x,2"]);
    expect(await identities(["A,x,bad", "A,x,2"])).toEqual([second]);
  });

  test("without orders, a row is what its cells say, wherever they stand and whatever stands beside them", async () => {
    const [one] = await identities(["x,1"], ["product", "quantity"]);
    expect(one).toMatch(/^[0-9a-f]{32}\/1$/);
    expect(await identities([" 1 ,x"], ["quantity", "product"])).toEqual([one]);
    const noted = await read("product,note,quantity\nx,hello,1\n", tableOf(["product", "quantity"]), {
      orderedAt,
    });
    expect(rightsOf(noted)).toMatchObject([{ order: one?.slice(0, 32) }]);
    expect(await identities(["x,2"], ["product", "quantity"])).not.toEqual([one]);
  });

  test("an order's column that is none is a problem once a thousand rows share what stands there", async () => {
    const entries = await rows(
      columns,
      Array.from({ length: 1002 }, () => "A,x,1"),
      {},
      { orderedAt },
    );
    expect(entries.filter(({ kind }) => kind === "problem").map(told)).toEqual([
      expect.stringMatching(
        /^invalid 1002:1 order .* more than 1000 lines for one product: is it an order's ID\?/,
      ),
      expect.stringMatching(/^invalid 1003:1 order/),
    ]);
  });

  test.each(["0", "x", "1.5", "1000001", "-1", ""])("a line is no %j", async (line) => {
    const [entry] = await rows(["order", "line", "product"], [`A,${line},x`], {}, { orderedAt });
    expect(entry).toMatchObject({ kind: "problem", place: { line: 2, column: 3, at: "line" } });
  });
});

describe("seats", () => {
  test.each([
    ["by its ID", ["hostId", "hostName"], "h1,ws", { hostId: "h1", hostName: "ws", boundAt: orderedAt }],
    [
      "by its name, where that is all",
      ["hostName"],
      "ws",
      { hostId: "ws", hostName: "ws", boundAt: orderedAt },
    ],
    ["by its user, where that is all", ["user"], "jo", { hostId: "jo", user: "jo", boundAt: orderedAt }],
    [
      "when it was taken",
      ["hostId", "activatedAt"],
      "h1,2026-02-01",
      { hostId: "h1", boundAt: parseInstant("2026-02-01T00:00:00Z") },
    ],
  ] as [string, ColumnName[], string, unknown][])(
    "a computer is known %s",
    async (_what, columns, row, seat) => {
      const [entry] = await rows(["order", "product", ...columns], [`A,x,${row}`], {}, { orderedAt });
      expect(entry).toMatchObject({ kind: "right", right: { seats: [seat] } });
    },
  );

  test("a time without a computer or a user is a problem", async () => {
    const [entry] = await rows(["product", "hostId", "activatedAt"], ["x,,2026-02-01"], {}, { orderedAt });
    expect(entry && told(entry)).toMatch(/^incomplete 2:4 activatedAt/);
  });
});

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
  await fc.assert(
    fc.asyncProperty(fc.oneof(noise, fc.string(), damaged), async (text) => {
      try {
        for (const entry of await read(text, table)) {
          expect(entry.place.line).toBeGreaterThan(0);
          expect(entry.input.length).toBeLessThanOrEqual(4000);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(SourceFault);
        expect((error as SourceFault).place.line).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});
