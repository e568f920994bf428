// JSON that may be longer than memory: of its text no more is held than the value that is read, and its place is known.

import { SourceFault } from "../importers/importer.ts";
import { endOfString, endOfValue, fault, JsonTextFault, skipSpace } from "./json-text.ts";

/** Characters of white space in one place. People indent; more than this is a file without end. */
const MAX_SPACE = 16 * 1024 * 1024;

/** A text that comes piece by piece, and how far it was read. */
export class Window {
  readonly #pieces: AsyncIterator<string>;
  #text = "";
  #at = 0;
  #isEnded = false;
  /** Lines before the text, and where in it (or before it) the line begins that the last place was in. */
  #line = 1;
  #lineStart = 0;
  #seen = 0;

  constructor(pieces: AsyncIterable<string>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Where it was read to. Places only go forward. */
  get place(): { line: number; column: number } {
    return this.#placeOf(this.#at);
  }

  /** Goes on to what is no white space. @returns its character; `""` at the end */
  async next(): Promise<string> {
    for (let passed = 0; ;) {
      const from = this.#at;
      this.#at = Math.min(skipSpace(this.#text, from), this.#text.length);
      passed += this.#at - from;
      if (this.#at < this.#text.length) return this.#text[this.#at] ?? "";
      if (passed > MAX_SPACE)
        throw new SourceFault(
          this.place,
          `Before this come ${MAX_SPACE} characters of white space and more.`,
        );
      if (!(await this.#more())) return "";
    }
  }

  /** Goes over the character that {@link next} found. */
  pass(): void {
    this.#at += 1;
  }

  /** Goes over a value as it was written. @returns its text; undefined where it has more characters, and nothing was gone over */
  value(maxLength: number): Promise<string | undefined> {
    return this.#read(endOfValue, maxLength);
  }

  /** Goes over the name of a field. @returns undefined as {@link value} does */
  async name(maxLength: number): Promise<string | undefined> {
    const text = await this.#read(endOfString, maxLength);
    return text === undefined ? undefined : (JSON.parse(text) as string);
  }

  /** That something else should stand here. */
  fault(expected: string): SourceFault {
    return this.#faultOf(fault(this.#text, this.#at, expected));
  }

  async #read(endOf: typeof endOfValue, maxLength: number): Promise<string | undefined> {
    for (;;) {
      const end = this.#endBy(endOf);
      const length = (end ?? this.#text.length) - this.#at;
      if (length > maxLength) return undefined;
      if (end === undefined) {
        await this.#more();
        continue;
      }
      const text = this.#text.slice(this.#at, end);
      this.#at = end;
      return text;
    }
  }

  /** Where it ends; undefined where more has to come to say so. */
  #endBy(endOf: typeof endOfValue): number | undefined {
    try {
      const end = endOf(this.#text, this.#at);
      // Of a number there may be more.
      return end < this.#text.length || this.#isEnded ? end : undefined;
    } catch (error) {
      if (!(error instanceof JsonTextFault)) throw error;
      if (error.offset < this.#text.length || this.#isEnded) throw this.#faultOf(error);
      return undefined;
    }
  }

  /** Reads on, and leaves off what was gone over. @returns whether there is more */
  async #more(): Promise<boolean> {
    // Each time as much as is there already: what was looked at in vain is looked at again.
    const parts = [this.#text.slice(this.#at)];
    const wanted = Math.max(parts[0]?.length ?? 0, 1);
    for (let length = 0; length < wanted && !this.#isEnded;) {
      const { done, value } = await this.#pieces.next();
      if (done) this.#isEnded = true;
      else {
        parts.push(value);
        length += value.length;
      }
    }
    void this.#placeOf(this.#at);
    this.#lineStart -= this.#at;
    this.#seen -= this.#at;
    this.#at = 0;
    this.#text = parts.join("");
    return parts.length > 1;
  }

  #placeOf(offset: number): { line: number; column: number } {
    for (let end = this.#text.indexOf("\n", this.#seen); end >= 0 && end < offset;) {
      this.#line += 1;
      this.#lineStart = end + 1;
      this.#seen = end + 1;
      end = this.#text.indexOf("\n", this.#seen);
    }
    // Not over and over in a text without an end of a line.
    this.#seen = Math.max(this.#seen, offset);
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }

  #faultOf({ offset, message }: JsonTextFault): SourceFault {
    return new SourceFault(this.#placeOf(offset), message);
  }
}
