// Pure. The options of a license, `KEY=value` and words alone, and its text without what is secret.

import type { Place, ProblemCode } from "../../importers/importer.ts";
import { cut, MAX_INPUT_LENGTH } from "../input.ts";
import type { LicenseLine, Word } from "./lines.ts";

/** Why a license is not read. */
export interface Fault {
  code: ProblemCode;
  place: Place;
  detail: string;
}

export function faultAt({ line, column }: Word, code: ProblemCode, detail: string): Fault {
  return { code, place: { line, column }, detail };
}

export interface Option {
  /** In upper case. */
  key: string;
  /** Null for a word alone. */
  value: string | null;
  word: Word;
}

/**
 * Reads options.
 * @param flags words that may stand alone, in upper case
 * @returns by key; a key that stands twice with one value is one
 */
export function readOptions(
  words: readonly Word[],
  flags: ReadonlySet<string>,
): ReadonlyMap<string, Option> | Fault {
  const options = new Map<string, Option>();
  for (const word of words) {
    const [, name = "", assigned] = /^([A-Za-z_][A-Za-z0-9_]{0,60})(=.*)?$/.exec(word.text) ?? [];
    const key = name.toUpperCase();
    if (key === "" || (assigned === undefined && !flags.has(key)))
      return faultAt(word, "unreadable", `\`${cut(word.text, 40)}\` is no option of a license.`);
    const value = assigned?.slice(1).trim() ?? null;
    const other = options.get(key);
    if (other && other.value !== value)
      return faultAt(word, "invalid", `${key} stands here a second time, with another value.`);
    options.set(key, { key, value, word });
  }
  return options;
}

export const isFault = (value: object): value is Fault => "code" in value && "detail" in value;

/** A name as people read it: what a catalog can hold. */
export function nameFault(word: Word, what: string, maxLength: number): Fault | null {
  if (word.text.length > maxLength)
    return faultAt(word, "invalid", `The ${what} has more than ${maxLength} characters.`);
  if (/[\p{Cc}\p{Cs}]/u.test(word.text) || word.text === "")
    return faultAt(word, "invalid", `The ${what} is empty, or has control characters.`);
  return null;
}

/**
 * A license's text for the quarantine, on one line.
 * @param secrets keys of options, in upper case, whose values nobody needs to see
 * @param key what a signature looks like that stands alone
 */
export function inputOf({ keyword, words }: LicenseLine, secrets: ReadonlySet<string>, key: RegExp): string {
  let input = keyword;
  for (const word of words) {
    input += `${input === "" ? "" : " "}${shown(word, secrets, key)}`;
    if (input.length > MAX_INPUT_LENGTH) return cut(input);
  }
  return input;
}

function shown({ text, isQuoted }: Word, secrets: ReadonlySet<string>, key: RegExp): string {
  const equals = text.indexOf("=");
  if (equals < 0) return key.test(text) ? "…" : isQuoted ? `"${text}"` : text;
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  if (secrets.has(name.toUpperCase())) return `${name}=…`;
  return isQuoted ? `${name}="${value.trim()}"` : text;
}
