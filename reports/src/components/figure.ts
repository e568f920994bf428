// What stands on every page: a figure that explains itself, with its table and its downloads, and the words for no data.

import { type Child, h } from "./dom.js";
import { downloads } from "./download.js";
import type { FigureParts } from "./picture.js";
import type { Size } from "./plot.js";

/** A figure: title, definition, chart or table as the reader chooses, downloads, and what it rests on. */
export function figure(parts: FigureParts): HTMLElement {
  const { title, definition, draw, numbers, foot } = parts;
  const chart = h("div", { class: "chart" }, redrawn(draw));
  const table = h("div", { class: "numbers", hidden: true });
  const show = (isTable: boolean) => {
    if (isTable && table.firstChild === null) table.append(numbers.element());
    chart.hidden = isTable;
    table.hidden = !isTable;
    for (const [index, button] of [...views.children].entries())
      button.setAttribute("aria-pressed", String(isTable === (index === 1)));
  };
  const button = (name: string, isTable: boolean) =>
    h("button", { type: "button", "aria-pressed": String(!isTable), onclick: () => show(isTable) }, name);
  const views = h(
    "div",
    { class: "views", role: "group", "aria-label": `View of “${title}”` },
    button("Chart", false),
    button("Table", true),
  );
  return h(
    "figure",
    {},
    h(
      "figcaption",
      {},
      h("div", {}, h("h3", {}, title), h("p", {}, definition)),
      h("div", { class: "toolbar" }, views, downloads(parts)),
    ),
    chart,
    table,
    h("p", { class: "foot" }, foot),
  );
}

/** A box that draws what it holds for its width, and draws it anew when that changes. */
export function redrawn(draw: (size: Size) => Element): HTMLElement {
  const box = h("div", {});
  let drawnPx = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === 0 || width === drawnPx) return;
    drawnPx = width;
    box.replaceChildren(draw({ width }));
  }).observe(box);
  return box;
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

/**
 * Nothing, to be shown: a cell that does not show anything keeps what it showed before, also where a choice has taken the reason
 * away.
 */
export const nothing = (): Node => document.createTextNode("");

/** What is shown on a condition, and nothing without it. */
export const when = (isShown: unknown, make: () => Node): Node => (isShown ? make() : nothing());

/** A heading with what belongs below it. */
export function section(title: string, ...children: Child[]): HTMLElement {
  return h("section", {}, h("h2", {}, title), children);
}

/** A heading below a section's, with what belongs below it. */
export function subsection(title: string, ...children: Child[]): HTMLElement {
  return h("section", { class: "sub" }, h("h3", {}, title), children);
}

/** Words between figures. */
export const paragraph = (...words: Child[]): HTMLElement => h("p", {}, words);

/** What is said in passing. */
export const note = (words: string): HTMLElement => h("p", { class: "note" }, words);
