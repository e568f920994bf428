// Exports in JSON, as people save them: one object, a list, an object that holds a list, or a line for each object. Lines, and what
// lists hold, are read as they come.

import { parseJson } from "../request.ts";
import type { Entry, Place, ProblemCode, Source } from "../importers/importer.ts";
import { type Holds, type JsonObject, valuesOf, Whole } from "./held.ts";
import { cut } from "./input.ts";
import { isObjectAt, JsonTextFault, skipSpace } from "./json-text.ts";
import { linesOf, textOf } from "./text.ts";

/** An entry without its place. */
export type Said = Entry extends infer It ? (It extends unknown ? Omit<It, "place"> : never) : never;

/** That something is not read. */
export const problem = (input: string, code: ProblemCode, detail: string): Said => ({
  input: cut(input),
  kind: "problem",
  code,
  detail,
});

/**
 * The entries of a file of objects.
 * @param saidOf what an object comes to
 * @throws SourceFault as {@link objectsOf} does
 */
export async function* entriesOf(
  source: Source,
  holds: Holds,
  saidOf: (object: Record<string, unknown>, text: string, place: Place) => readonly Said[],
): AsyncGenerator<Entry> {
  for await (const it of objectsOf(source, holds)) {
    const { place, text } = it;
    const read = it.ok ? objectIn(text) : { ...it, code: "unreadable" as const };
    if ("object" in read) for (const said of saidOf(read.object, text, place)) yield { place, ...said };
    else yield { place, ...problem(text, read.code, read.detail) };
  }
}

/**
 * The objects of a file, in their order.
 * @throws SourceFault where it is no JSON, and not in lines either; or too large
 */
export async function* objectsOf(source: Source, holds: Holds): AsyncGenerator<JsonObject> {
  const { again, isInLines } = await look(source);
  if (!isInLines) {
    yield* new Whole(textOf(again), holds).read();
    return;
  }
  for await (const { text, number } of linesOf(again)) {
    if (skipSpace(text, 0) === text.length) continue;
    try {
      yield* Array.from(valuesOf(text, { line: number, column: 1 }, holds));
    } catch (error) {
      if (!(error instanceof JsonTextFault)) throw error;
      yield { ok: false, place: { line: number, column: error.offset + 1 }, text, detail: error.message };
    }
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
