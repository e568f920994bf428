// Pure. What every chart shares: inks, type, an accessible name, and labels that stand beside their lines.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";

/** How wide a chart is, in CSS pixels. */
export interface Size {
  width: number;
}

/** The colors of series, in the order in which they are given out; told apart without color vision. */
const seriesColors = Array.from({ length: 8 }, (_, index) => `var(--series-${index + 1})`);

/** The color of the n-th series; a ninth would not be told apart, so it is the gray of "the rest". */
export const seriesColor = (index: number): string => seriesColors[index] ?? "var(--series-8)";

/** Lines from the fourth on are dashed too: color is never the only difference between many. */
export const seriesDash = (index: number): string =>
  index < 3 ? "none" : (["6 3", "2 3", "8 3 2 3", "1 4", "12 4"][index - 3] ?? "none");

/** Below this width labels stand above the chart; beside it they would take a third of the screen. */
export const NARROW_PX = 560;

/** A chart's options: its name and one sentence on what it shows, for those who hear it. */
export interface ChartOptions extends Plot.PlotOptions {
  ariaLabel: string;
  ariaDescription: string;
}

/** Draws a chart in the site's type and inks. A screen reader meets one image with a name, not each of its ticks. */
export function draw(options: ChartOptions): SVGSVGElement {
  const svg = Plot.plot({
    ...options,
    style: { fontSize: "12px", color: "var(--ink-3)", background: "none", overflow: "visible" },
  }) as SVGSVGElement;
  svg.setAttribute("role", "img");
  // Plot names each group of marks, which WAI-ARIA forbids for what has no role; the image as a whole has its name.
  for (const group of svg.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
  return svg;
}

/** A legend for narrow screens: a stroke and a name each. */
export function legend(
  names: readonly string[],
  colorOf: (index: number) => string = seriesColor,
): HTMLElement {
  return h(
    "div",
    { class: "key", "aria-hidden": "true", "data-key": true },
    names.map((name, index) =>
      h("span", { "data-color": colorOf(index) }, h("i", { style: `background:${colorOf(index)}` }), name),
    ),
  );
}

/** A character's width in pixels, estimated: 12 px system type, semibold, averages six tenths of its size. */
const CHARACTER_PX = 7.6;

/** A label's width in pixels, estimated. */
export const textWidth = (text: string): number => text.length * CHARACTER_PX;

/** The width of a letter in regular weight, in pixels: of the widest system fonts, so that no name is cut off. */
const letterWidth = (letter: string): number =>
  /[mwMW@%]/.test(letter) ? 11 : /[A-Z\d]/.test(letter) ? 8 : /[fijlt.,:;'|() -]/.test(letter) ? 4.6 : 7.5;

/** A name's width in pixels, estimated letter by letter: what stands beside bars takes no more room than it needs. */
export const nameWidth = (text: string): number =>
  Array.from(text).reduce((sum, letter) => sum + letterWidth(letter), 0);

/** Shortens a name to a width, with an ellipsis. */
export function fitName(text: string, widthPx: number): string {
  if (nameWidth(text) <= widthPx) return text;
  const letters = Array.from(text);
  while (letters.length > 2 && nameWidth(letters.join("")) > widthPx - 12) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** Shortens a label to a width, with an ellipsis. */
export function fit(text: string, widthPx: number): string {
  const characters = Math.max(3, Math.floor(widthPx / CHARACTER_PX));
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}

/**
 * Moves positions apart until neighbors are at least `gap` from each other, each as little as possible, and keeps them
 * within the bounds. @returns the positions in the order in which they were given
 */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const order = positions.map((_, index) => index).toSorted((a, b) => positions[a]! - positions[b]!);
  const placed = [...positions];
  let floor = low;
  for (const index of order) floor = (placed[index] = Math.max(placed[index]!, floor)) + gap;
  let ceiling = high;
  for (const index of order.toReversed()) ceiling = (placed[index] = Math.min(placed[index]!, ceiling)) - gap;
  return placed;
}

/** A label's place, in pixels. */
interface LabelBox {
  left: number;
  width: number;
  bottom: number;
}

/**
 * Raises labels that stand anywhere until none covers another, from the lowest on, each as little as possible.
 * @returns their bottoms in the order in which they were given
 */
export function raised(boxes: readonly LabelBox[], heightPx: number): number[] {
  const placed: LabelBox[] = [];
  const bottoms = boxes.map(({ bottom }) => bottom);
  const order = boxes.map((_, index) => index).toSorted((a, b) => boxes[a]!.bottom - boxes[b]!.bottom);
  for (const index of order) {
    const box = { ...boxes[index]! };
    // What was placed before is met from below: one pass over it, lowest first, finds the first free place.
    for (const other of placed.toSorted((a, b) => a.bottom - b.bottom)) {
      const isBeside = box.left >= other.left + other.width || other.left >= box.left + box.width;
      if (!isBeside && Math.abs(box.bottom - other.bottom) < heightPx) box.bottom = other.bottom + heightPx;
    }
    bottoms[index] = box.bottom;
    placed.push(box);
  }
  return bottoms;
}

/** How the bars of a ranked chart are named: margins, heights and the marks that write the names. */
export interface BarNames {
  marginLeft: number;
  /** Height of a bar with its name, in pixels. */
  rowPx: number;
  /** Room that the name takes above its bar, in pixels. */
  aboveBarPx: number;
  marks: Plot.Markish[];
}

const NAME_ABOVE_PX = 18;

/** Names of ranked bars: beside them where there is room for all of them whole, else each above its bar. */
export function barNames(names: readonly string[], width: number, rowPx: number): BarNames {
  const beside = Math.max(...names.map(nameWidth), 30) + 12;
  if (beside <= width * 0.42)
    return {
      marginLeft: beside,
      rowPx,
      aboveBarPx: 0,
      marks: [Plot.axisY({ tickSize: 0, tickPadding: 8, fill: "var(--ink-2)" })],
    };
  return {
    marginLeft: 0,
    rowPx: rowPx + NAME_ABOVE_PX,
    aboveBarPx: NAME_ABOVE_PX,
    marks: [
      Plot.axisY({ ticks: [] }),
      Plot.text(names, {
        y: (name: string) => name,
        text: (name: string) => fitName(name, width),
        frameAnchor: "left",
        textAnchor: "start",
        dy: -(rowPx / 2) + 3,
        fill: "var(--ink-2)",
      }),
    ],
  };
}
