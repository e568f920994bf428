// A file's bytes → its text and its lines, strictly and in bounded memory. What is no text is refused where that shows.

import { SourceFault, type Source } from "../importers/importer.ts";

/** Characters of a line. The longest lines that people write, of license files with a signature and a list of hosts, have thousands. */
export const MAX_LINE_LENGTH = 1024 * 1024;

/** Encodings that `--encoding` may name, as the Encoding Standard calls them. */
export const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1252",
  "iso-8859-15",
  "shift_jis",
] as const;

/** A line without its end. */
export interface Line {
  text: string;
  /** From 1. */
  number: number;
}

/**
 * The lines of a file, ended by LF, CR LF or CR.
 * @throws SourceFault where it is no text, not of its encoding, or a line has no end
 */
export async function* linesOf(source: Source): AsyncGenerator<Line> {
  let number = 1;
  // The parts of a line that goes on: joined once, however many pieces it has.
  let parts: string[] = [];
  let length = 0;
  let isAfterReturn = false;
  for await (const piece of textOf(source)) {
    // A LF at the beginning of a piece may be the other half of a CR LF.
    let from = isAfterReturn && piece.startsWith("\n") ? 1 : 0;
    isAfterReturn = piece.endsWith("\r");
    for (const match of piece.slice(from).matchAll(/\r\n|\n|\r/g)) {
      const end = piece.length - match.input.length + match.index;
      yield { text: parts.join("") + piece.slice(from, end), number: number++ };
      from = end + match[0].length;
      parts = [];
      length = 0;
    }
    if (from === piece.length) continue;
    parts.push(piece.slice(from));
    length += piece.length - from;
    if (length > MAX_LINE_LENGTH)
      throw new SourceFault(
        { line: number, column: MAX_LINE_LENGTH + 1 },
        `The line has more than ${MAX_LINE_LENGTH} characters and no end: this is no file of lines.`,
      );
  }
  if (parts.length > 0) yield { text: parts.join(""), number };
}

/**
 * The text of a file, piece by piece, without its byte order mark.
 * @throws SourceFault at the first byte that is none of a text in its encoding
 */
export async function* textOf(source: Source): AsyncGenerator<string> {
  const { encoding = "utf-8" } = source;
  const decoder = new TextDecoder(encoding, { fatal: true });
  const place = new Position();
  let isFirst = true;
  for await (const bytes of source.bytes()) {
    if (isFirst && bytes.length > 0) refuseOther(bytes, encoding);
    isFirst &&= bytes.length === 0;
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch {
      throw place.fault(bytes, encoding);
    }
    const zero = text.indexOf("\0");
    if (zero >= 0) {
      place.pass(text.slice(0, zero));
      throw new SourceFault(place.here, "Here is a zero byte: the file is binary, not text.");
    }
    place.pass(text);
    if (text !== "") yield text;
  }
  try {
    const text = decoder.decode();
    if (text !== "") yield text;
  } catch {
    throw new SourceFault(place.here, "The file ends in the middle of a character: it was cut off.");
  }
}

/** How far a text was read, in lines and columns. */
class Position {
  #line = 1;
  #column = 1;

  get here(): { line: number; column: number } {
    return { line: this.#line, column: this.#column };
  }

  pass(text: string): void {
    const breaks = text.match(/\r\n|\n|\r/g);
    if (breaks) {
      this.#line += breaks.length;
      this.#column = 1 + text.length - 1 - Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
    } else this.#column += text.length;
  }

  /** Says where in bytes that do not decode the first bad one is. */
  fault(bytes: Uint8Array, encoding: string): SourceFault {
    const good = goodLength(bytes, encoding);
    const decoder = new TextDecoder(encoding);
    this.pass(decoder.decode(bytes.subarray(0, good), { stream: true }));
    const byte = (bytes[beginOf(bytes, good)] ?? 0).toString(16).toUpperCase().padStart(2, "0");
    const advice =
      encoding === "utf-8"
        ? "If it is in an older encoding of western languages, say --encoding windows-1252; or save it as UTF-8."
        : "Say with --encoding what it is in.";
    return new SourceFault(this.here, `Byte ${byte} is none of a text in ${encoding}. ${advice}`);
  }
}

/** The length of the longest beginning that decodes: by halves, for a piece has some ten thousand bytes. */
function goodLength(bytes: Uint8Array, encoding: string): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

/** Where the character begins that goes no further at `end`: of UTF-8, at most three bytes before. */
function beginOf(bytes: Uint8Array, end: number): number {
  for (let at = end - 1; at >= Math.max(0, end - 3); at--) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > end - at ? at : end;
    if (byte < 0x80) break;
  }
  return end;
}

/** Files that people take for another kind, told by their first bytes. */
const others: { begins: readonly number[]; is: string; encoding?: string }[] = [
  { begins: [0xff, 0xfe], is: "in UTF-16: say --encoding utf-16le", encoding: "utf-16le" },
  { begins: [0xfe, 0xff], is: "in UTF-16: say --encoding utf-16be", encoding: "utf-16be" },
  {
    begins: [0x50, 0x4b, 0x03, 0x04],
    is: "a zip archive or a workbook: unpack it, or say `xlsx` as its format",
  },
  { begins: [0xd0, 0xcf, 0x11, 0xe0], is: "a workbook of old Excel: save it as xlsx or as CSV" },
  { begins: [0x1f, 0x8b], is: "compressed by gzip: unpack it first" },
  { begins: [0x25, 0x50, 0x44, 0x46], is: "a PDF" },
];

function refuseOther(bytes: Uint8Array, encoding: string): void {
  const other = others.find(({ begins }) => begins.every((byte, index) => bytes[index] === byte));
  if (other && other.encoding !== encoding)
    throw new SourceFault({ line: 1, column: 1 }, `The file is ${other.is}.`);
}
