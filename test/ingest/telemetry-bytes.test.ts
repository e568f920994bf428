// What reading telemetry from bytes stands on: lines, names of IDs, and what is remembered.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LineReader } from "../../ingest/ndjson.ts";
import { ByteMemory, HASH_CHARACTERS } from "../../ingest/telemetry/byte-memory.ts";
import { pieceOf } from "../../ingest/telemetry/bytes.ts";
import { nameOf } from "../../ingest/telemetry/name.ts";
import {
  isTooLong,
  MAX_LINE_CHARACTERS,
  MAX_LINES,
  splitLines,
  textOf,
} from "../../ingest/telemetry/split.ts";

const utf8 = new TextEncoder();

/** Lines as a stream's reader finds them. */
async function streamed(body: Uint8Array<ArrayBuffer>) {
  const reader = new LineReader(new Blob([body]).stream(), {
    maxCharacters: MAX_LINE_CHARACTERS,
    maxLines: MAX_LINES,
    readAhead: Number.MAX_SAFE_INTEGER,
  });
  const lines = [];
  for (let some = await reader.take(1000); some.length > 0; some = await reader.take(1000))
    lines.push(...some);
  return lines.some((line) => "fault" in line && line.fault === "too_many")
    ? undefined
    : lines.map((line) => ({ number: line.number, text: "text" in line ? line.text : null }));
}

function inPlace(body: Uint8Array) {
  const lines = splitLines(body);
  return (
    lines &&
    Array.from(lines.begins, (begin, i) => {
      const end = lines.ends[i] ?? 0;
      return {
        number: lines.numbers[i],
        text: isTooLong(body, begin, end) ? null : textOf(body, begin, end),
      };
    })
  );
}

const part = fc.oneof(
  fc
    .constantFrom("\n", "\n\n", "\r\n", " ", "\t", "\u00a0", "\ufeff", "\u2028", "{}", "ü")
    .map((text) => utf8.encode(text)),
  fc.uint8Array({ maxLength: 4 }),
);

test("lines are found in bytes as they are in a stream, whatever the bytes are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 30 }), async (parts) => {
      const body = Uint8Array.from(parts.flatMap((bytes) => Array.from(bytes)));
      expect(inPlace(body)).toEqual(await streamed(body));
    }),
    { numRuns: 2000 },
  );
});

const long = (text: string, length: number) => text.repeat(length / text.length);

test.each([
  ["nothing", ""],
  ["a byte order mark and nothing", "\ufeff"],
  ["a byte order mark, and one that is none", "\ufeffa\n\ufeffb\n\ufeff"],
  ["as many lines as may be", "a\n".repeat(MAX_LINES)],
  ["as many, the last one open", `${"a\n".repeat(MAX_LINES - 1)}a`],
  ["one more, and it is blank", `${"a\n".repeat(MAX_LINES)} `],
  ["one more, and all are blank", "\n".repeat(MAX_LINES + 1)],
  ["as many characters as may be, of one byte", long("a", MAX_LINE_CHARACTERS)],
  ["one more", long("a", MAX_LINE_CHARACTERS + 1)],
  ["as many characters as may be, of two bytes", long("ü", MAX_LINE_CHARACTERS)],
  ["one more of them", long("ü", MAX_LINE_CHARACTERS + 1)],
  ["as many characters as may be, of three bytes", long("設", MAX_LINE_CHARACTERS)],
  ["one more of those", long("設", MAX_LINE_CHARACTERS + 1)],
  ["as many as may be, of four bytes and two characters", long("😀", MAX_LINE_CHARACTERS)],
  ["two more", long("😀", MAX_LINE_CHARACTERS + 2)],
  ["a blank line that is too long, and a blank one", `${long(" ", MAX_LINE_CHARACTERS + 1)}\n \nx`],
])("%s: the same lines as in a stream", async (_, text) => {
  const body = utf8.encode(text);
  const expected = await streamed(body);
  expect(inPlace(body)).toEqual(expected);
});

const nameOfText = (text: string) => {
  const piece = pieceOf(text);
  return nameOf(piece.view, 0, piece.length);
};

test("names are whole numbers of 52 bits, apart and evenly spread, however alike the IDs are", () => {
  const count = 100_000;
  const BUCKETS = 256;
  for (const idOf of [
    (i: number) => String(i),
    (i: number) => `event-${i.toString(16).padStart(40, "0")}`,
    (i: number) => "x".repeat(i % 100) + i * 7919,
  ]) {
    const names = Array.from({ length: count }, (_, i) => nameOfText(idOf(i)));
    expect(names.every((name) => Number.isInteger(name) && name >= 0 && name < 2 ** 52)).toBe(true);
    expect(new Set(names).size).toBe(count);
    // By the lowest bits, those in the middle, and the highest.
    for (const shift of [0, 22, 44]) {
      const buckets = new Float64Array(BUCKETS);
      for (const name of names) {
        const bucket = Math.floor(name / 2 ** shift) % BUCKETS;
        buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      }
      const expected = count / BUCKETS;
      const chiSquare = buckets.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
      // 255 degrees of freedom: of a million even spreads, one is beyond.
      expect(chiSquare).toBeLessThan(377);
    }
  }
});

test("two IDs that differ in one character, or have it elsewhere, have other names", () => {
  const ids = ["abcdefghijklmnop", "abcdefghijklmno", "a", "ab", "abc", "abcd", "abcde"];
  const all = new Set(
    ids.flatMap((id) =>
      Array.from(id, (_, i) => [".", "~", "p"].map((c) => id.slice(0, i) + c + id.slice(i + 1))).flat(),
    ),
  );
  expect(new Set(Array.from(all, nameOfText)).size).toBe(all.size);
});

/** A memory of hashes that can be told from one another, and how often it hashed. */
function remembered() {
  let asked = 0;
  const memory = new ByteMemory((id) => {
    asked += 1;
    return hashed(id);
  });
  return {
    asked: () => asked,
    hashOf: (id: string): string => {
      const { view, length } = pieceOf(id);
      const at = memory.hashAt(new Uint8Array(view.buffer), view, 0, length);
      return new TextDecoder().decode(new Uint8Array(memory.view.buffer, at, HASH_CHARACTERS));
    },
  };
}
const hashed = (id: string) => id.slice(-HASH_CHARACTERS).padStart(HASH_CHARACTERS, "#");

test("every host has its own hash, and those that come again keep theirs, however many there were", () => {
  const { asked, hashOf } = remembered();
  const wrong = Array.from({ length: 100_000 }, (_, i) => `host-${i}`).filter(
    (id) => hashOf(id) !== hashed(id),
  );
  expect(wrong).toEqual([]);
  const again = (turns: number) => {
    const before = asked();
    for (let turn = 0; turn < turns; turn++)
      for (let i = 0; i < 5000; i++) if (hashOf(`seat-${i}`) !== hashed(`seat-${i}`)) wrong.push(`seat-${i}`);
    return asked() - before;
  };
  expect(again(10)).toBeLessThan(10_000);
  expect(again(3)).toBeLessThan(100);
  expect(wrong).toEqual([]);
});

test("IDs of any length have their hashes, the longest of them anew each time", () => {
  const { asked, hashOf } = remembered();
  const ids = [1, 3, 4, 5, 63, 64, 65, 500].map((length) => String(length).repeat(length).slice(0, length));
  for (const id of [...ids, ...ids]) expect(hashOf(id)).toBe(hashed(id));
  expect(asked()).toBe(ids.length + 2);
});
