// Any file at all ends in entries or in a fault with a place; nothing else is thrown, and nothing of a sound line is lost.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Entry, SourceFault } from "../../../ingest/importers/importer.ts";
import { importer } from "../../../ingest/importers/keygen/importer.ts";
import { readJson } from "../../../ingest/importers/keygen/json-text.ts";
import {
  certificate,
  entitled,
  entitlement,
  keys,
  license,
  machine,
  policy,
  product,
  user,
} from "./keygen-support.ts";
import { entriesOf, sourceOf } from "./support.ts";

const page = {
  data: [license(), entitled("L2", "E")],
  included: [machine(), policy(), product, user, entitlement("E", "X")],
};
const files = [
  JSON.stringify(page),
  JSON.stringify(page, null, 1),
  `${JSON.stringify(page)}\n${JSON.stringify({ data: user })}\n`,
  JSON.stringify([page, license(), machine()]),
  await certificate(page),
  `${await certificate(page, { encoding: "base64" })}\n${await certificate({ data: machine() }, { label: "MACHINE FILE" })}`,
];

/** What a file ends in; any exception but a fault with its place is the test's. */
async function endOf(content: string | Uint8Array): Promise<Entry[] | SourceFault> {
  try {
    return await entriesOf(importer, sourceOf(content), { options: keys });
  } catch (fault) {
    if (fault instanceof SourceFault) return fault;
    throw fault;
  }
}

/** What is wrong with how a file ended. */
function faultsOf(end: Entry[] | SourceFault): unknown[] {
  if (end instanceof SourceFault) return (end.place.line ?? 0) > 0 && end.message !== "" ? [] : [end];
  return end.filter(({ place, input }) => !(Number(place.line) > 0) || input.length > 4000);
}

const odd = fc.constantFrom(
  "{",
  "}",
  "[",
  "]",
  '"',
  ",",
  ":",
  "\\",
  "\n",
  "\r\n",
  " ",
  "null",
  "-1e9",
  '"data"',
  '"included"',
  '{"data":[',
  "{}",
  "[]",
  '{"type":"users","id":"U"}',
  "-----BEGIN LICENSE FILE-----",
  "-----END LICENSE FILE-----",
  "QUFB",
  "\u0000",
  "\uFEFF",
  "é",
);

test("any text ends in entries or in a fault with a place", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(odd).map((parts) => parts.join("")),
      ),
      async (text) => {
        expect(faultsOf(await endOf(text))).toEqual([]);
      },
    ),
    { numRuns: 3000 },
  );
});

test("any bytes do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (bytes) => {
      expect(faultsOf(await endOf(bytes))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("any sound file with bytes changed, left out or put in does", async () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.constantFrom(0, 0, 1, 1, 2, 50),
    by: fc.oneof(odd, fc.string({ unit: "binary", maxLength: 3 })),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (file, changes) => {
        let bytes = Buffer.from(file);
        for (const { at, length, by } of changes) {
          const from = Math.floor(at * bytes.length);
          bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from(by), bytes.subarray(from + length)]);
        }
        expect(faultsOf(await endOf(bytes))).toEqual([]);
      },
    ),
    { numRuns: 2000 },
  );
});

test("documents say the same however their JSON is spaced", async () => {
  const space = fc.constantFrom("", "", " ", "\n", "\r\n", "\t", "\r", "\n ");
  const whole = await endOf(JSON.stringify(page));
  const said = (end: Entry[] | SourceFault) =>
    end instanceof SourceFault ? end.message : end.map((entry) => ({ ...entry, place: entry.place.at }));
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(space), async (spaces) => {
      // Between tokens, and never in a text.
      const spaced = JSON.stringify(page).replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) => {
        const [before, after] = [spaces.next().value ?? "", spaces.next().value ?? ""];
        return `${before}${token}${after}`;
      });
      expect(said(await endOf(spaced))).toEqual(said(whole));
    }),
    { numRuns: 200 },
  );
});

test("a broken line, be it cut where it may, takes none of the lines around it", async () => {
  const line = JSON.stringify({ data: [license(), machine()], included: [user] });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: line.length - 1 }), async (length) => {
      // After a bracket, a comma or a colon a value may come, and does: that of the next line.
      fc.pre(!/[[,:]$/.test(line.slice(0, length)));
      const end = await endOf(`${line}\n${line.slice(0, length)}\n${line}\n`);
      const granted = end instanceof SourceFault ? [] : end.filter(({ kind }) => kind !== "problem");
      expect(granted.filter(({ place }) => place.line === 1)).toHaveLength(3);
      expect(granted.filter(({ place }) => place.line === 3)).toHaveLength(3);
      expect(
        end instanceof SourceFault || end.some(({ kind, place }) => kind === "problem" && place.line === 2),
      ).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("JSON is read as the engine reads it, and where it ends too early is told", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (value, share, isSpaced) => {
        const text = JSON.stringify(value, null, isSpaced ? 1 : 0);
        const read = readJson(text);
        // Names twice, or halves of characters, are no fault of grammar.
        expect(read.ok ? read.value : JSON.parse(text)).toEqual(JSON.parse(text));
        const cut = text.slice(0, Math.floor(share * text.length));
        const isWhole = isJson(cut);
        const early = readJson(cut);
        const expected = isWhole || early.ok || early.offset === 0 ? cut.length : early.offset;
        expect(expected).toBe(cut.length);
        expect(early.ok && !isWhole).toBe(false);
      },
    ),
    { numRuns: 3000 },
  );
});

test("any text is JSON for both or for neither, and the fault lies in it", () => {
  const token = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"',
    "\\",
    "\\u12",
    "1",
    "-",
    "01",
    "1.",
    "1e",
    "true",
    "nul",
    " ",
    "\n",
    "\u0001",
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const text = tokens.join("");
      const read = readJson(text);
      expect(read.ok && !isJson(text)).toBe(false);
      if (read.ok || isJson(text)) return;
      expect(read.offset).toBeLessThanOrEqual(text.length);
      // What stands before it may begin JSON.
      expect(text.slice(0, read.offset) === "" || !/^\s*[\]},:]/.test(text.slice(0, read.offset))).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test.each<[text: string, offset: number]>([
  ["", 0],
  ["{", 1],
  ['{"a"', 4],
  ['{"a" 1}', 5],
  ['{"a":}', 5],
  ['{"a":1,}', 7],
  ['{"a":1 "b":2}', 7],
  ["{a:1}", 1],
  ["[1,]", 3],
  ["[1 2]", 3],
  ["[1}", 2],
  ["[01]", 2],
  ["[1.]", 2],
  ["[.5]", 1],
  ["[+1]", 1],
  ["[NaN]", 1],
  ["[truth]", 1],
  ['["a\nb"]', 3],
  ['["\\x"]', 2],
  ['["\\u12G4"]', 2],
  ['["a', 3],
  ["1 2", 2],
  ["[] ]", 3],
  ["'a'", 0],
])("%j is no JSON from %i on", (text, offset) => {
  expect(isJson(text)).toBe(false);
  expect(readJson(text)).toMatchObject({ ok: false, offset });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
