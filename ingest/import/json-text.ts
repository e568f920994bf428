// Pure. JSON as text: where its values begin and end, and where it is none. So each value can be handed on as it was written,
// and what is wrong has a place; a parser gives neither.

/** Levels of a value. What reads it afterwards goes less deep. */
const MAX_DEPTH = 64;

/** A text that is no JSON, and the place from which on it is none. */
export class JsonTextFault extends Error {
  override name = "JsonTextFault";
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Where a value stands in its text. */
export interface Span {
  start: number;
  end: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
// What may become one of them, if more comes.
const CUT_SCALAR =
  /(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-|-?(?:0|[1-9]\d*)(?:\.\d*|(?:\.\d+)?[eE][+-]?\d*))$/y;
const CUT_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?$/y;

export const isArrayAt = (text: string, at: number): boolean => text.charCodeAt(at) === OPEN_ARRAY;
export const isObjectAt = (text: string, at: number): boolean => text.charCodeAt(at) === OPEN_OBJECT;

/** The first character of a text that is no white space (RFC 8259 section 2); its length where there is none. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

/**
 * The values of an array that begins at a place, one after the other.
 * @returns where it ends
 * @throws JsonTextFault where it is none
 */
export function* elementsAt(text: string, start: number): Generator<Span, number> {
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === CLOSE_ARRAY) return at + 1;
  for (;;) {
    const end = endOfValue(text, at);
    yield { start: at, end };
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === CLOSE_ARRAY) return at + 1;
    if (text.charCodeAt(at) !== COMMA) throw fault(text, at, "a comma or ]");
    at = skipSpace(text, at + 1);
  }
}

/** Where a text is not one value of JSON; null where it is. */
export function faultIn(text: string): JsonTextFault | null {
  try {
    const rest = skipSpace(text, endOfValue(text, skipSpace(text, 0)));
    return rest < text.length ? fault(text, rest, "the end") : null;
  } catch (error) {
    if (error instanceof JsonTextFault) return error;
    throw error;
  }
}

/** The fields of an object that begins at a place, as they stand there. @throws JsonTextFault where it is none */
export function membersAt(text: string, start: number): [name: string, value: Span][] {
  const members: [string, Span][] = [];
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === CLOSE_OBJECT) return members;
  for (;;) {
    const endOfName = endOfString(text, at);
    const value = valueAfterName(text, endOfName);
    const end = endOfValue(text, value);
    members.push([JSON.parse(text.slice(at, endOfName)) as string, { start: value, end }]);
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === CLOSE_OBJECT) return members;
    if (text.charCodeAt(at) !== COMMA) throw fault(text, at, "a comma or }");
    at = skipSpace(text, at + 1);
  }
}

/** Where a value ends that begins at a place: without recursion, each character looked at once. @throws JsonTextFault */
export function endOfValue(text: string, start: number): number {
  const closers: number[] = [];
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (closers.length === MAX_DEPTH)
        throw new JsonTextFault(at, `Here it is nested more than ${MAX_DEPTH} levels deep.`);
      const closer = code === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
      const first = skipSpace(text, at + 1);
      if (text.charCodeAt(first) !== closer) {
        closers.push(closer);
        at = closer === CLOSE_OBJECT ? valueAfterName(text, endOfString(text, first)) : first;
        continue;
      }
      at = first + 1;
    } else at = endOfScalar(text, at);
    // Here a value has ended, and with it, perhaps, those that it is in.
    while (closers.length > 0) {
      at = skipSpace(text, at);
      const isClosed = text.charCodeAt(at) === closers.at(-1);
      if (isClosed) {
        closers.pop();
        at += 1;
        continue;
      }
      if (text.charCodeAt(at) !== COMMA)
        throw fault(text, at, closers.at(-1) === CLOSE_OBJECT ? "a comma or }" : "a comma or ]");
      at = skipSpace(text, at + 1);
      if (closers.at(-1) === CLOSE_OBJECT) at = valueAfterName(text, endOfString(text, at));
      break;
    }
  } while (closers.length > 0);
  return at;
}

function endOfScalar(text: string, at: number): number {
  if (text.charCodeAt(at) === QUOTE) return endOfString(text, at);
  const end = endOf(SCALAR, text, at);
  if (end < text.length && endOf(CUT_SCALAR, text, at) > at) throw fault(text, text.length, "a value");
  if (end === at) throw fault(text, at, "a value");
  return end;
}

export function endOfString(text: string, start: number): number {
  if (text.charCodeAt(start) !== QUOTE) throw fault(text, start, "a name in quotes");
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20)
      throw new JsonTextFault(at, "A text goes over the end of its line, or holds a control character.");
    if (code === BACKSLASH) {
      const end = endOf(ESCAPE, text, at);
      if (end === at)
        throw fault(
          text,
          endOf(CUT_ESCAPE, text, at) > at ? text.length : at,
          "an escape such as \\n or \\u00e4",
        );
      at = end - 1;
    }
  }
  throw fault(text, text.length, "the quote that ends a text");
}

/** Where what a pattern means ends; the same place where it is not there. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function valueAfterName(text: string, endOfName: number): number {
  const colon = skipSpace(text, endOfName);
  if (text.charCodeAt(colon) !== COLON) throw fault(text, colon, "a colon");
  return skipSpace(text, colon + 1);
}

/** What was expected at a place. What stands there is not said: it may name somebody. */
export function fault(text: string, at: number, expected: string): JsonTextFault {
  return at >= text.length
    ? new JsonTextFault(text.length, `The text ends where ${expected} should be: it was cut off.`)
    : new JsonTextFault(at, `Here should be ${expected}: this is no JSON.`);
}
