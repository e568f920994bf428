// Pure. The overview: four questions with a number each, and what needs attention, in words.

import * as Plot from "@observablehq/plot";
import { type Child, h } from "./dom.js";
import { count, counted, label, month, share } from "./format.js";
import { type Size, draw } from "./plot.js";

/** A question with its answer: where it is answered in full, the number, what the number means, and how it moved. */
export interface Answer {
  question: string;
  /** Null where the audience has no such page. */
  path: string | null;
  figure: string;
  meaning: string;
  /** One value a month; null where there is none yet. */
  trend: readonly { month_at: number; value: number | null }[];
  trendName: string;
}

/** A card of the overview. It is one link, so that it is one stop for the keyboard. */
export function answerCard(answer: Answer, chart: Child): HTMLElement {
  return h(
    answer.path === null ? "div" : "a",
    { class: "answer", href: answer.path },
    h("h2", {}, answer.question),
    h("div", { class: "figure" }, answer.figure),
    h("p", {}, answer.meaning),
    h("div", { class: "chart" }, chart, h("p", { class: "note" }, answer.trendName)),
  );
}

/** A small line of months with its last value marked. */
export function sparkline({ trend, trendName }: Answer, { width }: Size): SVGSVGElement {
  const known = trend.filter((point) => point.value !== null);
  const [first, last] = [known[0], known.at(-1)];
  return draw({
    width,
    height: 64,
    marginTop: 8,
    marginBottom: 6,
    marginLeft: 2,
    marginRight: 6,
    ariaLabel: trendName,
    ariaDescription:
      first === undefined || last === undefined
        ? "no value yet"
        : `from ${String(first.value)} in ${month(first.month_at)} to ${String(last.value)} in ${month(last.month_at)}`,
    x: { type: "utc", axis: null },
    y: { domain: [0, Math.max(...known.map((point) => point.value ?? 0), 0.001)], axis: null },
    marks: [
      Plot.ruleY([0], { stroke: "var(--rule-strong)" }),
      Plot.areaY(known, {
        x: "month_at",
        y: "value",
        fill: "var(--accent)",
        fillOpacity: 0.12,
        curve: "monotone-x",
      }),
      Plot.lineY(known, {
        x: "month_at",
        y: "value",
        stroke: "var(--accent)",
        strokeWidth: 2,
        curve: "monotone-x",
      }),
      Plot.dot(known.slice(-1), { x: "month_at", y: "value", fill: "var(--accent)", r: 3.5 }),
    ],
  });
}

/** Requests that were turned away for one reason. */
export interface RefusalRow {
  rule: string;
  code: string;
  refusals: number;
  refusals_before: number;
  customers: number;
}

const reasons: Record<string, string> = {
  no_seats_left: "All seats in use",
  entitlement_expired: "Term has ended",
  entitlement_not_started: "Term has not started",
  entitlement_cancelled: "Order was cancelled",
  entitlement_suspended: "Entitlement is suspended",
  user_required: "No user was named",
  seat_ended: "Seat has ended",
  wrong_host: "Another computer than the seat’s",
  rehosts_used_up: "Moves used up",
  repairs_used_up: "Repairs used up",
  returns_used_up: "Returns used up",
  temporary_used_up: "Temporary licenses used up",
  history_out_of_order: "Something later is on record",
  unknown_sku: "No such product in the catalog",
  unknown_license_model: "No such license model",
  license_model_missing: "No license model was named",
  amount_too_large: "Amount too large",
  order_voided: "Order was voided",
  order_unpaid: "Order is not paid",
  no_catalog: "No catalog yet",
  unknown_activation_code: "Unknown activation code",
  lease_ended: "its lease ended",
  customer_request: "at the customer’s request",
  other_reasons: "Other reasons",
};

/** Why a request was turned away, in a few words. */
export const reasonName = (code: string): string => reasons[code] ?? label(code);

/** Refusals in one sentence, against the 90 days before. */
export function refusalSentence(rows: readonly RefusalRow[]): Child[] {
  const now = rows.reduce((sum, row) => sum + row.refusals, 0);
  const before = rows.reduce((sum, row) => sum + row.refusals_before, 0);
  if (now === 0) return ["No request was turned away in the last 90 days."];
  const [first] = rows;
  const against = before === 0 ? "" : `, against ${count(before)} in the 90 days before`;
  return [
    h("strong", {}, `${counted(now, "request was", "requests were")} turned away in the last 90 days`),
    `${against}. `,
    first === undefined
      ? null
      : `The most frequent reason is “${reasonName(first.code)}”, with ${share(first.refusals / now)}: `,
    first?.code === "no_seats_left"
      ? "these customers need more seats than they have bought."
      : `${counted(first?.customers ?? 0, "customer")} met it.`,
  ];
}
