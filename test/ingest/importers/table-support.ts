// A table of orders with a column for everything, and a mapping for it.

import { expect } from "vitest";
import type { ColumnName, Table } from "../../../ingest/import/table/columns.ts";
import { importer } from "../../../ingest/importers/csv/importer.ts";
import { type Entry, type Place, type ReadContext, SourceFault } from "../../../ingest/importers/importer.ts";
import { formatInstant, parseInstant } from "../../../licensing/index.ts";
import { entriesOf, sourceOf } from "./support.ts";

/** When all was ordered that does not say it. */
export const orderedAt = parseInstant("2026-01-01T00:00:00Z");

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

/** A file of CSV, by its mapping. */
export const readCsv = (
  file: string | Uint8Array,
  table: Table | undefined,
  context: Partial<ReadContext> = {},
  encoding?: string,
): Promise<Entry[]> => entriesOf(importer, sourceOf(file, "orders.csv", encoding), { table, ...context });

/** A table of these columns, and what its rows come to. */
export const rowsOfCsv = (
  columns: readonly ColumnName[],
  lines: readonly string[],
  rest: Partial<Table> = {},
  context: Partial<ReadContext> = {},
): Promise<Entry[]> =>
  readCsv([columns.join(rest.delimiter ?? ","), ...lines].join("\n"), tableOf(columns, rest), context);

/** A text, or one that has this in it. */
export const saying = (expected: string | RegExp): unknown =>
  typeof expected === "string" ? expected : expect.stringMatching(expected);

/** The places of a file's entries, or where it is refused. Whatever else is thrown is thrown on. */
export async function placesOf(entries: Promise<readonly Entry[]>): Promise<Place[]> {
  try {
    return (await entries).map(({ place }) => place);
  } catch (error) {
    if (error instanceof SourceFault) return [error.place];
    throw error;
  }
}
