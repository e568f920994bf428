// A table of orders with a column for everything, and a mapping for it.

import type { ColumnName, Table } from "../../../ingest/import/table/columns.ts";
import type { Entry } from "../../../ingest/importers/importer.ts";
import { formatInstant } from "../../../licensing/index.ts";

/** A mapping of a table whose headings are the names of what stands under them. */
export function tableOf(columns: readonly ColumnName[], rest: Partial<Table> = {}): Table {
  return {
    headingRow: 1,
    dates: "YYYY-MM-DD",
    decimal: ".",
    zone: "UTC",
    columns: Object.fromEntries(columns.map((name) => [name, name])),
    ...rest,
  };
}

/** What an entry says in a line: what it is, and where and why it is none. */
export function told(entry: Entry): string {
  if (entry.kind === "problem") {
    const { line, column, at } = entry.place;
    return `${entry.code} ${line}:${column ?? ""} ${at ?? ""} ${entry.detail}`;
  }
  return entry.kind;
}

/** The rights among entries, with their instants as they are written. */
export function rightsOf(entries: readonly Entry[]): unknown[] {
  return entries.flatMap((entry) =>
    entry.kind === "right"
      ? [
          JSON.parse(
            JSON.stringify(entry.right, (key, value: unknown) =>
              key.endsWith("At") && typeof value === "number"
                ? formatInstant(value).replace("T00:00:00.000000Z", "")
                : value,
            ),
          ),
        ]
      : [],
  );
}
