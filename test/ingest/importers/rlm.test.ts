import { describe, expect, test } from "vitest";
import type { ReadContext } from "../../../ingest/importers/importer.ts";
import { importer } from "../../../ingest/importers/rlm/importer.ts";
import { brief, day, onlyRight } from "./license-files.ts";
import { entriesOf, sourceOf } from "./support.ts";

const read = (text: string, context: Partial<ReadContext> = {}) =>
  entriesOf(importer, sourceOf(text, "license.lic"), context);

describe("what a license grants", () => {
  test.each<[license: string, model: string, quantity: number]>([
    ["LICENSE v p 1.0 permanent 5", "RLM floating, permanent", 5],
    ["license v p 1.0 1-JAN-0 5", "RLM floating, permanent", 5],
    ["FEATURE v p 1.0 30-nov-2014 5", "RLM floating, dated", 5],
    ["LICENSE v p 1.0 permanent 5 60P0453YU8GFSTBRE7K4CNDJ4VEQ76KX", "RLM floating, permanent", 5],
    ["LICENSE v p 1.0 permanent 5 hostid=124b7e806962", "RLM node-locked, permanent", 5],
    ["LICENSE v p 1.0 permanent uncounted", "RLM site, permanent", 1],
    ["LICENSE v p 1.0 permanent 0 hostid=ANY", "RLM site, permanent", 1],
    ["LICENSE v p 1.0 permanent 0 hostid=sn=123-456", "RLM site, permanent", 1],
    ["LICENSE v p 1.0 permanent 0 hostid=ip=192.156.*", "RLM site, permanent", 1],
    ["LICENSE v p 1.0 30-nov-2014 0 hostid=demo", "RLM site demo, dated", 1],
    ["LICENSE v p 1.0 30-nov-2014 5 type=eval", "RLM floating demo, dated", 5],
    ['LICENSE v p 1.0 permanent uncounted hostid="a1 host=melody"', "RLM node-locked, permanent", 2],
    ["LICENSE v p 1.0 permanent uncounted hostid=user=joe", "RLM named user, permanent", 1],
    ["LICENSE v p 1.0 permanent single hostid=disksn=WDWX60AC946860", "RLM node-locked, permanent", 1],
    ["LICENSE v p 1.0 permanent single", "RLM node-locked, permanent", 1],
    ["LICENSE v p 1.0 permanent 5 named_user", "RLM named user, permanent", 5],
    ["LICENSE v p 1.0 permanent 5 named_user=7", "RLM named user, permanent", 5],
    ["LICENSE v p 1.0 permanent 10 soft_limit=8", "RLM floating, permanent, overdraft 2", 8],
    ["LICENSE v p 1.0 permanent 10 soft_limit=12", "RLM floating, permanent", 10],
    ["LICENSE v p 1.0 permanent 5 max_roam=14", "RLM floating, permanent, borrow 14 days", 5],
    ["LICENSE v p 1.0 permanent 5 max_roam=-1", "RLM floating, permanent", 5],
    // How uses are counted is no part of how many copies there are.
    ["LICENSE v p 1.0 permanent 5 share=UHI:3 max_share=4 min_timeout=30", "RLM floating, permanent", 5],
  ])("%s", async (license, model, quantity) => {
    const right = onlyRight(await read(license, { orderedAt: day("2012-01-01") }));
    expect([right.model.name, right.quantity]).toEqual([model, quantity]);
  });

  test("all that a right says", async () => {
    const license =
      'LICENSE orbit gui 2.0 30-nov-2014 3 hostid=host=melody options="64Bit\n   abc" customer="Acme\n  Widgets" contract=A-17\n' +
      '  issued=2-jan-2014 start=3-jan-2014 max_roam=7 _ck=e806a59608\n  sig="AEDC453HAK\n  768C1N"';
    expect(onlyRight(await read(license))).toEqual({
      order: expect.stringMatching(/^[0-9a-f]{32}$/),
      lineNumber: 1,
      product: "orbit/gui",
      productName: "gui",
      brand: "orbit",
      version: "2.0",
      features: ["64Bit", "abc"],
      model: {
        name: "RLM node-locked, dated, borrow 7 days",
        term: "subscription",
        duration: "P1Y",
        metric: "node-locked",
        policy: { borrow: "P7D" },
      },
      quantity: 3,
      customer: { name: "Acme Widgets" },
      orderedAt: day("2014-01-02"),
      startsAt: day("2014-01-03"),
      endsAt: day("2014-12-01"),
      seats: [{ hostId: "host=melody", hostName: "melody", boundAt: day("2014-01-02") }],
    });
  });
});

describe("the same license", () => {
  const plain =
    'LICENSE v p 1.0 30-nov-2014 5 issued=1-jan-2014 options="64Bit abc" customer=acme _ck=12 sig="60P0 453Y"';
  const orderOf = async (text: string) => onlyRight(await read(text)).order;

  test.each([
    ["on several lines", plain.replaceAll(" ", "\n  ")],
    [
      "with options in another order",
      `LICENSE v p 1.0 30-nov-2014 5 sig=60P0453Y customer=acme issued=1-jan-2014 options="64Bit abc"`,
    ],
    [
      "in lower case, but for its signature",
      'license V P 1.0 30-NOV-2014 5 ISSUED=01-jan-2014 options="64bit ABC" customer=ACME sig="60P0453Y"',
    ],
    [
      "with its signature where it has no name",
      'LICENSE v p 1.0 30-nov-2014 5 60P0453Y issued=1-jan-2014 options="64Bit abc" customer=acme',
    ],
    ["with what its administrator noted", `${plain} _line_item=shelf _id=3`],
    ["as a feature", plain.replace("LICENSE", "FEATURE")],
  ])("%s, is the same right", async (_, text) => {
    expect(await orderOf(text)).toBe(await orderOf(plain));
  });

  test.each([
    ["v p", "v q"],
    ["1.0", "1.1"],
    ["30-nov", "29-nov"],
    [" 5 ", " 6 "],
    ["abc", "abd"],
    ["453Y", "453y"],
  ])("is another with %s as %s", async (from, to) => {
    expect(await orderOf(plain.replace(from, to))).not.toBe(await orderOf(plain));
  });
});

describe("what the licenses of one file come to together", () => {
  const issued = "issued=1-jan-2014";
  test.each<[promise: string, lines: string[], entries: string[]]>([
    [
      "licenses add up, by either name",
      [
        `LICENSE v p 1.0 permanent 5 ${issued}`,
        `FEATURE v p 1.0 permanent 3 ${issued}`,
        `FEATURE v p 1.0 permanent 2 ${issued}`,
      ],
      ["1: 5 × v/p 1.0", "2: 3 × v/p 1.0", "3: 2 × v/p 1.0"],
    ],
    [
      "replace makes void what is older",
      [
        `LICENSE v p 1.0 permanent 5 ${issued}`,
        "LICENSE v p 1.0 permanent 6",
        "LICENSE v p 1.0 permanent 7 replace issued=2-jan-2014",
      ],
      ["1: void", "2: void", "3: 7 × v/p 1.0"],
    ],
    [
      "replace with a list, those",
      [
        `LICENSE v p 1.0 permanent 5 ${issued}`,
        `LICENSE v q 1.0 permanent 6 ${issued}`,
        "LICENSE v q 1.0 permanent 7 replace=p issued=2-jan-2014",
      ],
      ["1: void", "2: 6 × v/q 1.0", "3: 7 × v/q 1.0"],
    ],
    [
      "an upgrade moves copies of the same options",
      [
        `LICENSE v p 1.0 permanent 5 ${issued}`,
        `LICENSE v p 1.0 permanent 5 options=64Bit ${issued}`,
        "UPGRADE v p 1.0 2.0 permanent 2 options=64Bit",
        "UPGRADE v p 1.0 2.0 permanent 2 options=32Bit",
      ],
      ["1: 5 × v/p 1.0", "2: 3 × v/p 1.0", "3: 2 × v/p 2.0 as line 2", "4: incomplete"],
    ],
    [
      "an upgrade leaves named users and what is not counted",
      [
        `LICENSE v p 1.0 permanent 5 named_user ${issued}`,
        `LICENSE v p 1.0 permanent 0 ${issued}`,
        `LICENSE v p 1.0 permanent single ${issued}`,
        "UPGRADE v p 1.0 2.0 permanent 2",
      ],
      ["1: 5 × v/p 1.0", "2: 1 × v/p 1.0", "3: 1 × v/p 1.0", "4: incomplete"],
    ],
    [
      "servers are no entries",
      [
        "HOST myhost 124b7e806962 27000",
        "SERVER h 1",
        "ISV v /opt/v options=/opt/v.opt port=1",
        "DAEMON w",
        "CUSTOMER acme isv=v server=s port=1 password=p",
      ],
      [],
    ],
    [
      "a faulty line loses no neighbors",
      [
        `LICENSE v p 1.0 permanent 5 ${issued}`,
        '  customer="never closed',
        `LICENSE v q 1.0 permanent 6 ${issued}`,
        "what is this",
        "HOST",
        "LICENSE v r 1.0",
        `LICENSE v s 1.0 permanent 7 ${issued}`,
      ],
      [
        "2: unreadable",
        "3: 6 × v/q 1.0",
        "4: unreadable",
        "5: incomplete",
        "6: incomplete",
        "7: 7 × v/s 1.0",
      ],
    ],
  ])("%s", async (_, lines, entries) => {
    expect((await read(lines.join("\n"))).map(brief)).toEqual(entries);
  });
});

test("what is upgraded stays whose it was", async () => {
  const bought = "LICENSE v p 1.0 permanent 5 customer=acme issued=1-jan-2014";
  const rights = await read(`${bought}\nUPGRADE v p 1.0 2.0 permanent 2 customer=other`);
  expect(rights).toMatchObject([
    { right: { lineNumber: 1, customer: { name: "acme" } } },
    { right: { lineNumber: 2, customer: { name: "acme" } } },
  ]);
});

describe("what cannot be read says where and why", () => {
  test.each<[text: string, code: string, column: number, says: string]>([
    ["LICENSE v p 1.0 permanent", "incomplete", 26, "count is missing"],
    ["LICENSE v p 1.0 31-feb-2014 5", "invalid", 17, "no last day"],
    ["LICENSE v p 1.0 permanent five", "invalid", 27, "no number of licenses"],
    ['LICENSE v p 1.0 permanent token token="office 2.0 2"', "void", 27, "checked out of office 2.0 2"],
    ["LICENSE v p 1.0 permanent token_bounded", "incomplete", 27, "token="],
    ["LICENSE v p 1.0 permanent meter meter_counter=3", "incomplete", 27, "on its server"],
    ["LICENSE v p 1.0 permanent 5 issued=soon", "invalid", 29, "issued is no day"],
    ["LICENSE v p 1.0 permanent 5 soft_limit=some", "invalid", 29, "soft_limit is a number"],
    ["LICENSE v p 1.0 permanent 5000000 soft_limit=1", "invalid", 27, "above it"],
    ["LICENSE v p 1.0 permanent 5 max_roam=long", "invalid", 29, "max_roam is a number"],
    ["LICENSE v p 1.0 permanent 5 customer=", "invalid", 29, "customer is a name"],
    ["LICENSE v p 1.0 permanent 5 hostid=", "invalid", 29, "hostid names no host"],
    ["LICENSE v p 1.0 permanent 5 sig=1 garbage", "unreadable", 35, "`garbage` is no option"],
    ["UPGRADE v p 1.0 2.0 permanent uncounted", "invalid", 31, "Only counted"],
    ["LICENSE v p 1.0 permanent 5", "incomplete", 1, "--ordered-at"],
    ["LICENSE v p 1.0 30-nov-2013 5 start=1-dec-2013", "invalid", 17, "never was in force"],
  ])("%s", async (text, code, column, says) => {
    expect(await read(text)).toMatchObject([
      { kind: "problem", code, place: { line: 1, column }, detail: expect.stringContaining(says) },
    ]);
  });

  test("the text that is kept has no signature, key or password", async () => {
    const [entry] = await read(
      'LICENSE v p 1.0 permanent ? 60P0453YU8GFSTBRE7K4CNDJ4VEQ akey=1-2 _password=p customer="Acme Inc" sig="60P0 453Y"',
    );
    expect(entry?.input).toBe('LICENSE v p 1.0 permanent ? … akey=… _password=… customer="Acme Inc" sig=…');
  });

  test.each<[text: string, says: string]>([
    ["{}", "No line of this file"],
    ["VENDOR v\nINCREMENT f v 1.0 permanent 5", "import it as `flexnet`"],
  ])("%j is no file of it", async (text, says) => {
    await expect(read(text)).rejects.toMatchObject({
      name: "SourceFault",
      place: { line: 1, column: 1 },
      message: expect.stringContaining(says),
    });
  });
});
