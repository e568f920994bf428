import { describe, expect, test } from "vitest";
import { importer } from "../../../ingest/importers/flexnet/importer.ts";
import type { ForeignRight, ReadContext } from "../../../ingest/importers/importer.ts";
import { day, onlyRight } from "./license-files.ts";
import { entriesOf, sourceOf } from "./support.ts";

const read = (text: string, context: Partial<ReadContext> = {}) =>
  entriesOf(importer, sourceOf(text, "license.lic"), context);

const rightOf = async (line: string, context: Partial<ReadContext> = {}): Promise<ForeignRight> =>
  onlyRight(await read(line, context));

describe("what a line grants", () => {
  const of = { orderedAt: day("2014-01-01") };
  test.each<[line: string, model: string, quantity: number]>([
    ["INCREMENT f v 1.0 permanent 5", "FlexNet floating, permanent", 5],
    ["increment f v 1.0 1-JAN-0 5", "FlexNet floating, permanent", 5],
    ["INCREMENT f v 1.0 1-jan-00 5", "FlexNet floating, permanent", 5],
    ["INCREMENT f v 1.0 01-jan-0000 5", "FlexNet floating, permanent", 5],
    ["INCREMENT f v 1.0 0000 5", "FlexNet floating, permanent", 5],
    ["INCREMENT f v 1.0 31-dec-9999 5", "FlexNet floating, permanent", 5],
    ["INCREMENT f v 1.0 09-May-2014 5", "FlexNet floating, dated", 5],
    ["FEATURE f v 1.0 permanent 5 SIGN=AB12", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 HOSTID=ANY", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 HOSTID=ID=12-34", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 HOSTID=INTERNET=195.186.*.*", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 HOSTID=12ab34cd", "FlexNet node-locked, permanent", 5],
    ['FEATURE f v 1.0 permanent 1 HOSTID="12ab34cd 12ab34ce"', "FlexNet floating, permanent", 1],
    ["FEATURE f v 1.0 permanent uncounted", "FlexNet site, permanent", 1],
    ["FEATURE f v 1.0 permanent 0 HOSTID=any", "FlexNet site, permanent", 1],
    ["FEATURE f v 1.0 permanent uncounted HOSTID=ID=1", "FlexNet site, permanent", 1],
    ["FEATURE f v 1.0 09-may-2014 uncounted HOSTID=DEMO", "FlexNet site demo, dated", 1],
    ["FEATURE f v 1.0 permanent UNCOUNTED HOSTID=001122aabbcc", "FlexNet node-locked, permanent", 1],
    ['FEATURE f v 1.0 permanent 0 HOSTID="a1 b2 A1 c3"', "FlexNet node-locked, permanent", 3],
    ["FEATURE f v 1.0 permanent uncounted HOSTID=USER=joe", "FlexNet named user, permanent", 1],
    ["FEATURE f v 1.0 permanent uncounted HOSTID=FLEXID=9-1234", "FlexNet node-locked, permanent", 1],
    ["FEATURE f v 1.0 permanent 5 USER_BASED", "FlexNet named user, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 user_based=7", "FlexNet named user, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 HOST_BASED", "FlexNet host-based, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 OVERDRAFT=2", "FlexNet floating, permanent, overdraft 2", 5],
    ["FEATURE f v 1.0 permanent 5 OVERDRAFT=0", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 BORROW", "FlexNet floating, permanent, borrow 168 hours", 5],
    ["FEATURE f v 1.0 permanent 5 BORROW=48", "FlexNet floating, permanent, borrow 48 hours", 5],
    // How uses are counted is no part of how many copies there are, but for a site that shares one.
    ["FEATURE f v 1.0 permanent 5 DUP_GROUP=UHD", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 DUP_GROUP=NONE", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 DUP_GROUP=SITE", "FlexNet site, permanent", 1],
    // As it was written before there was SIGN=.
    ["FEATURE f v 1.0 permanent 5 1B9A308CC0F7", "FlexNet floating, permanent", 5],
    ["FEATURE f v 1.0 permanent 5 0 OVERDRAFT=1", "FlexNet floating, permanent, overdraft 1", 5],
    [
      'FEATURE f v 1.0 permanent 0 1B9A308CC0F71B9A308C "a string" 12ab34cd',
      "FlexNet node-locked, permanent",
      1,
    ],
    ["FEATURE f v 1.0 permanent 0 1B9A308CC0F7 DEMO", "FlexNet site demo, permanent", 1],
  ])("%s", async (line, model, quantity) => {
    const right = await rightOf(line, of);
    expect([right.model.name, right.quantity]).toEqual([model, quantity]);
  });

  test("all that a right says", async () => {
    const line =
      'FEATURE cad acme 2014.05 31-dec-2014 uncounted HOSTID="001122AABBCC HOSTNAME=ws-17" ISSUED=2-jan-2014 START=3-jan-2014 BORROW=12 SIGN="1234 ABCD"';
    expect(await rightOf(line)).toEqual({
      order: expect.stringMatching(/^[0-9a-f]{32}$/),
      lineNumber: 1,
      product: "acme/cad",
      productName: "cad",
      brand: "acme",
      version: "2014.05",
      model: {
        name: "FlexNet node-locked, dated, borrow 12 hours",
        term: "subscription",
        duration: "P1Y",
        metric: "node-locked",
        policy: { borrow: "PT12H" },
      },
      quantity: 2,
      orderedAt: day("2014-01-02"),
      startsAt: day("2014-01-03"),
      // It runs through its last day.
      endsAt: day("2015-01-01"),
      seats: [
        { hostId: "001122AABBCC", boundAt: day("2014-01-02") },
        { hostId: "HOSTNAME=ws-17", hostName: "ws-17", boundAt: day("2014-01-02") },
      ],
    });
  });

  test("it is ordered when it was issued, else when it starts, else when the caller says", async () => {
    const line = "INCREMENT f v 1.0 permanent 5";
    const orderedAt = day("2001-01-01");
    expect((await rightOf(`${line} START=3-jan-2014 ISSUED=2-jan-2014`)).orderedAt).toBe(day("2014-01-02"));
    expect((await rightOf(`${line} START=3-jan-2014`, { orderedAt })).orderedAt).toBe(day("2014-01-03"));
    expect((await rightOf(line, { orderedAt })).orderedAt).toBe(orderedAt);
    expect(await read(line)).toMatchObject([
      { kind: "problem", code: "incomplete", detail: expect.stringContaining("--ordered-at") },
    ]);
  });
});

describe("the same license", () => {
  const plain =
    'INCREMENT f v 1.0 09-may-2014 5 ISSUED=1-jan-2014 HOSTID="a1 b2" NOTICE="to whom" SIGN="12AB 34CD"';
  test.each([
    [
      "in lower case, with other white space",
      'increment  f\tv 1.0 9-MAY-2014 5 issued=01-Jan-2014 HOSTID="a1 b2" notice="to whom" SIGN="12AB 34CD"  ',
    ],
    [
      "with its options in another order",
      'INCREMENT f v 1.0 09-may-2014 5 SIGN="12AB 34CD" NOTICE="to whom" HOSTID="b2 A1" ISSUED=1-jan-2014',
    ],
    [
      "on several lines, with comments",
      '  INCREMENT f v 1.0 \\ # of an old file\n# 2014\n 09-may-2014 5 ISSUED=1-jan-2014\\\n HOSTID="a1 \\\n   b2" NOTICE="to\n whom"\n  SIGN="12AB \\\n 34CD" # the end',
    ],
    ["with another signature's white space", plain.replace("12AB 34CD", "12ab34cd")],
    ["with what its administrator noted", `${plain} sort=50 asset_info="a shelf" ck=12`],
  ])("%s, is the same right", async (_, text) => {
    const { order } = await rightOf(plain);
    expect((await rightOf(text)).order).toBe(order);
  });

  test.each([
    ["INCREMENT", "FEATURE"],
    ["f v", "f w"],
    ["1.0", "1.1"],
    ["09-may-2014", "10-may-2014"],
    [" 5 ", " 6 "],
    ["ISSUED=1", "ISSUED=2"],
    ["b2", "b3"],
    ["12AB", "12AC"],
  ])("is another with %s as %s", async (from, to) => {
    const { order } = await rightOf(plain);
    expect((await rightOf(plain.replace(from, to))).order).not.toBe(order);
  });
});

describe("what cannot be read says where and why", () => {
  test.each<[text: string, code: string, line: number, column: number, says: string]>([
    ["INCREMENT f v 1.0 permanent", "incomplete", 1, 28, "count is missing"],
    ["INCREMENT", "incomplete", 1, 1, "name is missing"],
    ["UPGRADE f v 1.0 2.0 permanent", "incomplete", 1, 30, "count is missing"],
    ["INCREMENT f v 1.0 31-feb-2014 5", "invalid", 1, 19, "no last day"],
    ["INCREMENT f v 1.0 9-may-14 5", "invalid", 1, 19, "no last day"],
    ["INCREMENT f v 1.0 \\\n  2014-05-09 5", "invalid", 2, 3, "no last day"],
    ["INCREMENT f v 1.0 permanent five", "invalid", 1, 29, "no number of licenses"],
    ["INCREMENT f v 1.0 permanent -5", "invalid", 1, 29, "no number of licenses"],
    ["INCREMENT f v 1.0 permanent 99999999999", "invalid", 1, 29, "no number of licenses"],
    ["UPGRADE f v 1.0 2.0 permanent uncounted", "invalid", 1, 31, "Only counted"],
    ["UPGRADE f v old new permanent 5", "invalid", 1, 13, "versions are numbers"],
    ["INCREMENT f v 1.0 permanent 5 ISSUED=31-feb-2014", "invalid", 1, 31, "ISSUED is no day"],
    ["INCREMENT f v 1.0 permanent 5 OVERDRAFT=many", "invalid", 1, 31, "OVERDRAFT is a number"],
    ["INCREMENT f v 1.0 permanent 5 BORROW=999999", "invalid", 1, 31, "BORROW is a number of hours"],
    ["INCREMENT f v 1.0 permanent 5 DUP_GROUP=XYZ", "invalid", 1, 31, "DUP_GROUP is"],
    ["INCREMENT f v 1.0 permanent 5 HOSTID=", "invalid", 1, 31, "HOSTID names no host"],
    ["INCREMENT f v 1.0 permanent 5 SN=1 SN=2", "invalid", 1, 36, "a second time"],
    ["INCREMENT f v 1.0 permanent 5 garbage", "unreadable", 1, 31, "`garbage` is no option"],
    ["INCREMENT f v 1.0 permanent 5 SUPERSEDE_SIGN=f:1234", "incomplete", 1, 31, "by their signatures"],
    ['INCREMENT f v 1.0 permanent 5 NOTICE="to', "unreadable", 1, 31, "not closed"],
    ["INCREMENT f v 1.0 9-may-2014 5 START=1-jun-2014", "invalid", 1, 19, "never was in force"],
    ["INCREMENT f v 1.0 9-may-2014 5", "invalid", 1, 19, "--ordered-at: give an earlier one"],
    ["VENDOR v\nsampled-f1-00737-55296-1825", "unreadable", 2, 1, "lminstall"],
  ])("%s", async (text, code, line, column, says) => {
    const entries = await read(text, { orderedAt: day("2020-01-01") });
    expect(entries).toMatchObject([
      { kind: "problem", code, place: { line, column }, detail: expect.stringContaining(says) },
    ]);
  });

  test("the text that is kept has no signature and no license key", async () => {
    const [entry] = await read(
      'INCREMENT f v 1.0 permanent ? 1B9A308CC0F7 HOSTID=12ab34cd NOTICE="for whom" SIGN="12AB 34CD" auth={v=1}',
    );
    expect(entry?.input).toBe(
      'INCREMENT f v 1.0 permanent ? … HOSTID=12ab34cd NOTICE="for whom" SIGN=… auth=…',
    );
  });
});

describe("a file that is no license file is refused, with its place", () => {
  test.each<[text: string, line: number, says: string]>([
    ["<html>\n<body>", 1, "No line of this file"],
    ["# a comment\n\n{}", 3, "No line of this file"],
    ["HOST myhost 124b7e806962 27000\nISV prime", 1, "import it as `rlm`"],
    ['"Entitlement","Thing","Quantity"\n1,f,5', 1, "a table"],
    ["a;b;c\nINCREMENT f v 1.0 permanent 5", 1, "a table"],
    ["%PDF-1.4", 1, "a PDF"],
    ["INCREMENT f v 1.0 permanent 5\n\0", 2, "zero byte"],
  ])("%j", async (text, line, says) => {
    await expect(read(text)).rejects.toMatchObject({
      name: "SourceFault",
      place: { line },
      message: expect.stringContaining(says),
    });
  });

  test.each([[""], ["# nothing but a comment\n"], ["\n\n \t\n"]])(
    "but %j has nothing in it",
    async (text) => {
      expect(await read(text)).toEqual([]);
    },
  );

  test("line ends and a byte order mark change nothing", async () => {
    const text =
      '\uFEFFSERVER h 0\r\nINCREMENT f v 1.0 permanent 5 \\\r\n ISSUED=1-jan-2014 NOTICE="a\r\n b"\r\n';
    const { order } = await rightOf(text);
    expect((await rightOf(text.replaceAll("\r\n", "\r"))).order).toBe(order);
    expect((await rightOf(text.slice(1).replaceAll("\r\n", "\n"))).order).toBe(order);
  });
});
