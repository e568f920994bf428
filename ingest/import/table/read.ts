// Rows of any table → entries. The headings come first; what stands above them is a title, and rows without anything are none.

import { type Entry, type Place, type ReadContext, SourceFault } from "../../importers/importer.ts";
import { cut } from "../input.ts";
import { isBlank, textOf } from "./cell.ts";
import type { Table } from "./columns.ts";
import { CsvFault } from "./csv.ts";
import type { Row } from "./fields.ts";
import { hasSecrets, type Layout } from "./layout.ts";

/** A row as CSV has it, if it is from there. */
type RawRow = Row & { raw?: string };

/** What reads the rows of a table, once its headings are known. */
export interface TableReader {
  layout: Layout;
  read: (row: Row) => Entry[];
}

/**
 * What the mapping says of the table.
 * @throws SourceFault where it says nothing
 */
export function tableOf({ table }: ReadContext): Table {
  if (table === undefined)
    throw new SourceFault(
      {},
      "No mapping says what the columns of the table hold: give one that has `table` with --map.",
    );
  return table;
}

/**
 * Reads a table.
 * @param begin is given the headings, and says what reads the rows
 * @throws SourceFault where there are no headings
 */
export async function* entriesOfTable(
  batches: AsyncIterable<readonly (RawRow | CsvFault)[]>,
  headingRow: number,
  begin: (headings: readonly string[], place: Place) => TableReader,
): AsyncGenerator<Entry> {
  let reader: TableReader | undefined;
  let isSecret = false;
  for await (const batch of batches)
    for (const row of batch) {
      if (reader !== undefined) {
        yield* entriesOf(row, reader, isSecret);
        continue;
      }
      const headings = headingsIn(row, headingRow);
      if (headings === undefined) continue;
      const place = { line: row instanceof CsvFault ? headingRow : row.line };
      reader = begin(headings, place);
      isSecret = hasSecrets(headings);
    }
  if (!reader)
    throw new SourceFault(
      { line: headingRow },
      `The table has no headings: nothing stands in line ${headingRow} or below.`,
    );
}

/** The headings, where the row is theirs. */
export function headingsIn(row: RawRow | CsvFault, headingRow: number): string[] | undefined {
  const isFault = row instanceof CsvFault;
  const line = isFault ? (row.place.line ?? headingRow) : row.line;
  if (line < headingRow) return undefined;
  if (isFault) throw new SourceFault(row.place, `The headings cannot be read. ${row.detail}`);
  return row.cells.every(isBlank) ? undefined : row.cells.map((cell) => textOf(cell));
}

function entriesOf(row: RawRow | CsvFault, { layout, read }: TableReader, isSecret: boolean): Entry[] {
  if (row instanceof CsvFault)
    return [
      {
        kind: "problem",
        code: "unreadable",
        place: row.place,
        input: seen(row.raw, isSecret),
        detail: row.detail,
      },
    ];
  const { cells, line, raw } = row;
  if (raw !== undefined && cells.length !== layout.headings.length) {
    if (cells.every(isBlank)) return [];
    return [
      {
        kind: "problem",
        code: "unreadable",
        place: { line },
        input: seen(raw, isSecret),
        detail: wrongWidth(cells.length, layout.headings.length),
      },
    ];
  }
  return cells.every(isBlank) ? [] : read(row);
}

// An empty cell too many is no trifle: what divides cells may stand inside of one that has no quotes, and all others are moved.
function wrongWidth(cells: number, headings: number): string {
  const advice =
    cells > headings
      ? "put cells that have the delimiter in them in quotes"
      : "the row may have been cut off";
  return `The row has ${cells} cells, and there are ${headings} headings: ${advice}.`;
}

/** A row as it stands there, for the quarantine. Of a row that is not read nobody knows which of its cells is a secret. */
function seen(raw: string, isSecret: boolean): string {
  if (isSecret) return "(not shown: a column of this table has keys or passwords)";
  return cut(raw);
}
