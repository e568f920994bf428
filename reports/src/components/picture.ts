// Pure. A figure as one SVG element: title, definition, legend, chart and foot line.

import type { Size } from "./plot.js";
import type { Numbers } from "./table.js";

const WIDTH_PX = 960;
const MARGIN_PX = 24;
const INNER_PX = WIDTH_PX - 2 * MARGIN_PX;
const SVG = "http://www.w3.org/2000/svg";
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

/** What a figure is made of. */
export interface FigureParts {
  /** Says what is seen. */
  title: string;
  /** Defines the measure and its unit, in a line. */
  definition: string;
  /** Draws the chart; again whenever the width changes. */
  draw: (size: Size) => Element;
  /** The same numbers as a table. */
  numbers: Numbers;
  /** Which snapshot it is of, and what is left out: the last line. */
  foot: string;
}

/** Draws a figure at the width of a slide. Inks stay names of the page's: who writes a file puts their values in. */
export function picture({ title, definition, draw, foot }: FigureParts): SVGSVGElement {
  const root = element("svg", { xmlns: SVG, width: WIDTH_PX, "font-family": FONT }) as SVGSVGElement;
  const ground = element("rect", { width: WIDTH_PX, fill: "var(--paper)" });
  root.append(ground);
  let y = MARGIN_PX;
  const write = (words: string, sizePx: number, fill: string, weight = 400) => {
    for (const line of wrapped(words, INNER_PX / (sizePx * 0.52))) {
      y += sizePx * 1.35;
      const text = element("text", { x: MARGIN_PX, y, "font-size": sizePx, "font-weight": weight, fill });
      text.textContent = line;
      root.append(text);
    }
  };
  write(title, 20, "var(--ink)", 650);
  write(definition, 13, "var(--ink-3)");
  y += 14;
  const drawn = draw({ width: INNER_PX });
  for (const key of drawn.querySelectorAll("[data-key]")) y = drawKey(root, key, y);
  for (const chart of drawn.matches("svg") ? [drawn] : drawn.querySelectorAll(":scope > svg")) {
    const height = Number(chart.getAttribute("height"));
    chart.setAttribute("x", String(MARGIN_PX));
    chart.setAttribute("y", String(y));
    root.append(chart);
    y += height + 8;
  }
  write(foot, 12, "var(--ink-3)");
  y += MARGIN_PX;
  for (const sized of [root, ground]) sized.setAttribute("height", String(Math.ceil(y)));
  root.setAttribute("viewBox", `0 0 ${WIDTH_PX} ${Math.ceil(y)}`);
  return root;
}

/** Draws the entries of a legend in a row, and in a second one where they do not fit. @returns where what follows begins */
function drawKey(root: Element, key: Element, top: number): number {
  let [x, y] = [MARGIN_PX, top + 12];
  for (const entry of key.children) {
    const name = entry.textContent ?? "";
    const width = 22 + name.length * 7.2;
    if (x + width > WIDTH_PX - MARGIN_PX && x > MARGIN_PX) [x, y] = [MARGIN_PX, y + 20];
    const text = element("text", { x: x + 20, y, "font-size": 12, fill: "var(--ink-2)" });
    text.textContent = name;
    root.append(
      element("rect", { x, y: y - 6, width: 14, height: 4, fill: entry.getAttribute("data-color") ?? "" }),
      text,
    );
    x += width;
  }
  return y + 14;
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
  return made;
}

/** Words in lines of at most so many characters. */
export function wrapped(words: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= characters)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
