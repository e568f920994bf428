// Pure. A body's lines, in place: the same as `ndjson.ts` finds in a stream of it.

/** Lines of one call. A sender has an answer within a second, and a call that fails costs little to send again. */
export const MAX_LINES = 10_000;
// An event has some 400 characters.
export const MAX_LINE_CHARACTERS = 8 * 1024;

/** Where lines begin and end, without those that are blank, and the place of each among all lines, from 1. */
export interface Lines {
  begins: Uint32Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
  numbers: Uint32Array<ArrayBuffer>;
}

const LINE_BREAK = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A part of a body as text. What is no UTF-8 becomes U+FFFD, as it does where a whole body is decoded. */
export const textOf = (body: Uint8Array, begin: number, end: number): string =>
  decoder.decode(body.subarray(begin, end));

/** Finds the lines; undefined where there are more than {@link MAX_LINES}, blank ones too. */
export function splitLines(body: Uint8Array): Lines | undefined {
  // A line that is not blank has a character and a line break.
  const most = Math.min(MAX_LINES, (body.length + 1) >> 1);
  const lines = [new Uint32Array(most), new Uint32Array(most), new Uint32Array(most)] as const;
  const [begins, ends, numbers] = lines;
  // A Buffer looks for a byte with the processor's widest words, which an array of bytes does not.
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  let count = 0;
  let number = 0;
  // A byte order mark says what a body is, and is no part of it.
  let begin = BYTE_ORDER_MARK.every((byte, i) => body[i] === byte) ? BYTE_ORDER_MARK.length : 0;
  while (begin < body.length) {
    const found = bytes.indexOf(LINE_BREAK, begin);
    const end = found < 0 ? body.length : found;
    if (++number > MAX_LINES) return undefined;
    if (!isBlank(body, begin, end)) {
      begins[count] = begin;
      ends[count] = end;
      numbers[count++] = number;
    }
    begin = end + 1;
  }
  return {
    begins: begins.subarray(0, count),
    ends: ends.subarray(0, count),
    numbers: numbers.subarray(0, count),
  };
}

/** What is too long is not blank, whatever it holds. */
function isBlank(body: Uint8Array, begin: number, end: number): boolean {
  const first = body[begin] ?? 0;
  if (first > 0x20 && first < 0x80) return false;
  return !isTooLong(body, begin, end) && textOf(body, begin, end).trim() === "";
}

/** Whether a line has more than {@link MAX_LINE_CHARACTERS}. */
export function isTooLong(body: Uint8Array, begin: number, end: number): boolean {
  const bytes = end - begin;
  // A character has one to three bytes, or four and counts as two.
  if (bytes <= MAX_LINE_CHARACTERS) return false;
  return bytes > 3 * MAX_LINE_CHARACTERS || textOf(body, begin, end).length > MAX_LINE_CHARACTERS;
}
