// A file of CSV → its rows. What divides its cells is told by the mapping, by the file's first line, or by its headings.

import { SourceFault, type Source } from "../../importers/importer.ts";
import { textOf } from "../text.ts";
import { type CsvFault, CsvReader, CsvRow, type Delimiter, delimiterOf, likelyDelimiterOf } from "./csv.ts";
import type { Head } from "./guess.ts";

/** Spreadsheets write and read it: a first line such as `sep=;` is no row. */
const SEPARATOR = /^sep=([,;|\t])(?:\r\n|\n|\r|$)/i;

/** Characters among which the headings are. */
const HEAD_LENGTH = 256 * 1024;

/** Rows in the order of the file, some at a time: to wait for each alone takes longer than to read it. */
export async function* csvRows(
  source: Source,
  { delimiter, headingRow }: { delimiter?: Delimiter | undefined; headingRow: number },
): AsyncGenerator<readonly (CsvRow | CsvFault)[]> {
  let head = "";
  let reader: CsvReader | undefined;
  for await (const piece of textOf(source)) {
    if (reader) yield reader.push(piece);
    else {
      head += piece;
      if (head.length < HEAD_LENGTH) continue;
      const begun = begin(head, delimiter, headingRow);
      ({ reader } = begun);
      yield reader.push(begun.rest);
    }
  }
  if (!reader) {
    const begun = begin(head, delimiter, headingRow);
    ({ reader } = begun);
    yield reader.push(begun.rest);
  }
  yield reader.end();
}

function begin(
  text: string,
  told: Delimiter | undefined,
  headingRow: number,
): { reader: CsvReader; rest: string } {
  const [whole, separator] = SEPARATOR.exec(text) ?? [];
  if (whole === undefined) {
    const headings = text.split(/\r\n|\n|\r/, headingRow)[headingRow - 1] ?? "";
    return { reader: new CsvReader(told ?? delimiterOf(headings)), rest: text };
  }
  if (told !== undefined && told !== separator)
    throw new SourceFault(
      { line: 1, column: 1 },
      `The file says that ${JSON.stringify(separator)} divides its cells, and the mapping says ${JSON.stringify(told)}.`,
    );
  return { reader: new CsvReader(separator as Delimiter, 2), rest: text.slice(whole.length) };
}

/** Rows and lines that a guess is made from. */
const HEAD_ROWS = 200;
const HEAD_LINES = 30;

/** The beginning of a file of CSV of which nothing is known. Rows that cannot be read are left out. */
export async function csvHead(source: Source): Promise<Head> {
  let text = "";
  for await (const piece of textOf(source)) {
    text += piece;
    if (text.length >= HEAD_LENGTH) break;
  }
  const [whole = "", separator] = SEPARATOR.exec(text) ?? [];
  const lines = text
    .slice(whole.length)
    .split(/\r\n|\n|\r/, HEAD_LINES)
    .filter((line) => line.trim() !== "");
  const delimiter = (separator as Delimiter | undefined) ?? likelyDelimiterOf(lines);
  const reader = new CsvReader(delimiter, whole === "" ? 1 : 2);
  const pushed = reader.push(text.slice(whole.length));
  // A file that goes on does so in the middle of a row.
  const rows = text.length < HEAD_LENGTH ? [...pushed, ...reader.end()] : pushed;
  return { rows: rows.filter((row) => row instanceof CsvRow).slice(0, HEAD_ROWS), delimiter };
}
