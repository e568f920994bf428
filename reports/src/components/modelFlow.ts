// Pure. From which license model to which, at renewals and upgrades: a picture of flows, and what it says in words.

import * as Plot from "@observablehq/plot";
import { type Child, h } from "./dom.js";
import { count, counted, list, share } from "./format.js";
import { NARROW_PX, type Size, draw, fitName, nameWidth, seriesColor } from "./plot.js";

/** Renewals or upgrades between two license models, in two years and in the last of them. */
export interface MoveRow {
  scope: string;
  occasion: "renewal" | "upgrade";
  from_model: string;
  to_model: string;
  entitlements: number;
  entitlements_year: number;
  seats: number;
}

/** So many went from one model to another, or stayed. */
export interface Flow {
  from: string;
  to: string;
  value: number;
}

/** A model on the left or on the right: its bar, in pixels from above. */
interface Stop {
  name: string;
  side: 0 | 1;
  value: number;
  slot: number;
  top: number;
  bottom: number;
}

/** A flow's band: where it leaves and where it arrives. */
interface Band extends Flow {
  leaves: [number, number];
  arrives: [number, number];
}

/** Height of all that flows, in pixels; stops take at least a line of text each. */
const FLOW_PX = 240;
const LINE_PX = 18;
const GAP_PX = 6;

/** Flows of an occasion, those between the same two models together, the largest first. */
export function flowsOf(
  rows: readonly MoveRow[],
  wanted: { occasion: string; isYear: boolean; isMovesOnly: boolean },
  nameOf: (model: string) => string,
): Flow[] {
  const sums = new Map<string, Flow>();
  for (const row of rows) {
    if (wanted.occasion !== "" && row.occasion !== wanted.occasion) continue;
    if (wanted.isMovesOnly && row.from_model === row.to_model) continue;
    const key = `${row.from_model}\n${row.to_model}`;
    const value = (sums.get(key)?.value ?? 0) + (wanted.isYear ? row.entitlements_year : row.entitlements);
    sums.set(key, { from: nameOf(row.from_model), to: nameOf(row.to_model), value });
  }
  return [...sums.values()]
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value || (a.from + a.to < b.from + b.to ? -1 : 1));
}

/** What the flows say. */
export function flowSentence(flows: readonly Flow[]): Child[] {
  const total = flows.reduce((sum, { value }) => sum + value, 0);
  const moves = flows.filter(({ from, to }) => from !== to);
  const moved = moves.reduce((sum, { value }) => sum + value, 0);
  if (total === 0) return ["Nothing was renewed or upgraded in this time."];
  return [
    h(
      "strong",
      {},
      `${count(moved)} of ${counted(total, "renewal or upgrade", "renewals and upgrades")} (${share(moved / total)}) led to another license model`,
    ),
    moved === 0
      ? ": all stayed with the one they had."
      : `: ${list(moves.slice(0, 3).map(({ from, to, value }) => `${count(value)} from “${from}” to “${to}”`))}${moves.length > 3 ? ", and others" : ""}.`,
  ];
}

/** Where bars and bands stand. Each side's bars are in order of size; bands leave and arrive in the order of the other side. */
export function flowLayout(
  flows: readonly Flow[],
  labelPx: number,
): { stops: Stop[]; bands: Band[]; height: number } {
  const total = flows.reduce((sum, { value }) => sum + value, 0) || 1;
  const px = FLOW_PX / total;
  const side = (which: 0 | 1): Stop[] => {
    const sums = new Map<string, number>();
    for (const flow of flows) {
      const name = which === 0 ? flow.from : flow.to;
      sums.set(name, (sums.get(name) ?? 0) + flow.value);
    }
    let slot = 0;
    return Array.from(sums, ([name, value]) => ({ name, value }))
      .toSorted((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
      .map(({ name, value }) => {
        const height = labelPx + Math.max(value * px, LINE_PX - labelPx, 2);
        const stop = {
          name,
          side: which,
          value,
          slot,
          top: slot + labelPx,
          bottom: slot + labelPx + value * px,
        };
        slot += height + GAP_PX;
        return stop;
      });
  };
  const [left, right] = [side(0), side(1)];
  const next = new Map([...left, ...right].map((stop) => [stop, stop.top]));
  const take = (stop: Stop, value: number): [number, number] => {
    const top = next.get(stop)!;
    next.set(stop, top + value * px);
    return [top, top + value * px];
  };
  const bands = left.flatMap((from) =>
    right.flatMap((to) => {
      const flow = flows.find((one) => one.from === from.name && one.to === to.name);
      return flow === undefined
        ? []
        : [{ ...flow, leaves: take(from, flow.value), arrives: take(to, flow.value) }];
    }),
  );
  const end = Math.max(
    ...[...left, ...right].map((stop) => Math.max(stop.bottom, stop.slot + LINE_PX)),
    LINE_PX,
  );
  return { stops: [...left, ...right], bands, height: end };
}

/** Bars of models before and after, with bands between them; who stayed is gray, who moved has the color of the model left. */
export function flowChart(flows: readonly Flow[], { width }: Size): SVGSVGElement {
  const isNarrow = width < NARROW_PX;
  const { stops, bands, height } = flowLayout(flows, isNarrow ? 16 : 0);
  // Where a name is cut off, its number is not.
  const text = ({ name, value }: Stop) => (isNarrow ? `${count(value)} ${name}` : `${name} ${count(value)}`);
  const beside = isNarrow
    ? 0
    : Math.min(Math.max(...stops.map((stop) => nameWidth(text(stop))), 40) + 16, width * 0.3);
  const movers = [...new Set(bands.filter(({ from, to }) => from !== to).map(({ from }) => from))];
  const color = ({ from, to }: Flow) =>
    from === to ? "var(--rule-strong)" : seriesColor(movers.indexOf(from));
  const labels = (side: 0 | 1) =>
    Plot.text(
      stops.filter((stop) => stop.side === side),
      {
        x: side,
        y: (stop: Stop) => (isNarrow ? stop.top - 8 : Math.max((stop.top + stop.bottom) / 2, stop.top + 6)),
        text: (stop: Stop) => fitName(text(stop), isNarrow ? width / 2 - 4 : beside - 12),
        textAnchor: (side === 0) === isNarrow ? "start" : "end",
        dx: isNarrow ? 0 : side === 0 ? -10 : 10,
        fill: "var(--ink)",
        stroke: "var(--paper)",
        strokeWidth: 3,
      },
    );
  return draw({
    width,
    height: height + 30,
    marginTop: 24,
    marginBottom: 6,
    marginLeft: beside || 1,
    marginRight: beside || 1,
    ariaLabel: "License models before and after a renewal or an upgrade",
    ariaDescription: flows.map(({ from, to, value }) => `${from} to ${to}: ${count(value)}`).join("; "),
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, height], range: [24, height + 24], axis: null },
    marks: [
      ([0, 1] as const).map((side) =>
        Plot.text([side === 0 ? "Before" : "After"], {
          x: () => side,
          frameAnchor: "top",
          dy: -20,
          textAnchor: side === 0 ? "start" : "end",
          fill: "var(--ink-3)",
        }),
      ),
      bands.map((band) =>
        Plot.areaY([0, 1], {
          x: (at: number) => at,
          y1: (at: number) => (at === 0 ? band.leaves : band.arrives)[0],
          y2: (at: number) => (at === 0 ? band.leaves : band.arrives)[1],
          curve: "bump-x",
          fill: color(band),
          fillOpacity: band.from === band.to ? 0.35 : 0.6,
          // One of thousands is a line all the same.
          stroke: color(band),
          strokeOpacity: band.from === band.to ? 0 : 0.6,
          title: () => `${band.from} → ${band.to}: ${count(band.value)}`,
        }),
      ),
      Plot.rect(stops, {
        x1: (stop: Stop) => stop.side,
        x2: (stop: Stop) => stop.side,
        y1: "top",
        y2: "bottom",
        insetLeft: -3,
        insetRight: -3,
        fill: "var(--ink-2)",
      }),
      labels(0),
      labels(1),
    ],
  });
}
