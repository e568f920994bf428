import { describe, expect, test } from "vitest";
import { readMapping } from "../../../ingest/import/mapping.ts";
import { guessOf } from "../../../ingest/import/table/guess.ts";
import { guessText } from "../../../ingest/import/table/guess-text.ts";
import { importer } from "../../../ingest/importers/csv/importer.ts";
import { entriesOf, sourceOf } from "../importers/support.ts";

const guess = (text: string) =>
  importer.guess?.(sourceOf(text, "export.csv")) ?? Promise.reject(new TypeError("no guess"));

/** The mapping that a guess is, as it would be read again. */
async function mappingOf(text: string) {
  const yaml = await guess(text);
  const read = readMapping(yaml);
  if (!read.ok) throw new TypeError(read.faults.join("\n"));
  return { yaml, table: read.mapping.table };
}

/** Exports as systems write them: the headings, two rows, and what is found. */
const exports: [what: string, lines: string[], columns: Record<string, string>, rest: object][] = [
  [
    "a license desk's",
    [
      "Order #,Part #,Description,License Type,Qty,Unit Price,Curr,Sold-To,End Customer,Order Date,Expires",
      "SO-1,ORB-100,Orbit Jupiter,Floating,5,99.50,USD,10044,Acme Inc,03/25/2026,12/31/2026",
      "SO-2,ORB-200,Orbit Mars,Node-locked,1,1250.00,USD,10045,Beta Ltd,03/26/2026,permanent",
    ],
    {
      order: "Order #",
      product: "Part #",
      productName: "Description",
      model: "License Type",
      quantity: "Qty",
      unitPrice: "Unit Price",
      currency: "Curr",
      customerId: "Sold-To",
      customerName: "End Customer",
      orderedAt: "Order Date",
      endsAt: "Expires",
    },
    { delimiter: ",", dates: "MM/DD/YYYY", decimal: "." },
  ],
  [
    "a German ERP's",
    [
      "Bestellnr.;Pos.;Artikelnr.;Bezeichnung;Menge;Einzelpreis;Währung;Kundennr.;Kunde;Land;Bestelldatum;Gültig bis",
      "4711;10;ORB-1;Orbit Jupiter;5;1.234,50;EUR;K100;Müller GmbH;Deutschland;25.03.2026;31.12.2026",
      "4711;20;ORB-2;Orbit Mars;1;99,00;EUR;K100;Müller GmbH;Deutschland;25.03.2026;unbefristet",
    ],
    {
      order: "Bestellnr.",
      line: "Pos.",
      product: "Artikelnr.",
      productName: "Bezeichnung",
      quantity: "Menge",
      unitPrice: "Einzelpreis",
      currency: "Währung",
      customerId: "Kundennr.",
      customerName: "Kunde",
      country: "Land",
      orderedAt: "Bestelldatum",
      endsAt: "Gültig bis",
    },
    { delimiter: ";", dates: "DD.MM.YYYY", decimal: "," },
  ],
  [
    "a portal's, in one word each",
    [
      "orderId\tsku\tseats\taccountName\tcountryCode\tcreatedAt\tstartDate\tendDate\thostName\tuserName\tisTest",
      "1\torb\t3\tAcme\tUS\t2026-01-05\t2026-01-05\t2027-01-04\tws-1\tjo\tfalse",
      "2\torb\t1\tBeta\tDE\t2026-01-06\t2026-01-06\t2027-01-05\tws-2\tal\ttrue",
    ],
    {
      order: "orderId",
      product: "sku",
      quantity: "seats",
      customerName: "accountName",
      country: "countryCode",
      orderedAt: "createdAt",
      startsAt: "startDate",
      endsAt: "endDate",
      hostName: "hostName",
      user: "userName",
      test: "isTest",
    },
    { delimiter: "\t", dates: "YYYY-MM-DD" },
  ],
  [
    "a spreadsheet's, with a title",
    [
      "Licenses sold;;;;",
      ";;;;",
      "Kunde;Produkt;Anzahl Lizenzen;Betrag;Kaufdatum",
      "Acme GmbH;Orbit;10;990,00;5.1.2026",
      "Beta AG;Orbit;2;198,00;26.1.2026",
    ],
    {
      customerName: "Kunde",
      product: "Produkt",
      quantity: "Anzahl Lizenzen",
      amount: "Betrag",
      orderedAt: "Kaufdatum",
    },
    { headingRow: 3, dates: "DD.MM.YYYY", decimal: "," },
  ],
  [
    "a customer that is known by a number alone",
    [
      "Customer;Item;Units;Total;Invoice date;Invoice no",
      "10044;Orbit;1;10,00;2026-02-01;R-1",
      "10045;Orbit;1;10,00;2026-02-02;R-2",
    ],
    {
      customerId: "Customer",
      product: "Item",
      quantity: "Units",
      amount: "Total",
      orderedAt: "Invoice date",
      order: "Invoice no",
    },
    { dates: "YYYY-MM-DD" },
  ],
];

describe("what the columns of an export hold is told from its headings and first rows", () => {
  test.each(exports)("%s", async (_what, lines, columns, rest) => {
    const { table } = await mappingOf(lines.join("\r\n"));
    expect(table?.columns).toEqual(columns);
    expect(table).toMatchObject(rest);
  });

  test.each(exports)("%s is read by its guess as it is", async (_what, lines) => {
    const text = lines.join("\r\n");
    const { table } = await mappingOf(text);
    const entries = await entriesOf(importer, sourceOf(text), { table, orderedAt: 1 });
    expect(entries.map(({ kind }) => kind)).toEqual(["right", "right"]);
  });
});

describe("what is unsure is said", () => {
  const of = async (...lines: string[]) => (await mappingOf(lines.join("\n"))).yaml;
  test("days that could be of either order", async () => {
    expect(await of("sku,order date", "x,03/04/2026", "y,05/06/2026")).toMatch(
      /dates: "MM\/DD\/YYYY" # unsure\? it could be DD\/MM\/YYYY as well/,
    );
  });
  test("days of no known writing", async () => {
    expect(await of("sku,order date", "x,Q1 2026")).toMatch(
      /dates: "YYYY-MM-DD" # unsure\? "Q1 2026" is written in no way/,
    );
  });
  test("values that do not fit their heading", async () => {
    const yaml = await of("sku,qty,order date", "x,many,2026-01-02");
    expect(yaml).toMatch(/quantity: "qty" # such as many; unsure\? not all that stands under it are numbers/);
  });
  test("amounts without decimals, and in both ways", async () => {
    expect(await of("sku;price", "x;100")).toMatch(
      /decimal: "," # unsure\? no amount in the first rows has decimals/,
    );
    expect(await of("sku;price", "x;1,50", "y;1.50")).toMatch(
      /decimal: "\." # unsure\? amounts are written in both ways/,
    );
  });
  test("a heading that says more", async () => {
    expect(await of("sku,qty of our own stock", "x,1")).toMatch(/# Not read: "qty of our own stock"/);
    expect(await of("sku,Total quantity (net)", "x,1")).toMatch(
      /quantity: "Total quantity \(net\)".*unsure\? the heading says more/,
    );
  });
  test("a number that may be the customer's own", async () => {
    expect(await of("sku,PO Number", "x,1")).toMatch(/order: "PO Number".*unsure\? is it one to an order/);
  });
  test("that no product was found", async () => {
    const { yaml, table } = await mappingOf("foo,bar\n1,2\n");
    expect(yaml).toMatch(/# product: "" # unsure\? no heading looks like a product/);
    expect(table?.columns).toEqual({});
  });
});

test("the guess shows values to judge it by, and rules to fill in, but nobody's address", async () => {
  const { yaml } = await mappingOf(
    "sku,license model,email,user\nORB-1,Floating,a@b.example,jo\nORB-2,Floating,c@d.example,al\n",
  );
  expect(yaml).toContain('product: "sku" # such as ORB-1, ORB-2');
  expect(yaml).toContain('#   - { from: "ORB-2", sku: "" }');
  expect(yaml).toContain('#   - { from: "Floating", licenseModel: "" }');
  expect(yaml).not.toMatch(/example|jo\b/);
});

test("headings and values cannot break out of the mapping", () => {
  const nasty = 'a"\n  sheet: "x\u2028y';
  const yaml = guessText(
    guessOf({
      rows: [
        { cells: ["sku", nasty], line: 1 },
        { cells: ['x"\u2028\ntable: 1', "#"], line: 2 },
      ],
      delimiter: ",",
    }),
    "evil\nname.csv",
  );
  const read = readMapping(yaml);
  expect(read.ok && read.mapping.table).toMatchObject({ columns: { product: "sku" } });
  expect(read.ok && read.mapping.table?.sheet).toBeUndefined();
});

test("an empty table, and one of nothing that is known, are guessed at without a fault", async () => {
  for (const text of ["", "\n\n", "1,2,3\n4,5,6\n", '"\n"', "x".repeat(400_000)])
    expect(await guess(text)).toMatch(/^# A first guess/);
});
