// Pure. JSON that says what it says in one way: what JSON.stringify would write again byte for byte, looked through in
// bytes. Whatever is not plain is for others to judge, so every doubt here says "no".

import { endOfText } from "./bytes.ts";

const [QUOTE, COMMA, HYPHEN, POINT, ZERO, NINE, COLON] = [0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, UNDERSCORE, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x5f, 0x7b, 0x7d];
const [LETTER_F, LETTER_N, LETTER_T] = [0x66, 0x6e, 0x74];

/** As `bounds.ts` has it. */
const MAX_DEPTH = 8;
// Each name is compared with those before it. More or longer ones are read the long way, which no line makes quadratic: 24
// names of 300 characters, all but alike, took ten times as long as other lines of their length.
const MAX_NAMES = 24;
const MAX_NAME_CHARACTERS = 64;
// A double keeps fifteen digits, and writes those that are no smaller than this many places without an exponent.
const MAX_DIGITS = 15;
const MAX_PLACES = 6;
/** A name that is shorter does not speak of an activation code. */
const CODE_NAME = "activationcode".length;

/** What the fields of an object are told to, as they are found. */
export type Field = (
  bytes: Uint8Array,
  name: number,
  nameEnd: number,
  value: number,
  valueEnd: number,
) => void;

const begins = new Int32Array(MAX_NAMES);
const ends = new Int32Array(MAX_NAMES);
/** Names of the objects that are open. */
let names = 0;

/**
 * Where a plain object ends that begins at a place; -1 where it is not plain.
 * @param field told of its own fields, not those of what it holds
 */
export function endOfObject(bytes: Uint8Array, begin: number, field: Field | null): number {
  names = 0;
  return bytes[begin] === OPEN_OBJECT ? objectEnd(bytes, begin, 1, field) : -1;
}

function objectEnd(bytes: Uint8Array, begin: number, depth: number, field: Field | null): number {
  if (bytes[begin + 1] === CLOSE_OBJECT) return begin + 2;
  const first = names;
  let i = begin;
  do {
    const name = i + 2;
    if (bytes[i + 1] !== QUOTE) return -1;
    const nameEnd = endOfText(bytes, name);
    if (bytes[nameEnd] !== QUOTE || bytes[nameEnd + 1] !== COLON) return -1;
    if (!isPlainName(bytes, name, nameEnd) || !isNewName(bytes, first, name, nameEnd)) return -1;
    const value = nameEnd + 2;
    i = valueEnd(bytes, value, depth);
    if (i < 0) return -1;
    if (field) field(bytes, name, nameEnd, value, i);
  } while (bytes[i] === COMMA);
  names = first;
  return bytes[i] === CLOSE_OBJECT ? i + 1 : -1;
}

function arrayEnd(bytes: Uint8Array, begin: number, depth: number): number {
  if (bytes[begin + 1] === CLOSE_ARRAY) return begin + 2;
  let i = begin;
  do {
    i = valueEnd(bytes, i + 1, depth);
    if (i < 0) return -1;
  } while (bytes[i] === COMMA);
  return bytes[i] === CLOSE_ARRAY ? i + 1 : -1;
}

/** @param depth of what holds the value */
function valueEnd(bytes: Uint8Array, begin: number, depth: number): number {
  const byte = bytes[begin] ?? 0;
  if (byte === QUOTE) {
    const end = endOfText(bytes, begin + 1);
    return bytes[end] === QUOTE ? end + 1 : -1;
  }
  if (byte === HYPHEN || (byte >= ZERO && byte <= NINE)) return numberEnd(bytes, begin);
  switch (byte) {
    case OPEN_OBJECT:
      return depth === MAX_DEPTH ? -1 : objectEnd(bytes, begin, depth + 1, null);
    case OPEN_ARRAY:
      return depth === MAX_DEPTH ? -1 : arrayEnd(bytes, begin, depth + 1);
    case LETTER_T:
      return wordEnd(bytes, begin, "true");
    case LETTER_F:
      return wordEnd(bytes, begin, "false");
    case LETTER_N:
      return wordEnd(bytes, begin, "null");
  }
  return -1;
}

function wordEnd(bytes: Uint8Array, begin: number, word: string): number {
  for (let i = 0; i < word.length; i++) if (bytes[begin + i] !== word.charCodeAt(i)) return -1;
  return begin + word.length;
}

/** A number as JavaScript writes it: such as 0, -12 or 0.25, but neither -0 nor 1.50 nor 1e3. */
function numberEnd(bytes: Uint8Array, begin: number): number {
  const whole = bytes[begin] === HYPHEN ? begin + 1 : begin;
  let i = digitsEnd(bytes, whole);
  if (i === whole || (bytes[whole] === ZERO && i > whole + 1)) return -1;
  let digits = i - whole;
  if (bytes[i] === POINT) {
    const end = digitsEnd(bytes, i + 1);
    const places = end - i - 1;
    if (places > MAX_PLACES || places === 0 || bytes[end - 1] === ZERO) return -1;
    digits += places;
    i = end;
  } else if (whole > begin && bytes[whole] === ZERO) return -1;
  return digits > MAX_DIGITS ? -1 : i;
}

function digitsEnd(bytes: Uint8Array, begin: number): number {
  let i = begin;
  for (; ; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < ZERO || byte > NINE) return i;
  }
}

/** Names that are numbers would come first, `__proto__` is none, and a name may be one of an activation code. */
function isPlainName(bytes: Uint8Array, begin: number, end: number): boolean {
  const first = bytes[begin] ?? 0;
  if (first >= ZERO && first <= NINE) return false;
  if (first === UNDERSCORE && bytes[begin + 1] === UNDERSCORE) return false;
  return end - begin < CODE_NAME || !mayNameCode(bytes, begin, end);
}

/** Whether it has the letters "code" anywhere, of either case. */
function mayNameCode(bytes: Uint8Array, begin: number, end: number): boolean {
  for (let i = begin; i < end - 3; i++)
    if (
      lower(bytes, i) === 0x63 &&
      lower(bytes, i + 1) === 0x6f &&
      lower(bytes, i + 2) === 0x64 &&
      lower(bytes, i + 3) === 0x65
    )
      return true;
  return false;
}

const lower = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | 0x20;

/** Notes a name; false where the object has it already, or it is one too many, or too long. */
function isNewName(bytes: Uint8Array, first: number, begin: number, end: number): boolean {
  if (names === MAX_NAMES || end - begin > MAX_NAME_CHARACTERS) return false;
  for (let n = first; n < names; n++) {
    const other = begins[n] ?? 0;
    if ((ends[n] ?? 0) - other !== end - begin) continue;
    // Names that have something in common mostly begin with it.
    let i = end - begin - 1;
    while (i >= 0 && bytes[other + i] === bytes[begin + i]) i--;
    if (i < 0) return false;
  }
  begins[names] = begin;
  ends[names++] = end;
  return true;
}
