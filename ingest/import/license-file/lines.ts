// Lines of text → the lines of a license file, each with its words, on however many lines of text it is written.

import type { Line } from "../text.ts";
import { readDay } from "./day.ts";

/** Of one license. The longest that we know of, with a signature and a list of a thousand hosts, has some 20,000. */
const MAX_CHARACTERS = 256 * 1024;
/** Fields and options of one license: formats know some fifty. */
const MAX_WORDS = 2000;

/** What stands between white space; what stands in quotes is in one word. */
export interface Word {
  /** Without quotes; white space in quotes is one space, also where a line ends in them. */
  text: string;
  isQuoted: boolean;
  line: number;
  column: number;
}

export interface LicenseLine {
  /** Its first word in upper case where that is a keyword; else empty, and the word is among the others. */
  keyword: string;
  line: number;
  column: number;
  words: readonly Word[];
  /** Why it cannot be read. */
  fault: { line: number; column: number; detail: string } | null;
}

/**
 * Puts lines together. A license begins with a keyword, and goes on where the line before ended with `\`, where quotes are open,
 * and where a line is indented: https://reprisesoftware.com/docs/general/license-file.html, and the license administration guide
 * of FlexNet, whose clients since 7.0 need no `\`. `#` begins a comment.
 * @param keywords in upper case
 */
export async function* licenseLines(
  lines: AsyncIterable<Line>,
  keywords: ReadonlySet<string>,
): AsyncGenerator<LicenseLine> {
  let open: Reader | null = null;
  for await (const { text, number } of lines) {
    const [indent, first] = beginningOf(text);
    const isKeyword = keywords.has(first);
    if (open?.isInQuotes && !(isKeyword && isLicense(text))) open.read(text, number, 0);
    else if (first === "") {
      if (open) yield open.close();
      open = null;
    } else if (first.startsWith("#")) continue;
    else if (open && !isKeyword && (open.isContinued || indent > 0)) open.read(text, number, indent);
    else {
      if (open) yield open.close();
      open = new Reader(isKeyword ? first : "", number, indent + 1);
      open.read(text, number, isKeyword ? indent + first.length : indent);
    }
  }
  if (open) yield open.close();
}

/** How far a line is indented, and the beginning of its first word in upper case. */
function beginningOf(text: string): [indent: number, first: string] {
  const indent = text.search(/\S/);
  if (indent < 0) return [text.length, ""];
  const [word = ""] = /^\S+/.exec(text.slice(indent, indent + 40)) ?? [];
  return [indent, word.toUpperCase()];
}

/**
 * Whether a line that begins with a keyword is a license for sure: its last day is where it should be. Quotes that are open there
 * were never closed, and may take no license with them.
 */
function isLicense(text: string): boolean {
  const words = text.trim().split(/\s+/, 6);
  return [words[4], words[5]].some((word) => word !== undefined && readDay(word) !== undefined);
}

/** Reads one license, line by line. */
class Reader {
  isInQuotes = false;
  isContinued = false;
  #words: Word[] = [];
  #word: (Word & { parts: string[] }) | null = null;
  #characters = 0;
  #fault: LicenseLine["fault"] = null;
  readonly #begins: { keyword: string; line: number; column: number };

  constructor(keyword: string, line: number, column: number) {
    this.#begins = { keyword, line, column };
  }

  read(text: string, line: number, from: number): void {
    // What is too long is passed over to its end.
    this.isContinued = this.#fault !== null && /\\\s*$/.test(text);
    const run = /[^\s"\\]+/y;
    let at = from;
    while (at < text.length && !this.#fault) {
      const char = text.charAt(at);
      const isSpace = /\s/.test(char);
      if (!this.isInQuotes && (isSpace || (char === "#" && !this.#word))) {
        this.#endWord();
        if (!isSpace) break;
        at += 1;
        continue;
      }
      if (char === "\\" && this.#isLast(text, at + 1)) {
        this.isContinued = true;
        break;
      }
      this.#word ??= { text: "", isQuoted: false, line, column: at + 1, parts: [] };
      if (char === '"') {
        this.isInQuotes = !this.isInQuotes;
        this.#word.isQuoted = true;
        at += 1;
        continue;
      }
      run.lastIndex = at;
      const part = run.exec(text)?.[0] ?? char;
      this.#word.parts.push(part);
      at += part.length;
      this.#count(part.length, { line, column: at });
    }
    if (this.isInQuotes) {
      this.#word?.parts.push(" ");
      this.#count(1, { line, column: text.length + 1 });
    } else this.#endWord();
  }

  close(): LicenseLine {
    this.#fault ??= this.#unclosed();
    this.#endWord();
    return { ...this.#begins, words: this.#words, fault: this.#fault };
  }

  #unclosed(): LicenseLine["fault"] {
    if (!this.isInQuotes || !this.#word) return null;
    const { line, column } = this.#word;
    return { line, column, detail: "The quotes in this word are not closed before the license ends." };
  }

  /** Whether nothing follows a `\` but white space, or a comment: the license goes on in the next line. */
  #isLast(text: string, from: number): boolean {
    const next = /\S/g;
    next.lastIndex = from;
    const char = next.exec(text)?.[0];
    return char === undefined || (char === "#" && !this.isInQuotes);
  }

  #endWord(): void {
    if (!this.#word) return;
    const { parts, ...word } = this.#word;
    this.#word = null;
    this.#words.push({ ...word, text: parts.join("").replaceAll(/\s+/g, " ") });
    this.#count(0, word);
  }

  #count(characters: number, { line, column }: { line: number; column: number }): void {
    this.#characters += characters;
    const isLong = this.#characters > MAX_CHARACTERS;
    if (!isLong && this.#words.length <= MAX_WORDS) return;
    const limit = isLong ? `${MAX_CHARACTERS} characters` : `${MAX_WORDS} words`;
    this.#fault ??= this.#unclosed() ?? {
      line,
      column,
      detail: `The license has more than ${limit}: nobody issues such.`,
    };
    this.#word = null;
  }
}
