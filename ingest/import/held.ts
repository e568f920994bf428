// What a value of JSON only holds: the objects in its lists, each as it was written and with its place. A file that is one value may
// be longer than memory.

import { type Place, SourceFault } from "../importers/importer.ts";
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
import { Window } from "./json-window.ts";

/** Characters of a value that is no list, and holds none. */
const MAX_VALUE_LENGTH = 64 * 1024 * 1024;
/** Characters of an object that is held whole before it is asked what it only holds: of a longer one, its fields so far have to do. */
const MAX_ASKED_LENGTH = 4 * 1024 * 1024;
/** Levels of what only holds others: lists in objects in lists. */
const MAX_HOLDERS = 4;

/** A value as it was written, or what is wrong with the line that should be one. */
export type JsonObject = { place: Place; text: string } & ({ ok: true } | { ok: false; detail: string });

/**
 * Which fields of an object are what it only holds; null where the object itself is meant.
 * @param at its path, such as `orders[0]`; empty for the outermost
 */
export type Holds = (fields: ReadonlyMap<string, string>, at: string) => readonly string[] | null;

/** A file that is one value of JSON, and what it holds. */
export class Whole {
  readonly #window: Window;
  readonly #holds: Holds;

  constructor(pieces: AsyncIterable<string>, holds: Holds) {
    this.#window = new Window(pieces);
    this.#holds = holds;
  }

  async *read(): AsyncGenerator<JsonObject> {
    const window = this.#window;
    if ((await window.next()) === "") throw new SourceFault({ line: 1, column: 1 }, "The file is empty.");
    // What is held is told before it is known whether the text goes on well: whoever asks hears of that at its end.
    yield* this.#held("", 0);
    if ((await window.next()) !== "") throw window.fault("the end");
  }

  async *#held(path: string, level: number): AsyncGenerator<JsonObject> {
    const begin = await this.#window.next();
    if (begin === "[" && level < MAX_HOLDERS) return yield* this.#list(path, level);
    const { place } = this.#window;
    const mayHold = begin === "{" && level < MAX_HOLDERS;
    const text = await this.#window.value(mayHold ? MAX_ASKED_LENGTH : MAX_VALUE_LENGTH);
    if (text === undefined && mayHold) return yield* this.#object(path, level);
    if (text === undefined) throw tooLong(place);
    try {
      yield* valuesOf(text, place, this.#holds, path, level);
    } catch (error) {
      if (!(error instanceof JsonTextFault)) throw error;
      throw new SourceFault(new Cursor(text, place).to(error.offset), error.message);
    }
  }

  async *#list(path: string, level: number): AsyncGenerator<JsonObject> {
    const window = this.#window;
    window.pass();
    if ((await window.next()) === "]") return window.pass();
    for (let index = 0; ; index++) {
      yield* this.#held(`${path}[${index}]`, level + 1);
      const after = await window.next();
      if (after !== "," && after !== "]") throw window.fault("a comma or ]");
      window.pass();
      if (after === "]") return;
    }
  }

  /** An object that is too long to be asked as a whole. */
  async *#object(path: string, level: number): AsyncGenerator<JsonObject> {
    const window = this.#window;
    const { place } = window;
    const fields = new Map<string, string>();
    let isHolder = false;
    window.pass();
    for (let after = ","; after === ",";) {
      await window.next();
      const name = await window.name(MAX_ASKED_LENGTH);
      if (name === undefined) throw tooLong(window.place);
      if (fields.has(name)) throw new SourceFault(place, TWICE);
      if ((await window.next()) !== ":") throw window.fault("a colon");
      window.pass();
      const begin = await window.next();
      fields.set(name, begin);
      if (this.#holds(fields, path)?.includes(name) === true) {
        isHolder = true;
        yield* this.#held(path === "" ? name : `${path}.${name}`, level + 1);
      } else {
        const value = await window.value(MAX_VALUE_LENGTH);
        if (value === undefined) throw tooLong(window.place);
        if (value.length < MAX_SHORT_LENGTH) fields.set(name, value);
      }
      after = await window.next();
      if (after !== "," && after !== "}") throw window.fault("a comma or }");
      window.pass();
    }
    if (isHolder) return;
    const detail = `This has more than ${MAX_ASKED_LENGTH} characters, and holds nothing that is known.`;
    yield { ok: false, place: { ...place, ...(path === "" ? {} : { at: path }) }, text: "{…}", detail };
  }
}

/** Values that tell what an object is, such as `"list"`. */
const MAX_SHORT_LENGTH = 100;
const TWICE = "This object has a field twice: it may be read in two ways.";

const tooLong = (place: Place) =>
  new SourceFault(
    place,
    `What begins here has more than ${MAX_VALUE_LENGTH} characters: it cannot be read whole.`,
  );

/** The values of a text that is one value of JSON: itself, or those that it holds. */
export function* valuesOf(
  text: string,
  begin: { line: number; column: number },
  holds: Holds,
  ofPath = "",
  ofLevel = 0,
): Generator<JsonObject> {
  const cursor = new Cursor(text, begin);
  const end = yield* heldAt(skipSpace(text, 0), ofPath, ofLevel);
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
        if (fields.size < members.length) throw new JsonTextFault(at, TWICE);
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

/** Finds lines and columns of places that only go forward. */
class Cursor {
  readonly #text: string;
  #at = 0;
  #line: number;
  #lineStart: number;

  /** @param begin where the text begins in its file */
  constructor(text: string, begin: { line: number; column: number }) {
    this.#text = text;
    this.#line = begin.line;
    this.#lineStart = 1 - begin.column;
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
