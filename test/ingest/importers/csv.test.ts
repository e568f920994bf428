import { describe, expect, test } from "vitest";
import type { ColumnName } from "../../../ingest/import/table/columns.ts";
import type { ReadContext } from "../../../ingest/importers/importer.ts";
import { parseInstant } from "../../../licensing/index.ts";
import {
  orderedAt,
  readCsv as read,
  rightsOf,
  rowsOfCsv as rows,
  saying,
  tableOf,
  told,
} from "./table-support.ts";

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
    ['SO,"P"x,1,1,2026-01-01,', /^unreadable 3:7 {2}The quote that opens this cell is closed in the middle/],
    ['SO,"P,1,1,2026-01-01,', /^unreadable 3:4 {2}The quote that opens/],
  ])("%s", async (row, expected) => {
    const good = "SO,Q,1,9.99,2026-01-01,permanent";
    const entries = await rows(columns, [good, row, good, good]);
    expect(entries.map(({ kind }) => kind)).toEqual(["right", "problem", "right", "right"]);
    const [, problem] = entries.map(told);
    expect(problem).toEqual(saying(expected));
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
