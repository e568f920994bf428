// Pure. The four answers of the overview, from the rows of the pages that answer them in full.

import { type Child, h } from "./dom.js";
import { NOT_YET, type Site, count, counted, days, share } from "./format.js";
import type { ModelMonthRow, ModelRow } from "./models.js";
import type { Answer } from "./overview.js";
import { type PlatformRow, systemMonths, systems } from "./platforms.js";
import { type SummaryRow, estimateOfAll, segmentsOf } from "./waiting.js";

/** Customers with something in force at the end of a month, and changes to entitlements in it. */
export interface HistoryMonthRow {
  month_at: number;
  customers: number;
  changes: number;
}

/** What the answers are made from. */
export interface AnswerSources {
  summary: readonly SummaryRow[];
  platforms: readonly PlatformRow[];
  models: readonly ModelRow[];
  modelMonths: readonly ModelMonthRow[];
  history: readonly HistoryMonthRow[];
  audience: Site["audience"];
}

/** The four answers, in the order of the navigation. */
export function answersOf(sources: AnswerSources): Answer[] {
  return [waiting(sources), platform(sources), model(sources), customers(sources)];
}

/** The overview's first sentence. */
export function overviewLede(history: readonly HistoryMonthRow[]): Child[] {
  const now = history.at(-1);
  if (now === undefined) return ["Nothing has been recorded yet."];
  const ago = history.at(-13);
  return [
    h(
      "strong",
      {},
      `${counted(now.customers, "customer")} ${now.customers === 1 ? "holds" : "hold"} a license in force`,
    ),
    ago === undefined || ago.customers === 0
      ? ". "
      : `, ${now.customers >= ago.customers ? "up" : "down"} from ${count(ago.customers)} a year before. `,
    "They are counted at the data’s as-of time. Below are four questions about them with their answers, what changed in the last whole month, and what needs attention.",
  ];
}

function waiting({ summary }: AnswerSources): Answer {
  const all = estimateOfAll(summary);
  return {
    question: "How long do customers wait before they activate?",
    path: "./activation.html",
    figure: all === undefined ? "–" : all.median_days === 0 ? "within a day" : days(all.median_days),
    meaning:
      all === undefined
        ? "No entitlement has been delivered yet of which it is known how long anyone waited."
        : all.median_days === null
          ? `Median wait ${NOT_YET}: ${share(all.share_day_30)} have activated within 30 days.`
          : `Median wait, over ${count(all.entitlements)} entitlements. ${share(all.share_day_30)} are activated within 30 days.`,
    trend: segmentsOf(summary, "cohort_month").map((row) => ({
      month_at: Date.parse(`${row.segment.slice(0, 7)}-01T00:00:00Z`),
      value: row.median_days,
    })),
    trendName: "Median days by month of order",
  };
}

function platform({ platforms }: AnswerSources): Answer {
  const parts = systems(platforms);
  const [first] = parts;
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const months = systemMonths(platforms);
  const totals = new Map<number, number>();
  for (const { points } of months)
    for (const { month_at, value } of points) totals.set(month_at, (totals.get(month_at) ?? 0) + value);
  return {
    question: "Which platforms do customers use?",
    path: "./platforms.html",
    figure: first === undefined ? "–" : `${share(first.value / total)} ${first.name}`,
    meaning:
      first === undefined
        ? "No host holds a seat yet."
        : `Of ${counted(total, "active host")} this month${parts[1] === undefined ? "" : `; next is ${parts[1].name} with ${share(parts[1].value / total)}`}.`,
    trend: (months.find(({ name }) => name === first?.name)?.points ?? []).map(({ month_at, value }) => ({
      month_at,
      value: value / (totals.get(month_at) || 1),
    })),
    trendName: first === undefined ? "No month yet" : `Share of ${first.name} by month`,
  };
}

function model({ models, modelMonths }: AnswerSources): Answer {
  const [first, second] = models;
  const total = models.reduce((sum, row) => sum + row.active, 0);
  return {
    question: "Which license models are most used?",
    path: "./license-models.html",
    figure: first === undefined || total === 0 ? "–" : first.name,
    meaning:
      first === undefined || total === 0
        ? "No entitlement is in force."
        : `${share(first.active / total)} of ${counted(total, "entitlement")} in force${second === undefined ? "" : `; next is “${second.name}” with ${share(second.active / total)}`}.`,
    trend: modelMonths
      .filter((row) => row.license_model === first?.license_model)
      .map((row) => ({ month_at: row.month_at, value: row.active })),
    trendName: "Its entitlements in force by month",
  };
}

function customers({ history, audience }: AnswerSources): Answer {
  const changes = history.reduce((sum, row) => sum + row.changes, 0);
  return {
    question:
      audience === "internal"
        ? "What has this customer been entitled to?"
        : "How many customers hold a license?",
    path: audience === "internal" ? "./customers.html" : null,
    figure: counted(history.at(-1)?.customers ?? 0, "customer"),
    meaning:
      audience === "internal"
        ? `Hold a license in force now. Every one of ${counted(changes, "change")} to what customers are entitled to can be looked up.`
        : `Hold a license in force now. What they are entitled to changed ${counted(changes, "time")} in the months shown.`,
    trend: history.map(({ month_at, customers: value }) => ({ month_at, value })),
    trendName: "Customers with a license in force by month",
  };
}
