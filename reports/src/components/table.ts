// Pure. A table of rows, on the page and as a file.

import { type Child, h } from "./dom.js";

/** What stands in a cell of a file. Times are milliseconds on the page and ISO 8601 in a file. */
export type Raw = string | number | boolean | null;

/** A column of a table: its heading, what it shows of a row, and whether that is a number. */
export interface Column<T> {
  head: string;
  cell: (row: T) => Child;
  /** The value as a file has it: unrounded, a time as ISO 8601; else what the cell shows. */
  value?: (row: T) => Raw;
  isNumber?: boolean;
  isRowHead?: boolean;
}

/** Rows that can be shown and taken away. */
export interface Numbers {
  caption: string;
  element: () => HTMLElement;
  /** RFC 4180, with a heading line. */
  csv: () => string;
}

/** Rows below a chart: the same numbers, as a table and as a file. */
export function numbers<T>(caption: string, columns: readonly Column<T>[], data: readonly T[]): Numbers {
  return {
    caption,
    element: () => table(caption, columns, data),
    csv: () => csvOf(columns, data),
  };
}

/** A table. It scrolls sideways within its own box where the screen is too narrow. */
export function table<T>(caption: string, columns: readonly Column<T>[], data: readonly T[]): HTMLElement {
  return h(
    "div",
    { class: "table", role: "region", "aria-label": caption, tabindex: 0 },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column) => h("th", { scope: "col", class: column.isNumber && "number" }, column.head)),
        ),
      ),
      h(
        "tbody",
        {},
        data.map((row) =>
          h(
            "tr",
            {},
            columns.map((column) =>
              column.isRowHead
                ? h("th", { scope: "row" }, column.cell(row))
                : h("td", { class: column.isNumber && "number" }, column.cell(row)),
            ),
          ),
        ),
      ),
    ),
  );
}

/** A table of which so many rows are shown at first; a button shows as many more. */
export function longTable<T>(
  caption: string,
  columns: readonly Column<T>[],
  data: readonly T[],
  atOnce: number,
): HTMLElement {
  const holder = h("div");
  const show = (shown: number) => {
    const left = data.length - shown;
    const more = `Show more (${left.toLocaleString("en-US")} left)`;
    holder.replaceChildren(
      table(caption, columns, data.slice(0, shown)),
      ...(left > 0 ? [h("button", { type: "button", onclick: () => show(shown + atOnce) }, more)] : []),
    );
  };
  show(atOnce);
  return holder;
}

/** Rows as a file that spreadsheets open: RFC 4180. */
export function csvOf<T>(columns: readonly Column<T>[], data: readonly T[]): string {
  const lines = [
    columns.map(({ head }) => head),
    ...data.map((row) => columns.map(({ value, cell }) => (value ? value(row) : textOf(cell(row))))),
  ];
  return lines.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

/** What a spreadsheet takes for a formula is told from text by an apostrophe before it (OWASP, "CSV Injection"). */
function field(value: Raw): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function textOf(child: Child): string {
  if (child === null || child === undefined || child === false) return "";
  if (typeof child === "string" || typeof child === "number") return String(child);
  if (Array.isArray(child)) return (child as readonly Child[]).map(textOf).join(" ").trim();
  return (child as Node).textContent ?? "";
}
