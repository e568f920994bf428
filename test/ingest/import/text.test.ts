import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linesOf, MAX_LINE_LENGTH } from "../../../ingest/import/text.ts";
import { type Source, SourceFault } from "../../../ingest/importers/importer.ts";
import { sourceOf } from "../importers/support.ts";

const read = (content: string | Uint8Array, encoding?: string) =>
  Array.fromAsync(linesOf(sourceOf(content, "file", encoding)));
const faultOf = (content: string | Uint8Array, encoding?: string) =>
  read(content, encoding).then(
    () => undefined,
    (error: unknown) => error,
  );
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

describe("lines of a file", () => {
  test("are those between any ends, wherever its pieces are cut", async () => {
    const end = fc.constantFrom("\n", "\r\n", "\r");
    const line = fc.string({ unit: fc.constantFrom("a", "ü", "€", "😀", " ", "\t") });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(line, end), { maxLength: 200 }), async (lines) => {
        // An empty line between CR and LF would be one end.
        const parts = lines.map(([text, ending], i) => [text === "" && i > 0 ? "x" : text, ending] as const);
        const found = await read(parts.map(([text, ending]) => text + ending).join(""));
        expect(found.map(({ text }) => text)).toEqual(parts.map(([text]) => text));
        expect(found.map(({ number }) => number)).toEqual(parts.map((_, i) => i + 1));
      }),
    );
  });

  test("need no end at the last one, and no byte order mark is one's", async () => {
    expect(await read("\uFEFFa\nb")).toEqual([
      { text: "a", number: 1 },
      { text: "b", number: 2 },
    ]);
    expect(await read("")).toEqual([]);
  });

  test.each([
    ["windows-1252", bytes("M", [0xfc], "ller\n"), "Müller"],
    ["utf-16le", Buffer.from("\uFEFFMüller\n", "utf16le"), "Müller"],
  ])("are read in %s where that is said", async (encoding, content, text) => {
    expect(await read(content, encoding)).toEqual([{ text, number: 1 }]);
  });

  test.each<[string, Uint8Array, number, number, RegExp]>([
    ["a name in Latin-1", bytes("a\nbc M", [0xfc], "ller\n"), 2, 5, /Byte FC.*windows-1252/],
    ["a name in Latin-1 far behind", bytes("é\n".repeat(5000), "x", [0xe9, 0x20]), 5001, 2, /Byte E9/],
    ["UTF-16", Buffer.from("\uFEFFa\n", "utf16le"), 1, 1, /--encoding utf-16le/],
    ["a zero byte", bytes("abc\nde", [0], "f\n"), 2, 3, /binary/],
    ["a zip archive", bytes("PK", [3, 4, 20, 0]), 1, 1, /zip archive/],
    ["gzip", bytes([0x1f, 0x8b, 8, 0]), 1, 1, /gzip/],
    ["a character that is cut off", bytes("abc\nd", [0xe2, 0x82]), 2, 2, /cut off/],
  ])("say where a file is no text: %s", async (_, content, line, column, message) => {
    const fault = await faultOf(content);
    expect(fault).toBeInstanceOf(SourceFault);
    expect((fault as SourceFault).place).toEqual({ line, column });
    expect((fault as SourceFault).message).toMatch(message);
  });

  test("that have no end are refused before they fill memory", async () => {
    let given = 0;
    const endless: Source = {
      name: "endless",
      size: 1e12,
      encoding: undefined,
      async *bytes() {
        for (;;) {
          given += 65_536;
          yield new Uint8Array(65_536).fill(97);
        }
      },
    };
    const fault = await Array.fromAsync(linesOf(endless)).catch((error: unknown) => error);
    expect((fault as SourceFault).place).toEqual({ line: 1, column: MAX_LINE_LENGTH + 1 });
    expect(given).toBeLessThan(2 * MAX_LINE_LENGTH);
  });
});
