import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Line, LineReader } from "../../ingest/ndjson.ts";

const bounds = { maxCharacters: 8, maxLines: 12, readAhead: 300 };

/** What the reader promises, of the text as a whole. */
function linesOf(bytes: Uint8Array): Line[] {
  const text = new TextDecoder().decode(bytes);
  const parts = text.split("\n");
  // What follows the last line's end is a line only where there is something.
  if (parts.at(-1) === "") parts.pop();
  return parts.flatMap((part, index): Line[] => {
    const number = index + 1;
    if (number > bounds.maxLines + 1) return [];
    if (number > bounds.maxLines) return [{ number, fault: "too_many" }];
    if (part.length > bounds.maxCharacters) return [{ number, fault: "too_long" }];
    return part.trim() === "" ? [] : [{ number, text: part }];
  });
}

/** Bytes as they may come from a network: in pieces of any length, some of them empty, some after a pause. */
function arriving(bytes: Uint8Array, cuts: readonly { length: number; isLate: boolean }[]) {
  let at = 0;
  const pieces = cuts.values();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { length, isLate } = pieces.next().value ?? { length: bytes.length, isLate: false };
      if (isLate) await new Promise(setImmediate);
      controller.enqueue(bytes.subarray(at, at + length));
      at += length;
      if (at >= bytes.length) controller.close();
    },
  });
}

async function readAll(reader: LineReader, takes: readonly number[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (let turn = 0; ; turn += 1) {
    const taken = await reader.take(takes[turn % takes.length] ?? 1);
    if (taken.length === 0) return lines;
    lines.push(...taken);
  }
}

describe("lines, however they arrive", () => {
  // Line ends of every kind, what cuts inside a character, what is no UTF-8, and what only looks like a line's end.
  const piece = fc.oneof(
    fc.constantFrom("\n", "\n", "\r\n", "\r", "", " ", "\u2028", "\0", "é", "😀", '{"a":1}', "123456789"),
    fc.string({ maxLength: 12, unit: "binary" }),
  );
  const bytes = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => new TextEncoder().encode(pieces.join(""))),
    fc.uint8Array({ maxLength: 60 }),
    fc
      .array(fc.constantFrom(0x0a, 0x0d, 0x20, 0x61, 0xc3, 0xa9, 0xed, 0xa0, 0xf0, 0x9f, 0xff), {
        maxLength: 60,
      })
      .map((codes) => new Uint8Array(codes)),
  );
  const cuts = fc.array(fc.record({ length: fc.nat({ max: 9 }), isLate: fc.boolean() }), { maxLength: 60 });
  const takes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

  test("are those of the whole", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, cuts, takes, async (whole, pieces, most) => {
        const reader = new LineReader(arriving(whole, pieces), bounds);
        expect(await readAll(reader, most)).toEqual(linesOf(whole));
      }),
      { numRuns: 2000 },
    );
  });

  test("are as many as were asked for, at most", async () => {
    const reader = new LineReader(arriving(new TextEncoder().encode("a\nb\nc\n"), []), bounds);
    expect([await reader.take(2), await reader.take(2), await reader.take(2)]).toEqual([
      [
        { number: 1, text: "a" },
        { number: 2, text: "b" },
      ],
      [{ number: 3, text: "c" }],
      [],
    ]);
  });

  test("are none where the stream fails, and the reader says with what", async () => {
    const failing = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("a\nb"));
        controller.error(new Error("the sender is gone"));
      },
    });
    await expect(new LineReader(failing, bounds).take(1)).rejects.toThrow("the sender is gone");
  });
});
