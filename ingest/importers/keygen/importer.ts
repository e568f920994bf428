// What Keygen (https://keygen.sh) gives away: license and machine files, and exports of its API. A file may hold any number of both.

import { textOf } from "../../import/text.ts";
import {
  type Entry,
  type Importer,
  type Place,
  type ReadContext,
  type Source,
  SourceFault,
} from "../importer.ts";
import { Armor, type Block } from "./armor.ts";
import { type Keys, keyOptions, keysOf, openBlock } from "./certificate.ts";
import { readJson } from "./json-text.ts";
import { problem, Reader } from "./reader.ts";
import { MAX_PART_LENGTH, type Part, Splitter } from "./splitter.ts";

const GIGABYTE = 1024 ** 3;

export const importer: Importer = {
  about:
    "Keygen: license and machine files, and JSON of its API with products, policies, licenses, machines and users",
  // A license takes some four kilobytes, with its machines and its owner.
  maxBytes: 16 * GIGABYTE,
  options: keyOptions,
  async *read(source, context) {
    const course = new Course(keysOf(context.options), context);
    yield* course.read(source);
  },
};

/** The reading of one file. */
class Course {
  readonly #keys: Keys;
  readonly #reader: Reader;
  readonly #armor = new Armor();
  /** Lines that belong to nothing, one after another. */
  #strays: { place: Place; lines: number } | null = null;
  /** Whether anything is of Keygen. */
  #isOurs = false;

  constructor(keys: Keys, context: ReadContext) {
    this.#keys = keys;
    this.#reader = new Reader(context.orderedAt);
  }

  async *read(source: Source): AsyncGenerator<Entry> {
    const splitter = new Splitter();
    for await (const piece of textOf(source))
      for (const part of splitter.push(piece)) yield* this.#take(part);
    const { parts, open } = splitter.end();
    for (const part of parts) yield* this.#take(part);
    const line = this.#armor.openLine;
    if (line !== undefined)
      throw new SourceFault(
        { line },
        "What begins here has no line that begins with -----END: the file was cut off.",
      );
    if (open)
      throw new SourceFault(
        open,
        "What begins here has no end: the file was cut off, or a bracket is missing.",
      );
    if (!this.#isOurs)
      throw new SourceFault(
        this.#strays?.place ?? { line: 1, column: 1 },
        "There is nothing of Keygen in the file: neither a line -----BEGIN LICENSE FILE----- nor JSON of its API.",
      );
    yield* this.#endStrays();
  }

  async *#take(part: Part): AsyncGenerator<Entry> {
    if (part.is === "line") {
      yield* this.#takeLine(part);
      return;
    }
    const cut = this.#armor.interrupt();
    if (cut) yield problem({ line: cut.line }, BLOCK, "unreadable", cut.detail);
    yield* this.#endStrays();
    yield* this.#takeJson(part);
    if (part.is === "object") yield* this.#reader.endDocument();
  }

  async *#takeLine({ text, place }: Part): AsyncGenerator<Entry> {
    for (const armored of this.#armor.take(text, place.line)) {
      if (armored.is === "outside") {
        this.#strays ??= { place, lines: 0 };
        this.#strays.lines++;
        continue;
      }
      this.#isOurs = true;
      yield* this.#endStrays();
      if (armored.is === "fault") yield problem({ line: armored.line }, BLOCK, "unreadable", armored.detail);
      if (armored.is === "block") yield* this.#open(armored.block, { line: armored.block.line });
    }
  }

  /** Opens a license or machine file, and reads what is in it. */
  async *#open(block: Block, place: Place): AsyncGenerator<Entry> {
    const opened = await openBlock(block, this.#keys);
    if (!opened.ok) {
      yield problem(place, BLOCK, opened.code, opened.detail);
      return;
    }
    const { content } = opened;
    const { data, included } = isObject(content) ? content : {};
    const base = place.at === undefined ? "" : `${place.at}: `;
    const resources = [...listed("data", data), ...listed("included", included)];
    if (resources.length === 0)
      yield problem(place, BLOCK, "void", "It is signed, and yet nothing is in it.");
    for (const [at, value] of resources)
      yield* this.#reader.read(value, { ...place, at: `${base}${at}` }, at.startsWith("included"));
    yield* this.#reader.endDocument();
  }

  async *#takeJson({ is, text, place, isDocument }: Part): AsyncGenerator<Entry> {
    const input = `${text?.length ?? `more than ${MAX_PART_LENGTH}`} characters of JSON`;
    const read = text === undefined ? undefined : readJson(text);
    if (text === undefined || !read) {
      yield problem(
        place,
        input,
        "unreadable",
        `It has more than ${MAX_PART_LENGTH} characters: no resource has.`,
      );
      return;
    }
    if (!read.ok) {
      // Of a document, parts are left out: its text tells no columns.
      yield problem(isDocument ? place : placeIn(place, text, read.offset), input, "unreadable", read.detail);
      return;
    }
    this.#isOurs ||= isDocument || isOfJsonApi(read.value);
    if (isDocument) return;
    const certificate = certificateOf(read.value);
    if (certificate !== undefined) yield* this.#certificate(certificate, place);
    else if (isObject(read.value) && "errors" in read.value)
      yield problem(
        place,
        input,
        "incomplete",
        "This is an error of Keygen's API in place of data: ask it once more.",
      );
    else yield* this.#reader.read(read.value, place, is === "included");
  }

  /** A license or machine file as the API gives it: in a resource. */
  async *#certificate(text: string, place: Place): AsyncGenerator<Entry> {
    const armor = new Armor();
    const at = [place.at, "attributes.certificate"].filter(Boolean).join(".");
    const blocks = text
      .split(/\r\n|\r|\n/)
      .flatMap((line, index) => armor.take(line.trim(), index + 1))
      .flatMap((armored) => (armored.is === "block" ? [armored.block] : []));
    for (const block of blocks) yield* this.#open(block, { ...place, at });
    if (blocks.length === 0)
      yield problem(
        { ...place, at },
        BLOCK,
        "unreadable",
        "Its certificate is not what Keygen writes there.",
      );
  }

  *#endStrays(): Generator<Entry> {
    const strays = this.#strays;
    this.#strays = null;
    if (!strays) return;
    const { place, lines } = strays;
    const input = lines === 1 ? "1 line" : `${lines} lines`;
    yield problem(place, input, "unreadable", `${input} from here: neither JSON nor a file of Keygen's.`);
  }
}

/** Stands for a license or machine file, which is secret. */
const BLOCK = "-----BEGIN … FILE-----";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isOfJsonApi = (value: unknown): boolean =>
  isObject(value) &&
  ((typeof value["type"] === "string" && typeof value["id"] === "string") || "errors" in value);

function certificateOf(value: unknown): string | undefined {
  if (!isObject(value) || (value["type"] !== "license-files" && value["type"] !== "machine-files"))
    return undefined;
  const { attributes } = value;
  return isObject(attributes) && typeof attributes["certificate"] === "string"
    ? attributes["certificate"]
    : undefined;
}

/** A document's one or many resources, each with its path. */
function listed(name: string, value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [`${name}[${index}]`, item as unknown]);
  return value === undefined || value === null ? [] : [[name, value]];
}

/** Where in a file a character of a part is. */
function placeIn(place: Part["place"], text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const breaks = before.match(/\r\n|\n|\r/g)?.length ?? 0;
  const lineAt = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  return {
    ...place,
    line: place.line + breaks,
    column: breaks === 0 ? place.column + offset : offset - lineAt + 1,
  };
}
