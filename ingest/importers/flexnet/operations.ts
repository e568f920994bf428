// FlexNet Operations' exports as CSV. A line item of an entitlement is a right, of the line item's activation ID; a fulfillment is
// a seat of one, and may be in another file of the same import. A line item that is a draft was never granted; one that is for
// tests is a test; what is inactive, on hold or obsolete was in force until its last change.

import { type Cell, textOf } from "../../import/table/cell.ts";
import type { Table } from "../../import/table/columns.ts";
import { CsvReader, delimiterOf } from "../../import/table/csv.ts";
import { csvRows } from "../../import/table/csv-rows.ts";
import type { DateReader } from "../../import/table/dates.ts";
import type { Row } from "../../import/table/fields.ts";
import { entriesOfTable, headingsIn } from "../../import/table/read.ts";
import { datesOf, RightReader } from "../../import/table/right.ts";
import type { Entry, ProblemCode, ReadContext, Source } from "../importer.ts";
import { areOperations, type OperationsLayout, operationsLayoutOf } from "./operations-columns.ts";
import { SeatReader } from "./operations-seats.ts";
import { STATES, worstOf } from "./operations-state.ts";

/** As the extracts write: `2016-10-10 14:35:11.313`, or ISO 8601. */
const usual: Omit<Table, "columns"> = { headingRow: 1, dates: "YYYY-MM-DD", decimal: ".", zone: "UTC" };

/** Whether a file whose first line this is is an export of FlexNet Operations, and no license file. */
export function isOperationsExport(firstLine: string): boolean {
  const reader = new CsvReader(delimiterOf(firstLine));
  const [row] = [...reader.push(firstLine), ...reader.end()];
  return row !== undefined && "cells" in row && areOperations(headingsIn(row, 0) ?? []);
}

/**
 * Reads an export of entitlements or of fulfillments.
 * @throws SourceFault where it is neither
 */
export async function* readOperations(source: Source, context: ReadContext): AsyncGenerator<Entry> {
  const table: Table = context.table ?? { ...usual, columns: {} };
  const own = Object.keys(table.columns).length > 0 ? table.columns : undefined;
  yield* entriesOfTable(csvRows(source, table), table.headingRow, (headings, place) => {
    const layout = operationsLayoutOf(headings, own, place);
    const reader =
      layout.kind === "fulfillments"
        ? new SeatReader(layout, datesOf(table))
        : new LineItemReader(layout, table, context);
    return { layout, read: (row) => reader.read(row) };
  });
}

class LineItemReader {
  readonly #layout: OperationsLayout;
  readonly #rights: RightReader;
  readonly #dates: DateReader;

  constructor(layout: OperationsLayout, table: Table, context: ReadContext) {
    this.#layout = layout;
    this.#rights = new RightReader(layout, table, context, { isOrderOneRight: layout.isLineItem });
    this.#dates = datesOf(table);
  }

  read(row: Row): Entry[] {
    return this.#rights.read(this.#completed(row)).map((entry) => this.#inState(entry, row));
  }

  /** Not every product has a part number, and `permanent` may stand in a column of its own. */
  #completed(row: Row): Row {
    const { indexes, isPermanent } = this.#layout;
    const cells = row.cells.slice();
    if (textOf(cells[indexes.product]) === "" && indexes.productName >= 0)
      cells[indexes.product] = cells[indexes.productName] ?? null;
    if (indexes.endsAt >= 0 && isTrue(cells[isPermanent])) cells[indexes.endsAt] = "permanent";
    return { cells, line: row.line, placeOf: (index, heading) => row.placeOf(index, heading) };
  }

  #inState(entry: Entry, row: Row): Entry {
    if (entry.kind !== "right") return entry;
    const { indexes, isPermanent, states, changedAt, headings } = this.#layout;
    const problem = (index: number, code: ProblemCode, detail: string): Entry => {
      const place = index < 0 ? entry.place : row.placeOf(index, headings[index] ?? "");
      return { kind: "problem", place, input: entry.input, code, detail };
    };
    if (isPermanent >= 0 && entry.right.endsAt === null && isFalse(row.cells[isPermanent]))
      return problem(
        indexes.endsAt,
        "incomplete",
        "The line item is not permanent, and no day says when it expires.",
      );
    const worst = worstOf(row, states);
    if (worst === undefined || worst.state === "DEPLOYED" || worst.state === "ACTIVE") return entry;
    const { state, index } = worst;
    if (state === "TEST") return { ...entry, right: { ...entry.right, isTest: true } };
    if (state === "DRAFT") return problem(index, "void", "The line item is a draft: it was never granted.");
    if (state === undefined)
      return problem(
        index,
        "invalid",
        `${JSON.stringify(textOf(row.cells[index]))} is no state of a line item: ${STATES.join(", ")}.`,
      );
    const at = this.#dates.instantOf(row.cells[changedAt] ?? null);
    if (!at.ok)
      return problem(
        changedAt < 0 ? index : changedAt,
        "incomplete",
        `The line item is ${state}, and no day says since when: export the column "Last Modified Date" as well.`,
      );
    const kind = state === "OBSOLETE" ? "cancelled" : "suspended";
    return {
      ...entry,
      right: { ...entry.right, ended: { kind, at: at.value, reason: `${state} in FlexNet Operations` } },
    };
  }
}

const isTrue = (cell: Cell | undefined): boolean => /^(?:true|yes|permanent|1)$/i.test(textOf(cell));
const isFalse = (cell: Cell | undefined): boolean => /^(?:false|no|0)$/i.test(textOf(cell));
