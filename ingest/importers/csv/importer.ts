// Tables of text, whatever divides their cells: a mapping says what stands under which heading.

import { MAX_CSV_BYTES } from "../../import/table/csv.ts";
import { csvHead, csvRows } from "../../import/table/csv-rows.ts";
import { guessOf } from "../../import/table/guess.ts";
import { guessText } from "../../import/table/guess-text.ts";
import { layoutOf } from "../../import/table/layout.ts";
import { entriesOfTable, tableOf } from "../../import/table/read.ts";
import { RightReader } from "../../import/table/right.ts";
import type { Importer } from "../importer.ts";

export const importer: Importer = {
  about: "a table of orders or licenses as CSV, with a mapping that says what its columns hold",
  maxBytes: MAX_CSV_BYTES,
  async *read(source, context) {
    const table = tableOf(context);
    yield* entriesOfTable(csvRows(source, table), table.headingRow, (headings, place) => {
      const layout = layoutOf(headings, table.columns, place);
      const reader = new RightReader(layout, table, context);
      return { layout, read: (row) => reader.read(row) };
    });
  },
  async guess(source) {
    return guessText(guessOf(await csvHead(source)), source.name);
  },
};
