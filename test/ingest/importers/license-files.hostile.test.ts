// What nobody wrote in good faith, and what was damaged: for FlexNet's files, RLM's, and lmstat's reports.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importer as flexnet } from "../../../ingest/importers/flexnet/importer.ts";
import { type Entry, type Importer, type Source, SourceFault } from "../../../ingest/importers/importer.ts";
import { importer as lmstat } from "../../../ingest/importers/lmstat/importer.ts";
import { importer as rlm } from "../../../ingest/importers/rlm/importer.ts";
import { brief, day } from "./license-files.ts";
import { heading } from "./lmstat-report.ts";
import { entriesOf, sourceOf } from "./support.ts";

const orderedAt = day("2010-01-01");
const importers: [name: string, importer: Importer, valid: string][] = [
  [
    "flexnet",
    flexnet,
    `SERVER h 0 27000
VENDOR v
PACKAGE suite v 1.0 COMPONENTS="one two" SIGN="12AB"
FEATURE suite v 1.0 31-dec-2030 5 ISSUED=1-jan-2014 SIGN="12AB \\
  34CD" # a comment
INCREMENT f v 1.0 permanent uncounted HOSTID="a1 b2" OVERDRAFT=2 BORROW=3 SUPERSEDE="g h" NOTICE="x
 y"
UPGRADE suite v 1.0 2.0 31-dec-2030 2 1B9A308CC0F7`,
  ],
  [
    "rlm",
    rlm,
    `HOST h 1 2
ISV v
LICENSE v p 1.0 30-nov-2030 5 options="64Bit
  abc" hostid="a1 user=b" customer="Acme" soft_limit=3 max_roam=2 sig="60P0
  453Y"
LICENSE v q 1.0 permanent token token="p 1 2"
UPGRADE v p 1.0 2.0 permanent 2 options="64bit abc" replace=q issued=1-jan-2014`,
  ],
  [
    "lmstat",
    lmstat,
    `${heading}Users of cad:  (Total of 10 licenses issued;  Total of 3 licenses in use)

  "cad" v31.0, vendor: acme
  floating license

	1 RESERVATION for GROUP staff (h1/27000)
    John Doe ws-2 :0 (v31.0) (h1/27000 91), start Thu 10/19 8:05, 2 licenses (linger: 1 / 2), PID: 3
    eve ws-3 :0 31.0 (v31.0) (h1/27000 92) queued for 2 licenses
Feature Version #licenses Expires Vendor
cad 31.0 1 1-jan-0 acme`,
  ],
];

/**
 * Reads, and looks for what an importer does not owe. That the file as a whole cannot be read is an answer too.
 * @returns what is wrong with the answer
 */
async function wrongs(importer: Importer, source: Source): Promise<string[]> {
  try {
    return (await entriesOf(importer, source, { orderedAt })).flatMap(wrongIn);
  } catch (fault) {
    if (!(fault instanceof SourceFault)) throw fault;
    return fault.place.line === undefined ? [`no place: ${fault.message}`] : [];
  }
}

function wrongIn(entry: Entry): string[] {
  const wrong = [];
  if (!((entry.place.line ?? 0) > 0)) wrong.push("no line");
  if (entry.input.length > 4000) wrong.push(`a text of ${entry.input.length} characters`);
  if (entry.kind === "problem" && entry.detail === "") wrong.push("no reason");
  if (entry.kind !== "right") return wrong;
  const { order, lineNumber, quantity, seats, endsAt, startsAt, orderedAt: at } = entry.right;
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/#@+=-]{0,100}$/.test(order)) wrong.push(`an order called ${order}`);
  if (!(lineNumber > 0 && quantity > 0)) wrong.push(`line ${lineNumber} of ${quantity}`);
  if (seats.length > quantity) wrong.push(`${seats.length} seats of ${quantity}`);
  if (endsAt !== null && endsAt <= (startsAt ?? at)) wrong.push("an end before its beginning");
  return wrong;
}

describe.each(importers)("%s", (_, importer, valid) => {
  test("the valid file, which is damaged below, has no fault", async () => {
    const entries = await entriesOf(importer, sourceOf(valid), { orderedAt });
    const problems = entries.filter(({ kind }) => kind === "problem");
    // What is understood and grants nothing is none.
    expect(problems).toMatchObject(importer === flexnet ? [] : [{ code: "void" }]);
    expect(entries.flatMap(wrongIn)).toEqual([]);
  });

  test("any text ends in entries, or a fault with a place", async () => {
    const words =
      'FEATURE|LICENSE|UPGRADE|PACKAGE|COMPONENTS=|permanent|1-jan-0|uncounted|9|=|#|"|\\|\n|\r\n|\t|\u00E9|Users of |: (Total of 1 licenses issued|), start Fri 10/20 1:00'.split(
        "|",
      );
    const word = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, fc.string({ maxLength: 8 }));
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(word, { maxLength: 60 }).map((it) => it.join(" ")),
    );
    await fc.assert(
      fc.asyncProperty(text, async (it) => {
        expect(await wrongs(importer, sourceOf(it))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("a valid file with any bytes changed does, too", async () => {
    const bytes = new TextEncoder().encode(valid);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const changed = bytes.slice();
        for (const [at, byte] of changes) changed[at] = byte;
        expect(await wrongs(importer, sourceOf(changed))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("a file that is cut off anywhere does, too", async () => {
    for (let length = 0; length <= valid.length; length += 1)
      expect(await wrongs(importer, sourceOf(valid.slice(0, length))), `at ${length}`).toEqual([]);
  });
});

describe("hostile license files", () => {
  const next = "\nINCREMENT g v 1.0 permanent 1";
  const line = "INCREMENT f v 1.0 permanent 1";
  test.each<[what: string, text: string, entries: string[]]>([
    [
      "a line of three hundred thousand characters",
      `${line} NOTICE=${"x".repeat(300_000)}${next}`,
      ["1: unreadable", "2: 1 × v/g 1.0"],
    ],
    [
      "a line continued for ever",
      `${line} \\\n${" SN=1 \\\n".repeat(100_000)}${next}`,
      ["1997: unreadable", "100003: 1 × v/g 1.0"],
    ],
    [
      "quotes that never close, over many lines",
      `${line} NOTICE="${"x\n".repeat(300_000)}${next}`,
      ["1: unreadable", "300002: 1 × v/g 1.0"],
    ],
    [
      "quotes around nothing but line ends",
      `${line} NOTICE="${"\n".repeat(300_000)}${next}`,
      ["1: unreadable", "300002: 1 × v/g 1.0"],
    ],
    [
      "a hundred thousand options",
      `${line} ${"SN=1 ".repeat(100_000)}${next}`,
      ["1: unreadable", "2: 1 × v/g 1.0"],
    ],
    [
      "a hundred thousand backslashes",
      `${line} ${"\\ ".repeat(100_000)}${next}`,
      ["1: unreadable", "2: 1 × v/g 1.0"],
    ],
    ["white space without end", `${line}${" ".repeat(300_000)}x${next}`, ["1: unreadable", "2: 1 × v/g 1.0"]],
    [
      "ten thousand hosts",
      `${line} HOSTID="${Array.from({ length: 10_000 }, (_, i) => i).join(" ")}"${next}`,
      ["1: invalid", "2: 1 × v/g 1.0"],
    ],
    [
      "ten thousand components",
      `PACKAGE f v COMPONENTS="${"c ".repeat(10_000)}"${next}`,
      ["1: invalid", "2: 1 × v/g 1.0"],
    ],
    [
      "a name as long as a book",
      `INCREMENT ${"f".repeat(10_000)} v 1.0 permanent 1${next}`,
      ["1: invalid", "2: 1 × v/g 1.0"],
    ],
    [
      "a name that is a control character",
      `INCREMENT \u0007 v 1.0 permanent 1${next}`,
      ["1: invalid", "2: 1 × v/g 1.0"],
    ],
    [
      "a version that is a number without end",
      `UPGRADE f v ${"9".repeat(64)} 2.0 permanent 1${next}`,
      ["1: invalid", "2: 1 × v/g 1.0"],
    ],
    [
      "an option by the name of a prototype",
      `${line} __proto__=1 constructor=2${next}`,
      ["1: 1 × v/f 1.0", "2: 1 × v/g 1.0"],
    ],
  ])("%s", async (_, text, entries) => {
    const read = await entriesOf(flexnet, sourceOf(text), { orderedAt });
    expect(read.map(brief)).toEqual(entries);
  });

  test("of upgrades of one feature, so many count that each can look at all of its copies", async () => {
    const bases = Array.from({ length: 5_000 }, (_, i) => `INCREMENT f v 1.${i} permanent 1 SN=${i}`);
    const upgrades = Array.from({ length: 5_000 }, (_, i) => `UPGRADE f v 3.0 4.0 permanent 1 SN=${i}`);
    const read = await entriesOf(flexnet, sourceOf([...bases, ...upgrades].join("\n")), { orderedAt });
    expect(read.filter(({ kind }) => kind === "right")).toHaveLength(5_000);
    expect(read.at(-1)).toMatchObject({ code: "invalid", detail: expect.stringContaining("1000 upgrades") });
  });

  test.each([
    ["of too many licenses", "VENDOR v\n".repeat(50_001), 50_001],
    ["whose line has no end", `${line}\n${"x".repeat(1_200_000)}`, 2],
  ])("a file %s is refused, with its place", async (_, text, at) => {
    await expect(entriesOf(flexnet, sourceOf(text))).rejects.toMatchObject({
      name: "SourceFault",
      place: { line: at },
    });
  });

  test("a file that is too large is refused before it is read", async () => {
    const source = { ...sourceOf(line), size: 2 ** 30 };
    await expect(entriesOf(rlm, source)).rejects.toMatchObject({
      name: "SourceFault",
      message: expect.stringContaining("bytes"),
    });
  });
});

describe("hostile reports", () => {
  const users = "Users of cad:  (Total of 10 licenses issued;  Total of 3 licenses in use)";
  const read = (text: string) => entriesOf(lmstat, sourceOf(heading + text));

  test.each<[what: string, line: string]>([
    ["a long line", "x".repeat(100_000)],
    ["parentheses", "(".repeat(3999)],
    ["starts", "), start ".repeat(400)],
    ["versions", ' " v'.repeat(900)],
    ["white space", `ann ws ws (v1) (h/1 2), start Fri 10/20 1:00${" ".repeat(100_000)}x`],
    ["a number without end", `${"9".repeat(30)} RESERVATIONs for HOST h`],
  ])("%s is one problem", async (_, line) => {
    expect(await read(`${users}\n${line}\n`)).toMatchObject([
      { kind: "use", use: { reserved: 0 } },
      { code: "unreadable" },
    ]);
  });

  test("more users than there are of anything", async () => {
    const line = "ann ws ws (v1) (h/1 2), start Fri 10/20 1:00\n";
    expect(await read(`${users}\n${line.repeat(50_002)}`)).toMatchObject([
      { code: "invalid", detail: expect.stringContaining("users") },
    ]);
  });

  test("problems without end do not wait in memory", async () => {
    const source = sourceOf(`${heading}${users}\n${"what\n".repeat(5_000)}`);
    const context = { options: {}, orderedAt: undefined, table: undefined, currency: "USD" };
    const kinds: string[] = [];
    for await (const entry of lmstat.read(source, context)) kinds.push(entry.kind);
    expect(kinds.indexOf("use")).toBeLessThanOrEqual(5_000);
    expect(kinds.indexOf("problem")).toBe(0);
    expect(kinds).toHaveLength(5_001);
  });
});
