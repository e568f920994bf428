// Exports in JSON, as people save them: one object, a list, an object that holds a list, or a line for each object. Lines are
// read as they come; everything else is held whole, for it ends where its first bracket closes.

import { parseJson } from "../request.ts";
import { type Place, type Source, SourceFault } from "../importers/importer.ts";
import {
  elementsAt,
  endOfValue,
  fault,
  isArrayAt,
  isObjectAt,
  JsonTextFault,
  membersAt,
  skipSpace,
} from "./json-text.ts";
import { linesOf, wholeText } from "./text.ts";

/** Characters of a file that is not in lines. */
const MAX_WHOLE_LENGTH = 64 * 1024 * 1024;
/** Levels of what only holds others: lists in objects in lists. */
const MAX_HOLDERS = 4;

/** A value as it was written, or what is wrong with the line that should be one. */
export type JsonObject = { place: Place; text: string } & ({ ok: true } | { ok: false; detail: string });

/**
 * Which fields of an object are what it only holds; null where the object itself is meant.
 * @param at its path, such as `orders[0]`; empty for the outermost
 */
export type Holds = (fields: ReadonlyMap<string, string>, at: string) => readonly string[] | null;

/**
 * The objects of a file, in their order.
 * @throws SourceFault where it is no JSON, and not in lines either; or too large
 */
export async function* objectsOf(source: Source, holds: Holds): AsyncGenerator<JsonObject> {
  const { again, isInLines } = await look(source);
  if (!isInLines) {
    const text = await wholeText(again, MAX_WHOLE_LENGTH);
    if (skipSpace(text, 0) === text.length)
      throw new SourceFault({ line: 1, column: 1 }, "The file is empty.");
    try {
      yield* valuesOf(text, 1, holds);
    } catch (error) {
      if (!(error instanceof JsonTextFault)) throw error;
      throw new SourceFault(new Cursor(text, 1).to(error.offset), error.message);
    }
    return;
  }
  for await (const { text, number } of linesOf(again)) {
    if (skipSpace(text, 0) === text.length) continue;
    try {
      yield* Array.from(valuesOf(text, number, holds));
    } catch (error) {
      if (!(error instanceof JsonTextFault)) throw error;
      yield { ok: false, place: { line: number, column: error.offset + 1 }, text, detail: error.message };
    }
  }
}

/** The values of a text that is one value of JSON: itself, or those that it holds. */
function* valuesOf(text: string, line: number, holds: Holds): Generator<JsonObject> {
  const cursor = new Cursor(text, line);
  // What is held is told before it is known whether the text goes on well: whoever asks hears of that at its end.
  const end = yield* heldAt(skipSpace(text, 0), "", 0);
  const rest = skipSpace(text, end);
  if (rest < text.length) throw fault(text, rest, "the end");

  function* heldAt(at: number, path: string, level: number): Generator<JsonObject, number> {
    if (level < MAX_HOLDERS && isArrayAt(text, at)) {
      const elements = elementsAt(text, at);
      for (let index = 0; ; index++) {
        const { done, value } = elements.next();
        if (done) return value;
        yield* heldAt(value.start, `${path}[${index}]`, level + 1);
      }
    }
    if (level < MAX_HOLDERS && isObjectAt(text, at)) {
      const members = membersAt(text, at);
      const fields = new Map(members.map(([name, span]) => [name, text.slice(span.start, span.end)]));
      const held = holds(fields, path);
      if (held !== null) {
        // Of two of one name, one would be passed over.
        if (fields.size < members.length)
          throw new JsonTextFault(at, "This object has a field twice: it may be read in two ways.");
        for (const [name, span] of members)
          if (held.includes(name))
            yield* heldAt(span.start, path === "" ? name : `${path}.${name}`, level + 1);
        return endOfValue(text, at);
      }
    }
    const valueEnd = endOfValue(text, at);
    const place = { ...cursor.to(at), ...(path === "" ? {} : { at: path }) };
    yield { ok: true, place, text: text.slice(at, valueEnd) };
    return valueEnd;
  }
}

/** What the service takes of one message. */
const MAX_OBJECT_LENGTH = 4 * 1024 * 1024;

/** The one object that a text is, or why it is none. */
export function objectIn(
  text: string,
):
  | { ok: true; object: Record<string, unknown> }
  | { ok: false; code: "invalid" | "unreadable"; detail: string } {
  if (text.length > MAX_OBJECT_LENGTH)
    return { ok: false, code: "invalid", detail: `This has more than ${MAX_OBJECT_LENGTH} characters.` };
  const json = parseJson(text);
  if (!json.ok) return { ok: false, code: "unreadable", detail: json.problem.detail };
  const { value } = json;
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { ok: true, object: value as Record<string, unknown> }
    : { ok: false, code: "invalid", detail: "Here should be an object." };
}

/** Finds lines and columns of places that only go forward. */
class Cursor {
  readonly #text: string;
  #at = 0;
  #line: number;
  #lineStart = 0;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  to(offset: number): { line: number; column: number } {
    for (let end = this.#text.indexOf("\n", this.#at); end >= 0 && end < offset;) {
      this.#line += 1;
      this.#lineStart = end + 1;
      this.#at = end + 1;
      end = this.#text.indexOf("\n", this.#at);
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }
}

/** As much of a file as tells whether it is in lines: longer ones are read as lines no more. */
const MAX_LOOK_BYTES = 4 * 1024 * 1024;

/** Looks at the beginning of a file, which is read once: it is given back with it. */
async function look(source: Source): Promise<{ again: Source; isInLines: boolean }> {
  const bytes = source.bytes()[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  const decoder = new TextDecoder(source.encoding ?? "utf-8");
  let text = "";
  let isInLines: boolean | undefined;
  let hasLines = false;
  for (let length = 0; isInLines === undefined && length < MAX_LOOK_BYTES;) {
    const { done, value } = await bytes.next();
    if (done) break;
    seen.push(value);
    length += value.length;
    const piece = decoder.decode(value, { stream: true });
    text += piece;
    hasLines ||= /[\r\n]/.test(piece);
    // Until the first line ends there is nothing to see, however long it is.
    if (hasLines) isInLines = areLines(text);
  }
  const again = {
    ...source,
    async *bytes() {
      yield* seen;
      yield* { [Symbol.asyncIterator]: () => bytes };
    },
  };
  return { again, isInLines: isInLines ?? false };
}

/**
 * Whether a text is a line for each object: two that begin with one, and the first does not go on. Undefined where that does not
 * show yet.
 */
function areLines(text: string): boolean | undefined {
  const begin = skipSpace(text, 0);
  if (begin === text.length) return undefined;
  if (!isObjectAt(text, begin)) return false;
  const end = text.slice(begin).search(/[\r\n]/);
  if (end < 0) return undefined;
  const next = skipSpace(text, begin + end);
  if (next === text.length) return undefined;
  return isObjectAt(text, next) && !/[[{:,]\s*$/.test(text.slice(begin, begin + end).slice(-1000));
}
