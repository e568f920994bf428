import { describe, expect, test } from "vitest";
import { importer } from "../../../ingest/importers/flexnet/importer.ts";
import { brief, day, onlyRight } from "./license-files.ts";
import { entriesOf, sourceOf } from "./support.ts";

const read = (...lines: string[]) => entriesOf(importer, sourceOf(lines.join("\n"), "license.lic"));

describe("what the lines of one file come to together", () => {
  test.each<[promise: string, lines: string[], entries: string[]]>([
    [
      "increments add up",
      ["INCREMENT f v 1.0 permanent 5 ISSUED=1-jan-2014", "INCREMENT f v 1.0 permanent 3 ISSUED=1-jan-2014"],
      ["1: 5 × v/f 1.0", "2: 3 × v/f 1.0"],
    ],
    [
      "of counted features of a name the first counts",
      [
        "FEATURE f v 1.0 permanent 5 ISSUED=1-jan-2014",
        "FEATURE F v 2.0 permanent 3 ISSUED=1-jan-2014",
        "FEATURE f w 2.0 permanent 3 ISSUED=1-jan-2014",
      ],
      ["1: 5 × v/f 1.0", "2: void", "3: 3 × w/f 2.0"],
    ],
    [
      "uncounted features are each their own host's",
      [
        "FEATURE f v 1.0 permanent 0 HOSTID=a1 ISSUED=1-jan-2014",
        "FEATURE f v 1.0 permanent 0 HOSTID=b2 ISSUED=1-jan-2014",
      ],
      ["1: 1 × v/f 1.0", "2: 1 × v/f 1.0"],
    ],
    [
      "the very same feature again is the same right",
      ["FEATURE f v 1.0 permanent 5 ISSUED=1-jan-2014", "FEATURE f v 1.0 permanent 5 ISSUED=1-jan-2014"],
      ["1: 5 × v/f 1.0", "2: 5 × v/f 1.0"],
    ],
    [
      "an upgrade moves copies",
      ["INCREMENT f v 1.0 permanent 5 ISSUED=1-jan-2014", "UPGRADE f v 1.0 2.0 permanent 2"],
      ["1: 3 × v/f 1.0", "2: 2 × v/f 2.0 as line 2"],
    ],
    [
      "an upgrade moves all, and no more",
      ["INCREMENT f v 1.5 permanent 5 ISSUED=1-jan-2014", "UPGRADE f v 1.0 2.0 permanent 9"],
      ["1: void", "2: 5 × v/f 2.0 as line 2"],
    ],
    [
      "an upgrade takes from the closest line before it",
      [
        "INCREMENT f v 1.0 permanent 5 ISSUED=1-jan-2014",
        "INCREMENT f v 1.1 permanent 5 ISSUED=1-jan-2014",
        "UPGRADE f v 1.0 2.0 permanent 6",
      ],
      ["1: 4 × v/f 1.0", "2: void", "3: 5 × v/f 2.0 as line 2", "3: 1 × v/f 2.0 as line 2"],
    ],
    [
      "an upgrade leaves what is too old, new enough, uncounted, another's, or after it",
      [
        "INCREMENT f v 0.9 permanent 1 ISSUED=1-jan-2014",
        "INCREMENT f v 2.0 permanent 1 ISSUED=1-jan-2014",
        "FEATURE f v 1.0 permanent 0 ISSUED=1-jan-2014",
        "INCREMENT f w 1.0 permanent 1 ISSUED=1-jan-2014",
        "UPGRADE f v 1.0 2.0 permanent 1",
        "INCREMENT f v 1.0 permanent 1 ISSUED=1-jan-2014",
      ],
      [
        "1: 1 × v/f 0.9",
        "2: 1 × v/f 2.0",
        "3: 1 × v/f 1.0",
        "4: 1 × w/f 1.0",
        "5: incomplete",
        "6: 1 × v/f 1.0",
      ],
    ],
    [
      "versions are decimal numbers",
      ["INCREMENT f v 1.10 permanent 1 ISSUED=1-jan-2014", "UPGRADE f v 1.2 2.0 permanent 1"],
      ["1: 1 × v/f 1.10", "2: incomplete"],
    ],
    [
      "upgrades follow one another",
      [
        "INCREMENT f v 1.0 permanent 5 ISSUED=1-jan-2014",
        "UPGRADE f v 1.0 2.0 permanent 5",
        "UPGRADE f v 2.0 3.0 permanent 5",
      ],
      ["1: void", "2: void", "3: 5 × v/f 3.0 as line 2"],
    ],
    [
      "the same upgrade again moves nothing more",
      [
        "INCREMENT f v 1.0 permanent 5 ISSUED=1-jan-2014",
        "UPGRADE f v 1.0 2.0 permanent 2",
        "UPGRADE f v 1.0 2.0 permanent 2",
      ],
      ["1: 3 × v/f 1.0", "2: 2 × v/f 2.0 as line 2", "3: 2 × v/f 2.0 as line 2"],
    ],
    [
      "SUPERSEDE replaces what is older, by its day of issue",
      [
        "INCREMENT f v 1.0 permanent 1 ISSUED=1-jan-2008",
        "INCREMENT f v 1.0 permanent 2 START=2-jan-2008",
        "INCREMENT f v 1.0 permanent 3",
        "INCREMENT f v 1.0 permanent 4 SUPERSEDE ISSUED=1-jan-2009",
        "INCREMENT f v 1.0 permanent 5 SUPERSEDE ISSUED=1-jan-2009",
        "INCREMENT f v 1.0 permanent 6 ISSUED=2-jan-2009",
        "INCREMENT g v 1.0 permanent 7 ISSUED=1-jan-2008",
        "INCREMENT f w 1.0 permanent 8 ISSUED=1-jan-2008",
      ],
      [
        "1: void",
        "2: void",
        "3: void",
        "4: 4 × v/f 1.0",
        "5: 5 × v/f 1.0",
        "6: 6 × v/f 1.0",
        "7: 7 × v/g 1.0",
        "8: 8 × w/f 1.0",
      ],
    ],
    [
      "SUPERSEDE with a list replaces those, and not its own",
      [
        "FEATURE f1 v 1.0 permanent 1 ISSUED=1-jan-2008",
        "FEATURE f2 v 1.0 permanent 1 ISSUED=1-jan-2008",
        "INCREMENT f3 v 1.0 permanent 3 ISSUED=1-jan-2008",
        'FEATURE f3 v 1.0 permanent 4 SUPERSEDE="f1 F2" ISSUED=2-jan-2009',
      ],
      ["1: void", "2: void", "3: 3 × v/f3 1.0", "4: 4 × v/f3 1.0"],
    ],
    [
      "what is replaced is not the first of its name",
      [
        "FEATURE f v 1.0 permanent 1 ISSUED=1-jan-2008",
        "FEATURE f v 2.0 permanent 2 SUPERSEDE ISSUED=1-jan-2009",
        "FEATURE f v 2.0 permanent 3 ISSUED=1-jan-2009",
      ],
      ["1: void", "2: 2 × v/f 2.0", "3: void"],
    ],
    [
      "what is replaced replaces all the same",
      [
        "INCREMENT f v 1.0 permanent 1 ISSUED=1-jan-2007",
        "INCREMENT g v 1.0 permanent 2 SUPERSEDE=f ISSUED=1-jan-2008",
        "INCREMENT h v 1.0 permanent 3 SUPERSEDE=g ISSUED=1-jan-2009",
      ],
      ["1: void", "2: void", "3: 3 × v/h 1.0"],
    ],
    [
      "an upgrade that is replaced moves nothing",
      [
        "UPGRADE f v 1.0 2.0 permanent 1 ISSUED=1-jan-2008",
        "INCREMENT f v 1.0 permanent 2 SUPERSEDE ISSUED=1-jan-2009",
      ],
      ["1: void", "2: 2 × v/f 1.0"],
    ],
    [
      "who replaces without a day is asked for one",
      ["INCREMENT f v 1.0 permanent 1 ISSUED=1-jan-2008", "INCREMENT f v 1.0 permanent 2 SUPERSEDE"],
      ["1: 1 × v/f 1.0", "2: incomplete"],
    ],
    [
      "servers are no entries",
      [
        "SERVER this_host ANY 27000",
        "VENDOR v /usr/bin/v port=27010",
        "DAEMON w C:\\flexlm\\w.exe",
        "USE_SERVER",
        "INCREMENT f v 1.0 permanent 1 ISSUED=1-jan-2008",
      ],
      ["5: 1 × v/f 1.0"],
    ],
    [
      "a faulty line loses no neighbors",
      [
        "INCREMENT f v 1.0 permanent 1 ISSUED=1-jan-2008 \\",
        'INCREMENT g v 1.0 permanent 1 NOTICE="never closed',
        "SERVER",
        "INCREMENT h v 1.0 permanent 1 ISSUED=1-jan-2008",
        "what is this",
        "VENDOR",
        "INCREMENT i v 1.0 permanent 1 ISSUED=1-jan-2008",
      ],
      [
        "1: 1 × v/f 1.0",
        "2: unreadable",
        "4: 1 × v/h 1.0",
        "5: unreadable",
        "6: incomplete",
        "7: 1 × v/i 1.0",
      ],
    ],
  ])("%s", async (_, lines, entries) => {
    expect((await read(...lines)).map(brief)).toEqual(entries);
  });

  test("an upgrade's copies stay in the order that they were bought with", async () => {
    const base = "INCREMENT f v 1.0 permanent 5 ISSUED=1-jan-2014";
    const [one, other] = [
      "UPGRADE f v 1.0 2.0 permanent 2 ISSUED=1-feb-2014",
      "UPGRADE f v 1.0 2.5 31-dec-2014 1 START=1-mar-2014",
    ];
    const bought = onlyRight(await read(base));
    const rights = (await read(base, one, other)).map((entry) =>
      entry.kind === "right" ? entry.right : null,
    );
    expect(rights.map((right) => right?.order)).toEqual([bought.order, bought.order, bought.order]);
    expect(rights.map((right) => right?.orderedAt)).toEqual([1, 2, 3].map(() => day("2014-01-01")));
    expect(rights.reduce((sum, right) => sum + (right?.quantity ?? 0), 0)).toBe(bought.quantity);
    // The number of an upgrade does not depend on where it stands.
    const turned = (await read(base, other, one)).map((entry) =>
      entry.kind === "right" ? entry.right : null,
    );
    const numbers = (all: typeof rights) =>
      new Set(all.map((right) => `${right?.version} in line ${right?.lineNumber}`));
    expect(numbers(turned)).toEqual(numbers(rights));
  });
});

describe("packages", () => {
  const issued = "ISSUED=1-jan-2014";
  const suite = `FEATURE suite v 1.0 permanent 5 ${issued}`;
  const featuresOf = async (...lines: string[]) =>
    (await read(...lines)).flatMap((entry) => (entry.kind === "right" ? [entry.right.features ?? null] : []));

  test("a feature has the components of the package of its name", async () => {
    const entries = await read(
      'PACKAGE suite v 1.0 SIGN=3B24B2F508CB COMPONENTS="one two" OPTIONS=SUITE',
      suite,
    );
    expect(entries).toMatchObject([
      {
        kind: "reference",
        reference: { of: "product", key: "v/suite", name: "suite", brand: "v", features: ["one", "two"] },
      },
      { kind: "right", right: { product: "v/suite", quantity: 5, features: ["one", "two"] } },
    ]);
  });

  test.each<[promise: string, lines: string[], features: (string[] | null)[]]>([
    ["also where it stands behind", [suite, "PACKAGE suite v COMPONENTS=one"], [["one"]]],
    [
      "with versions and counts as they are written",
      [suite, 'PACKAGE suite v 1.0 COMPONENTS="apple:1.5:2 orange"'],
      [["apple:1.5:2", "orange"]],
    ],
    [
      "with the license key of old packages",
      [suite, "PACKAGE suite v 1.0 3B24B2F508CB COMPONENTS=one"],
      [["one"]],
    ],
    [
      "of its own version",
      [suite, "PACKAGE suite v 2.0 COMPONENTS=two", "PACKAGE suite v 1.0 COMPONENTS=one"],
      [["one"]],
    ],
    ["and none of another vendor's", [suite, "PACKAGE suite w 1.0 COMPONENTS=two"], [null]],
    [
      "of the youngest, where it replaces the others",
      [
        suite,
        `PACKAGE suite v 1.0 COMPONENTS=one ${issued}`,
        "PACKAGE suite v 1.0 COMPONENTS=two SUPERSEDE ISSUED=2-jan-2014",
      ],
      [["two"]],
    ],
    [
      "else of the first",
      [suite, "PACKAGE suite v 1.0 COMPONENTS=one", "PACKAGE suite v 1.0 COMPONENTS=two"],
      [["one"]],
    ],
  ])("%s", async (_, lines, features) => {
    expect(await featuresOf(...lines)).toEqual(features);
  });

  test.each<[lines: string[], entries: string[]]>([
    [
      ["PACKAGE suite v 1.0 COMPONENTS=one", "PACKAGE suite v 1.0 COMPONENTS=two"],
      ["1: what v/suite is", "2: void"],
    ],
    [
      ["PACKAGE suite v 1.0 COMPONENTS=one", "PACKAGE suite v 1.0 COMPONENTS=one"],
      ["1: what v/suite is", "2: what v/suite is"],
    ],
    [
      [
        `PACKAGE suite v 1.0 COMPONENTS=one ${issued}`,
        "PACKAGE suite v 1.0 COMPONENTS=two SUPERSEDE ISSUED=2-jan-2014",
      ],
      ["1: void", "2: what v/suite is"],
    ],
    [["PACKAGE suite v 1.0 OPTIONS=SUITE"], ["1: incomplete"]],
    [["PACKAGE suite"], ["1: incomplete"]],
  ])("%j", async (lines, entries) => {
    expect((await read(...lines)).map(brief)).toEqual(entries);
  });
});
