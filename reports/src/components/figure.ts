// Pure. The frame of a chart: a heading that says what is seen, the chart at its width, and the same numbers as a table.

import { type Child, h } from "./dom.js";

/** A column of a table: its heading, what it shows of a row, and whether that is a number. */
export interface Column<T> {
  head: string;
  cell: (row: T) => Child;
  isNumber?: boolean;
  isRowHead?: boolean;
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

/** What a figure is made of. */
export interface FigureParts {
  title: string;
  /** What the reader should know to read it: units, what a band is, how far it goes. */
  note?: Child;
  /** The chart, drawn again whenever the width changes (`resize` of Framework around a component). */
  chart: Child;
  /** The same numbers as a table. */
  numbers?: HTMLElement;
}

/** A figure. */
export function figure({ title, note, chart, numbers }: FigureParts): HTMLElement {
  return h(
    "figure",
    {},
    h("figcaption", {}, h("h3", {}, title), note === undefined ? null : h("p", {}, note)),
    h("div", { class: "chart" }, chart),
    numbers === undefined ? null : h("details", {}, h("summary", {}, "The numbers"), numbers),
  );
}

/** What a page shows while there is nothing to show: what will be here, and how to begin. */
export function empty(what: string): HTMLElement {
  return h(
    "div",
    { class: "empty" },
    h("h3", {}, "Nothing recorded yet"),
    h("p", {}, what),
    h(
      "p",
      {},
      "To begin, publish a catalog (",
      h("code", {}, "PUT /v1/catalog"),
      ") and record an order (",
      h("code", {}, "POST /v1/orders"),
      "), then run ",
      h("code", {}, "npm run load"),
      " and ",
      h("code", {}, "npm run report"),
      ". ",
      h("code", {}, "npm run demo"),
      " shows these pages with the data of a made-up vendor.",
    ),
  );
}

/** A group of choices of which one holds: radio buttons, so arrow keys move between them. An input for `view`. */
export function choice<T extends string>(
  legend: string,
  options: readonly { value: T; name: string }[],
  start: T,
): HTMLFieldSetElement & { value: T } {
  const group = `choice-${legend.toLowerCase().replaceAll(/\W+/g, "-")}`;
  const fieldset = h(
    "fieldset",
    { class: "control" },
    h("legend", {}, legend),
    h(
      "div",
      { class: "choices" },
      options.map(({ value, name }) =>
        h("label", {}, h("input", { type: "radio", name: group, value, checked: value === start }), name),
      ),
    ),
  ) as HTMLFieldSetElement & { value: T };
  fieldset.value = start;
  fieldset.addEventListener("input", (event) => {
    fieldset.value = (event.target as HTMLInputElement).value as T;
  });
  return fieldset;
}
