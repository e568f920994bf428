// Pure. The dictionary: what every table and column means.

import { type Child, h } from "./dom.js";
import { count, counted } from "./format.js";
import { table } from "./table.js";

/** A column of a table of the lake. */
export interface DictionaryRow {
  table_name: string;
  table_description: string;
  grain: string;
  column_name: string;
  type: string;
  unit: string | null;
  description: string;
  example: string | null;
  is_key: boolean;
}

/** A table with its columns. */
export interface TableEntry {
  name: string;
  description: string;
  grain: string;
  columns: readonly DictionaryRow[];
}

/** Tables in their order, each with its columns. */
export function tablesOf(rows: readonly DictionaryRow[]): TableEntry[] {
  return Array.from(
    Map.groupBy(rows, (row) => row.table_name),
    ([name, columns]) => ({
      name,
      description: columns[0]?.table_description ?? "",
      grain: columns[0]?.grain ?? "",
      columns,
    }),
  );
}

/** The page's first sentence. */
export function dictionaryLede(tables: readonly TableEntry[]): Child[] {
  const columns = tables.reduce((sum, { columns: own }) => sum + own.length, 0);
  return [
    h("strong", {}, `${counted(tables.length, "table")} with ${counted(columns, "column")}`),
    " stand in the lake as plain Parquet, and these are their meanings: the same that the files carry in their metadata, and ",
    h("code", {}, "npm run sql -- --describe"),
    " prints.",
  ];
}

/** Tables of which a word is looked for: in names, descriptions and columns. Every word must be found. */
export function search(tables: readonly TableEntry[], words: string): TableEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...tables];
  return tables.filter(({ name, description, columns }) => {
    const text = [name, description, ...columns.flatMap((row) => [row.column_name, row.description])]
      .join(" ")
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** A box to search with: an input for `view`. */
export function searchBox(label: string, start: string): HTMLElement & { value: string } {
  const input = h("input", { type: "search", autocomplete: "off", value: start });
  const box = Object.assign(h("div", { class: "search" }, h("label", {}, label, input)), { value: start });
  box.addEventListener("input", () => {
    box.value = input.value;
  });
  return box;
}

/** A table's entry, which opens to its columns. */
export function tableEntry({ name, description, grain, columns }: TableEntry, isOpen: boolean): HTMLElement {
  return h(
    "details",
    { class: "entry", id: name, open: isOpen },
    h(
      "summary",
      {},
      h("code", {}, name),
      h("span", { class: "quiet" }, ` one row: ${grain}; ${count(columns.length)} columns`),
    ),
    h("p", {}, description),
    table<DictionaryRow>(
      `Columns of ${name}`,
      [
        {
          head: "Column",
          cell: (row) => [
            h("code", {}, row.column_name),
            row.is_key ? h("span", { class: "quiet" }, " key") : null,
          ],
          isRowHead: true,
        },
        { head: "Type", cell: (row) => row.type },
        { head: "Unit", cell: (row) => row.unit ?? "" },
        { head: "Meaning", cell: (row) => row.description },
        { head: "Example", cell: (row) => (row.example === null ? "" : h("code", {}, row.example)) },
      ],
      columns,
    ),
  );
}
