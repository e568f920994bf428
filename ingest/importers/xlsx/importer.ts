// Workbooks: a sheet is read as a table, as CSV is.
//
// A formula is never computed: its value is the one that the workbook shows, and where it shows none the row is a problem. Of
// merged cells only the first has a value; a row that needs one of the others is a problem, for whether three merged rows mean one
// amount or three is not for us to say.

import { colToLetter } from "hucre/xlsx";
import type { Cell } from "../../import/table/cell.ts";
import type { Row } from "../../import/table/fields.ts";
import { guessOf } from "../../import/table/guess.ts";
import { guessText } from "../../import/table/guess-text.ts";
import { layoutOf } from "../../import/table/layout.ts";
import { entriesOfTable, tableOf } from "../../import/table/read.ts";
import { RightReader } from "../../import/table/right.ts";
import { type Importer, type Place, SourceFault } from "../importer.ts";
import { rowsOf } from "./sheet-rows.ts";
import { type Survey, surveyOf } from "./survey.ts";
import { archiveOf, type Sheet, sheetOf } from "./workbook.ts";

/** A workbook is kept in memory as it is packed: a million rows of twelve columns have some 60 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Of a row. A megabyte of XML can state thirty thousand rows of which each has its last cell alone, and all before it are made. */
const MAX_CELLS = 500;

/** Rows that a guess is made from. */
const HEAD_ROWS = 200;

export const importer: Importer = {
  about: "a sheet of a workbook (xlsx), with a mapping that says what its columns hold",
  maxBytes: MAX_BYTES,
  async *read(source, context) {
    const table = tableOf(context);
    const sheet = await sheetOf(await archiveOf(source, MAX_BYTES), table.sheet);
    yield* entriesOfTable(batchesOf(sheet), table.headingRow, (headings, place) => {
      const layout = layoutOf(headings, table.columns, place);
      const reader = new RightReader(layout, table, context, { is1904: sheet.is1904 });
      return { layout, read: (row) => reader.read(row) };
    });
  },
  async guess(source) {
    const sheet = await sheetOf(await archiveOf(source, MAX_BYTES), undefined);
    const rows: Row[] = [];
    for await (const batch of batchesOf(sheet)) {
      rows.push(...batch);
      if (rows.length >= HEAD_ROWS) break;
    }
    return guessText(guessOf({ rows, sheet: sheet.name }), source.name);
  },
};

/** Rows that are passed on at a time. */
const BATCH_ROWS = 100;

async function* batchesOf(sheet: Sheet): AsyncGenerator<readonly SheetRow[]> {
  const survey = await surveyOf(sheet.rows);
  let batch: SheetRow[] = [];
  for await (const { index, values } of rowsOf(sheet, survey.length)) {
    if (values.length > MAX_CELLS)
      throw new SourceFault(
        { line: index + 1 },
        `The row has ${values.length} cells: up to ${MAX_CELLS} are read.`,
      );
    batch.push(new SheetRow(values, index, sheet.name, survey));
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

class SheetRow implements Row {
  readonly cells: readonly Cell[];
  readonly line: number;
  readonly #sheet: string;
  readonly #survey: Survey;

  constructor(cells: readonly Cell[], index: number, sheet: string, survey: Survey) {
    this.cells = cells;
    this.line = index + 1;
    this.#sheet = sheet;
    this.#survey = survey;
  }

  placeOf(index: number, heading: string): Place {
    return { line: this.line, at: `${heading} (${this.#sheet}!${colToLetter(index)}${this.line})` };
  }

  faultOf(index: number): string | undefined {
    return this.#survey.faultOf(this.line - 1, index);
  }
}
