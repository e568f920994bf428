// Pure. A customer's time line: each entitlement a bar as long as its term, and on it what happened.

import * as Plot from "@observablehq/plot";
import { h } from "./dom.js";
import { count, date } from "./format.js";
import { type ChangeRow, type EntitlementRow, changeSentence, endOf } from "./history.js";
import { type Size, draw, fit } from "./plot.js";

/** More lanes than this are a wall; the newest are drawn, and the table below has all. */
export const MAX_LANES = 40;

const LANE_PX = 38;

/** Room on either side, for half a year's number below its tick. */
const EDGE_PX = 16;

/** What a time line is drawn from; `asOf` in milliseconds. */
export interface TimelineData {
  entitlements: readonly EntitlementRow[];
  changes: readonly ChangeRow[];
  asOf: number;
}

const statuses = [
  { status: "active", name: "In force", color: "var(--series-1)" },
  { status: "suspended", name: "Suspended", color: "var(--series-4)" },
  { status: "expired", name: "Term ended", color: "var(--series-8)" },
  { status: "cancelled", name: "Cancelled", color: "var(--series-2)" },
] as const;

const statusColor = (row: EntitlementRow): string =>
  statuses.find(({ status }) => status === row.status)?.color ?? "var(--series-8)";

const kinds = [
  {
    type: "activation.bound",
    name: "Seat activated",
    symbol: "circle",
    fill: "var(--paper)",
    stroke: "var(--ink)",
  },
  {
    type: "activation.ended",
    name: "Seat came free",
    symbol: "circle",
    fill: "var(--ink)",
    stroke: "var(--paper)",
  },
  { type: "activation.refused", name: "Refused", symbol: "times", fill: "none", stroke: "var(--alert)" },
  {
    type: "entitlement.cancelled",
    name: "Cancelled",
    symbol: "square",
    fill: "var(--alert)",
    stroke: "var(--paper)",
  },
] as const;

/** Draws the time line, the newest entitlement first. */
export function timeline({ entitlements, changes, asOf }: TimelineData, { width }: Size): HTMLElement {
  const lanes = entitlements.toSorted((a, b) => b.starts_at - a.starts_at).slice(0, MAX_LANES);
  const ids = new Set(lanes.map((row) => row.entitlement_id));
  const shown = changes.filter((change) => ids.has(change.entitlement_id));
  const from = Math.min(...lanes.map((row) => row.starts_at), asOf);
  const until = Math.max(...lanes.map((row) => endOf(row) ?? asOf), asOf);
  const roomAfter = (start: number) => ((until - start) / (until - from)) * (width - 2 * EDGE_PX);
  const bars = lanes.map((row) => ({ ...row, from: row.starts_at, to: endOf(row) ?? until }));
  const svg = draw({
    width,
    height: lanes.length * LANE_PX + 58,
    marginTop: 24,
    marginBottom: 34,
    marginLeft: EDGE_PX,
    marginRight: EDGE_PX,
    ariaLabel: "Time line of entitlements",
    ariaDescription: lanes
      .map(
        (row) =>
          `${row.product}, ${count(row.quantity)} seats, from ${date(row.starts_at)} to ${endOf(row) === null ? "no end" : date(endOf(row))}, ${row.status}`,
      )
      .join("; "),
    x: { type: "utc", domain: [from, until], label: null },
    y: { type: "band", domain: lanes.map((row) => row.entitlement_id), axis: null, padding: 0 },
    marks: [
      Plot.axisX({ anchor: "bottom", ticks: Math.max(2, Math.floor(width / 90)), tickSize: 4 }),
      Plot.gridX({ ticks: Math.max(2, Math.floor(width / 90)), stroke: "var(--rule)", strokeOpacity: 1 }),
      // What is still to come is only promised: it is paler than what has been.
      [0.35, 0.75].map((fillOpacity, index) =>
        Plot.barX(bars, {
          x1: "from",
          x2: (row: (typeof bars)[number]) =>
            index === 0 ? row.to : Math.max(row.from, Math.min(row.to, asOf)),
          y: "entitlement_id",
          insetTop: 21,
          insetBottom: 6,
          fill: statusColor,
          fillOpacity,
          rx: 3,
        }),
      ),
      Plot.ruleX([asOf], { stroke: "var(--ink-3)", strokeDasharray: "2 3" }),
      Plot.text([asOf], {
        x: (time: number) => time,
        frameAnchor: "top",
        text: () => `as of ${date(asOf)}`,
        dy: -18,
        textAnchor: (asOf - from) / (until - from) < 0.3 ? "start" : "end",
      }),
      kinds.map(({ type, symbol, fill, stroke }) =>
        Plot.dot(
          shown.filter((change) => change.event_type === type),
          {
            x: "occurred_at",
            y: "entitlement_id",
            dy: 7.5,
            r: 3.2,
            symbol,
            fill,
            stroke,
            strokeWidth: symbol === "times" ? 2 : 1.2,
          },
        ),
      ),
      Plot.text(bars, {
        // A bar that begins late has no room for its name to its right: the name then ends where the drawing ends.
        filter: (row: (typeof bars)[number]) => !beginsLate(row.from, from, until),
        x: "from",
        y: "entitlement_id",
        text: (row: (typeof bars)[number]) => fit(laneName(row), roomAfter(row.from)),
        textAnchor: "start",
        dy: -8,
        fill: "var(--ink)",
      }),
      Plot.text(bars, {
        filter: (row: (typeof bars)[number]) => beginsLate(row.from, from, until),
        x: () => until,
        y: "entitlement_id",
        text: (row: EntitlementRow) => fit(laneName(row), width - 2 * EDGE_PX),
        textAnchor: "end",
        dy: -8,
        fill: "var(--ink)",
      }),
      Plot.tip(
        shown,
        Plot.pointer({
          x: "occurred_at",
          y: "entitlement_id",
          dy: 7.5,
          title: (change: ChangeRow) => `${date(change.occurred_at)}\n${changeSentence(change)}`,
          fill: "var(--paper)",
          stroke: "var(--rule-strong)",
        }),
      ),
    ],
  });
  return h("div", {}, key(lanes, shown), svg);
}

const laneName = (row: EntitlementRow) => `${row.product}, ${row.model} × ${count(row.quantity)}`;

const beginsLate = (start: number, from: number, until: number) => start > from + (until - from) * 0.6;

/** The key: only of what is seen. */
function key(lanes: readonly EntitlementRow[], changes: readonly ChangeRow[]): HTMLElement {
  const bars = statuses.filter(({ status }) => lanes.some((row) => row.status === status));
  const marks = kinds.filter(({ type }) => changes.some((change) => change.event_type === type));
  const style =
    "display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin-bottom:.25rem;font-size:.8rem;color:var(--ink-2)";
  return h(
    "div",
    { "aria-hidden": "true", style },
    bars.map(({ name, color }) =>
      h(
        "span",
        {},
        h("span", {
          style: `display:inline-block;width:1.1rem;height:.6rem;margin-right:.35rem;border-radius:2px;opacity:.75;background:${color}`,
        }),
        name,
      ),
    ),
    marks.map(({ name, type, stroke, fill }) =>
      h(
        "span",
        {},
        type === "activation.refused"
          ? h("span", { style: `margin-right:.35rem;color:${stroke};font-weight:700` }, "×")
          : h("span", {
              style: `display:inline-block;width:.55rem;height:.55rem;margin-right:.35rem;border:1.5px solid ${fill === "var(--paper)" ? stroke : fill};border-radius:${type === "entitlement.cancelled" ? "0" : "50%"};background:${fill}`,
            }),
        name,
      ),
    ),
  );
}
