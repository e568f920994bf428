// Pure. Text → rows of CSV (RFC 4180), piece by piece. Quotes are strict; a row whose quotes are wrong is a fault of its own,
// and ends where its line does, so that it never takes another row with it.
//
// That no library does: of a wrong quote, csv-parse (7.0.3) and papaparse (5.7.1) look for another one to close it, and the rows in
// between are lost; after one that is never closed, all are. And csv-parse says no columns and takes seven times as long (4.4 s of
// processor time for a million rows of twelve cells, 0.6 here and in papaparse), while papaparse takes a quote inside of a bare
// cell for text, and says nothing.

import { type Place, SourceFault } from "../../importers/importer.ts";
import type { Row } from "./fields.ts";

/** Twenty million rows of twelve columns. */
export const MAX_CSV_BYTES = 4 * 1024 * 1024 * 1024;

export type Delimiter = "," | ";" | "\t" | "|";

/** Characters of a row: a cell of prose has some thousands. */
export const MAX_ROW_LENGTH = 1024 * 1024;

const QUOTE = '"';

/** A row, and where it stands. */
export class CsvRow implements Row {
  readonly cells: readonly string[];
  readonly line: number;
  /** As it stands there. */
  readonly raw: string;
  readonly #delimiter: Delimiter;

  constructor(cells: readonly string[], line: number, raw: string, delimiter: Delimiter) {
    this.cells = cells;
    this.line = line;
    this.raw = raw;
    this.#delimiter = delimiter;
  }

  placeOf(index: number, heading: string): Place {
    let at = 0;
    for (let cell = 0; cell < index && at < this.raw.length; cell++) {
      const end = this.raw[at] === QUOTE ? closingOf(this.raw, at) + 1 : at;
      const next = this.raw.indexOf(this.#delimiter, end);
      at = next < 0 ? this.raw.length : next + 1;
    }
    return { ...placeAt(this.raw, at, this.line), at: heading };
  }
}

/** A row that is not read, and why. */
export class CsvFault {
  /** Its first line, as it stands there. */
  readonly raw: string;
  readonly place: Place;
  readonly detail: string;

  constructor(raw: string, place: Place, detail: string) {
    this.raw = raw;
    this.place = place;
    this.detail = detail;
  }
}

interface Taken {
  row: CsvRow | CsvFault;
  /** Where the next row begins. */
  next: number;
  /** How many lines it took. */
  lines: number;
}

/** Cuts a text into rows. Texts come in by {@link push}, and after the last of them {@link end} gives what is left. */
export class CsvReader {
  readonly #delimiter: Delimiter;
  #rest = "";
  #line: number;
  /** Old Macs ended lines by CR alone: the first line tells. */
  #newline: "\n" | "\r" | undefined;
  /** So long must the text be before it is tried again: a long row would be looked through at each piece. */
  #enough = 0;

  /** @param line the number of the first line that will come */
  constructor(delimiter: Delimiter, line = 1) {
    this.#delimiter = delimiter;
    this.#line = line;
  }

  /** @throws SourceFault where a line has no end */
  push(text: string): (CsvRow | CsvFault)[] {
    this.#rest += text;
    return this.#rest.length < this.#enough ? [] : this.#rows(false);
  }

  end(): (CsvRow | CsvFault)[] {
    return this.#rows(true);
  }

  #rows(isLast: boolean): (CsvRow | CsvFault)[] {
    const rows: (CsvRow | CsvFault)[] = [];
    const text = this.#rest;
    const newline = (this.#newline ??= newlineOf(text, isLast));
    if (newline === undefined) {
      if (text.length > MAX_ROW_LENGTH) throw this.#endless();
      return rows;
    }
    let at = 0;
    let quote = text.indexOf(QUOTE);
    while (at < text.length) {
      const end = endOf(text, newline, at);
      if (end - at > MAX_ROW_LENGTH) throw this.#endless();
      if (end === text.length && !isLast) break;
      if (quote >= 0 && quote < at) quote = text.indexOf(QUOTE, at);
      if (quote < 0 || quote >= end) {
        const raw = withoutCr(text.slice(at, end));
        // A line without anything is no row.
        if (raw !== "") rows.push(new CsvRow(raw.split(this.#delimiter), this.#line, raw, this.#delimiter));
        this.#line += 1;
        at = end + 1;
        continue;
      }
      const taken = this.#quoted(text, newline, { begin: at, end, isLast });
      if (taken === undefined) break;
      rows.push(taken.row);
      this.#line += taken.lines;
      at = taken.next;
    }
    this.#rest = text.slice(at);
    this.#enough = this.#rest.length * 2;
    return rows;
  }

  #endless(): SourceFault {
    return new SourceFault(
      { line: this.#line, column: MAX_ROW_LENGTH + 1 },
      `The line has more than ${MAX_ROW_LENGTH} characters and no end: this is no table.`,
    );
  }

  /** A row with a quote in its first line; undefined where it does not end in the text, and there is more to come. */
  #quoted(
    text: string,
    newline: string,
    { begin, end: firstEnd, isLast }: { begin: number; end: number; isLast: boolean },
  ): Taken | undefined {
    const cells: string[] = [];
    const faulty = (at: number, detail: string): Taken => {
      const place = placeAt(text.slice(begin, at), at - begin, this.#line);
      const raw = withoutCr(text.slice(begin, firstEnd));
      return { row: new CsvFault(raw, place, detail), next: firstEnd + 1, lines: 1 };
    };
    let end = firstEnd;
    let at = begin;
    for (;;) {
      if (text[at] === QUOTE) {
        const closing = closingOf(text, at);
        if (closing - begin > MAX_ROW_LENGTH)
          return faulty(at, `The quote that opens here is not closed within ${MAX_ROW_LENGTH} characters.`);
        // What follows the closing quote may still come, and make it one of two.
        if (closing + 2 >= text.length && !isLast) return undefined;
        if (closing >= text.length) return faulty(at, "The quote that opens here is never closed.");
        const value = text.slice(at + 1, closing);
        cells.push(value.includes(QUOTE) ? value.replaceAll('""', QUOTE) : value);
        if (text[closing + 1] === this.#delimiter) {
          at = closing + 2;
          if (at > end) end = endOf(text, newline, at);
          if (at < text.length || isLast) continue;
          return undefined;
        }
        const after = newline === "\n" && text[closing + 1] === "\r" ? closing + 2 : closing + 1;
        if (after < text.length && text[after] !== newline)
          return faulty(closing > firstEnd ? at : closing + 1, MIDDLE);
        end = Math.min(after, text.length);
        break;
      }
      if (end - begin > MAX_ROW_LENGTH)
        return faulty(at, `The row has more than ${MAX_ROW_LENGTH} characters.`);
      if (end === text.length && !isLast) return undefined;
      // No further than the line: what is not in it may be far away, and would be looked for again in the next cell.
      const rest = text.slice(at, end);
      const delimiter = rest.indexOf(this.#delimiter);
      const stop = delimiter < 0 ? end : at + delimiter;
      const bare = delimiter < 0 ? withoutCr(rest) : rest.slice(0, delimiter);
      const quote = bare.indexOf(QUOTE);
      if (quote >= 0) return faulty(at + quote, INSIDE);
      cells.push(bare);
      if (stop === end) break;
      at = stop + 1;
    }
    const raw = withoutCr(text.slice(begin, end));
    const row = new CsvRow(cells, this.#line, raw, this.#delimiter);
    return { row, next: end + 1, lines: 1 + breaksIn(raw, newline) };
  }
}

const MIDDLE =
  "The quote that opens this cell is closed in the middle of it: put the cell in quotes as a whole, and write a quote in it twice.";
const INSIDE =
  "A quote stands inside of a cell that does not begin with one: put the cell in quotes, and write the quote twice.";

/** Where the quote that opens at a place is closed; the text's length where it is not. */
function closingOf(text: string, opening: number): number {
  for (let at = text.indexOf(QUOTE, opening + 1); at >= 0; at = text.indexOf(QUOTE, at + 2))
    if (text[at + 1] !== QUOTE) return at;
  return text.length;
}

/** Where the line ends; the text's length where it does not. */
function endOf(text: string, newline: string, at: number): number {
  const end = text.indexOf(newline, at);
  return end < 0 ? text.length : end;
}

/** How the lines of a text end; undefined where it has too little of it to tell. */
function newlineOf(text: string, isLast: boolean): "\n" | "\r" | undefined {
  const mac = text.indexOf("\r");
  if (mac < 0 || text.slice(0, mac).includes("\n")) return isLast || text.includes("\n") ? "\n" : undefined;
  if (mac === text.length - 1) return isLast ? "\r" : undefined;
  return text[mac + 1] === "\n" ? "\n" : "\r";
}

const withoutCr = (raw: string): string => (raw.endsWith("\r") ? raw.slice(0, -1) : raw);

function breaksIn(text: string, newline: string): number {
  let count = 0;
  for (let at = text.indexOf(newline); at >= 0; at = text.indexOf(newline, at + 1)) count++;
  return count;
}

function placeAt(raw: string, at: number, line: number): Place {
  const before = raw.slice(0, at);
  const newline = before.includes("\n") ? "\n" : "\r";
  return { line: line + breaksIn(before, newline), column: at - before.lastIndexOf(newline) };
}

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|"];

/** What divides the cells of a line of headings: what stands there most often outside of quotes. */
export function delimiterOf(headings: string): Delimiter {
  const counts = DELIMITERS.map((delimiter) => cellsIn(headings, delimiter));
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** What divides the cells of a table of which nothing is known: what stands in most lines as often as in the others. */
export function likelyDelimiterOf(lines: readonly string[]): Delimiter {
  const widths = DELIMITERS.map((delimiter) => {
    const counts = lines.map((line) => cellsIn(line, delimiter)).toSorted((a, b) => a - b);
    return counts[counts.length >> 1] ?? 1;
  });
  return DELIMITERS[widths.indexOf(Math.max(...widths))] ?? ",";
}

const cellsIn = (line: string, delimiter: Delimiter): number =>
  line.replaceAll(/"[^"]*"/g, "").split(delimiter).length;
