// Pure. The text of a file, piece by piece → what stands in it, each part with its place. JSON documents may stand one after
// another, a line each or not, or in an array, and hold any number of resources: only one of these is kept at a time.
//
// It looks at brackets and quotes alone. What is no JSON is noticed by whoever reads the part, and its neighbors are parts of
// their own. No text goes over the end of its line, and an object that begins a line where no value can be is the next one: so a
// broken line is not the end of all lines.

import type { Place } from "../importer.ts";

/** Characters of one part. A resource of Keygen's has some thousands; the longest license key that it takes has 100,000. */
export const MAX_PART_LENGTH = 1024 * 1024;

export interface Part {
  /**
   * - `data` and `included` are resources of a document, as JSON:API calls them;
   * - `object` is a document without those, or a resource that stands by itself;
   * - `line` begins with what begins no JSON: it is the rest of its line.
   */
  is: "data" | "included" | "object" | "line";
  /** Undefined where it is longer than {@link MAX_PART_LENGTH}. */
  text: string | undefined;
  place: Place & { line: number; column: number };
  /** Of an object: whether it had `data` or `included`, in whose places its text has null. */
  isDocument: boolean;
}

const [LF, CR, TAB, SPACE] = [0x0a, 0x0d, 0x09, 0x20];
const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A part that has begun. */
interface Begun {
  is: Part["is"];
  text: string;
  isLong: boolean;
  place: Part["place"];
  /** How many brackets are open in it. */
  depth: number;
}

/** An object: a document, or a resource that stands by itself. `name` is that of its member which was named last. */
interface BegunObject extends Begun {
  isDocument: boolean;
  name: string;
}

export class Splitter {
  /** What is open, from the outside in: an array at the top, an object, the array of its `data` or `included`, a part of that. */
  #list: { place: Part["place"]; index: number } | null = null;
  #object: BegunObject | null = null;
  #members: { is: "data" | "included"; index: number } | null = null;
  #value: Begun | null = null;
  #rest: Begun | null = null;

  #isText = false;
  #isEscaped = false;
  /** Whether the text is the name of a member of the object. */
  #isName = false;
  /** The last character outside of texts that is no white space. */
  #last = 0;

  #parts: Part[] = [];
  #piece = "";
  /** Where in the piece that begins which the part that is open has not got yet. */
  #from = 0;
  /** Characters before the piece, and before the line. */
  #before = 0;
  #lineAt = 0;
  #line = 1;
  #isAfterReturn = false;

  /** @returns what is complete with this piece */
  push(piece: string): Part[] {
    this.#piece = piece;
    this.#from = 0;
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      if (code === LF || code === CR) this.#endLine(i, code);
      else if (this.#rest !== null) continue;
      else if (this.#isText) this.#inText(code);
      else if (code !== SPACE && code !== TAB) this.#take(i, code);
    }
    this.#give(piece.length);
    this.#before += piece.length;
    return this.#parts.splice(0);
  }

  /** @returns the last parts; `open` is where something began that has no end */
  end(): { parts: Part[]; open: Part["place"] | null } {
    if (this.#rest) this.#finish(this.#rest);
    const open = this.#value?.place ?? this.#object?.place ?? this.#list?.place ?? null;
    return { parts: this.#parts.splice(0), open };
  }

  #endLine(i: number, code: number): void {
    if (this.#rest) {
      this.#give(i);
      this.#finish(this.#rest);
      this.#rest = null;
    }
    this.#isText = this.#isEscaped = this.#isName = false;
    if (code !== LF || !this.#isAfterReturn || this.#lineAt !== this.#before + i) this.#line++;
    this.#isAfterReturn = code === CR;
    this.#lineAt = this.#before + i + 1;
  }

  #inText(code: number): void {
    const { name = "" } = this.#object ?? {};
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) this.#isText = this.#isName = false;
    // One character more than `included` tells any other name.
    if (this.#isName && this.#object && name.length < 9) this.#object.name = name + String.fromCharCode(code);
  }

  #take(i: number, code: number): void {
    const isNext = this.#object !== null && code === OPEN_OBJECT && this.#lineAt === this.#before + i;
    if (isNext && ![OPEN_ARRAY, COMMA, COLON].includes(this.#last)) this.#abandon(i);
    if (this.#value) this.#inValue(this.#value, i, code);
    else if (this.#members) this.#inMembers(i, code);
    else if (this.#object) this.#inObject(this.#object, i, code);
    else if (this.#list) this.#inList(this.#list, i, code);
    else this.#atTop(i, code);
    this.#last = code;
  }

  #atTop(i: number, code: number): void {
    if (code === OPEN_OBJECT) this.#beginObject(i, "");
    else if (code === OPEN_ARRAY) this.#list = { place: this.#placeAt(i, ""), index: 0 };
    else {
      this.#rest = this.#begun("line", i, "");
      this.#from = i;
    }
  }

  #inList(list: { index: number }, i: number, code: number): void {
    if (code === COMMA) return;
    if (code === CLOSE_ARRAY) this.#list = null;
    else if (code === CLOSE_OBJECT) {
      this.#list = null;
      this.#atTop(i, code);
    } else {
      const at = `[${list.index++}]`;
      if (code === OPEN_OBJECT) this.#beginObject(i, at);
      else this.#beginValue("data", i, code, at);
    }
  }

  #inObject(object: BegunObject, i: number, code: number): void {
    const isMember = object.depth === 1;
    if (code === QUOTE) {
      this.#isText = true;
      this.#isName = isMember && (this.#last === OPEN_OBJECT || this.#last === COMMA);
      if (this.#isName) object.name = "";
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      const { name } = object;
      if (!isMember || this.#last !== COLON || (name !== "data" && name !== "included")) {
        object.depth++;
        return;
      }
      this.#give(i);
      add(object, "null");
      object.isDocument = true;
      if (code === OPEN_ARRAY) this.#members = { is: name, index: 0 };
      else this.#beginValue(name, i, code, this.#pathOf(name));
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      object.depth--;
      if (object.depth === 0) this.#endObject(object, i + 1);
    }
  }

  #inMembers(i: number, code: number): void {
    const { is, index } = this.#members ?? { is: "data", index: 0 };
    if (code === COMMA) return;
    if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      this.#members = null;
      this.#from = code === CLOSE_ARRAY ? i + 1 : i;
      if (code === CLOSE_OBJECT && this.#object) this.#inObject(this.#object, i, code);
    } else {
      this.#members = { is, index: index + 1 };
      this.#beginValue(is, i, code, this.#pathOf(`${is}[${index}]`));
    }
  }

  #inValue(value: Begun, i: number, code: number): void {
    const isClosing = code === CLOSE_ARRAY || code === CLOSE_OBJECT;
    if (value.depth === 0 && (isClosing || code === COMMA)) {
      // It was no object, and what comes is not of it.
      this.#endValue(value, i);
      this.#take(i, code);
    } else if (code === QUOTE) this.#isText = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) value.depth++;
    else if (isClosing) {
      value.depth--;
      if (value.depth === 0) this.#endValue(value, i + 1);
    }
  }

  #beginObject(i: number, at: string): void {
    this.#object = { ...this.#begun("object", i, at), depth: 1, isDocument: false, name: "" };
    this.#from = i;
  }

  #beginValue(is: Part["is"], i: number, code: number, at: string): void {
    this.#value = this.#begun(is, i, at);
    this.#from = i;
    this.#inValue(this.#value, i, code);
  }

  #endValue(value: Begun, to: number): void {
    this.#give(to);
    this.#finish(value);
    this.#value = null;
  }

  #endObject(object: BegunObject, to: number): void {
    this.#give(to);
    this.#finish(object);
    this.#object = null;
  }

  /** What is open ends here, as it is: another begins. */
  #abandon(i: number): void {
    if (this.#value) this.#endValue(this.#value, i);
    else if (this.#members) this.#from = i;
    this.#members = null;
    if (this.#object) this.#endObject(this.#object, i);
    this.#list = null;
  }

  /** Gives the part that is open what the piece has of it. */
  #give(to: number): void {
    const begun = this.#rest ?? this.#value ?? (this.#members ? null : this.#object);
    if (begun) add(begun, this.#piece.slice(this.#from, to));
    this.#from = to;
  }

  #finish(begun: Begun & { isDocument?: boolean }): void {
    const { is, isLong, place, isDocument = false } = begun;
    this.#parts.push({ is, text: isLong ? undefined : begun.text.trimEnd(), place, isDocument });
  }

  #begun(is: Part["is"], i: number, at: string): Begun {
    return { is, text: "", isLong: false, place: this.#placeAt(i, at), depth: 0 };
  }

  #placeAt(i: number, at: string): Part["place"] {
    const column = this.#before + i - this.#lineAt + 1;
    return { line: this.#line, column, ...(at === "" ? {} : { at }) };
  }

  #pathOf(at: string): string {
    const path = this.#object?.place.at;
    return path === undefined ? at : `${path}.${at}`;
  }
}

function add(begun: Begun, text: string): void {
  if (begun.text.length + text.length > MAX_PART_LENGTH) {
    begun.isLong = true;
    begun.text = "";
  } else if (!begun.isLong) begun.text += text;
}
