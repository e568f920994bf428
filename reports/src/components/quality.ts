// Pure. How far the numbers can be trusted: what loads say of themselves, in words and as what charts draw.

import * as Plot from "@observablehq/plot";
import { type Child, h } from "./dom.js";
import { count, counted, date, elapsed, minute, share } from "./format.js";
import { type Size, draw } from "./plot.js";
import type { Column } from "./table.js";

/** What a snapshot rests on. */
export interface FactsRow {
  snapshot: number;
  as_of: number;
  created_at: number;
  events: number;
  first_occurred_at: number | null;
  /** The last that had happened by the as-of time. */
  last_occurred_at: number | null;
  last_recorded_at: number | null;
  entitlements: number;
  test_entitlements: number;
  quarantine_open: number;
  tests_run: number | null;
  warnings: number;
}

/** A load. */
export interface LoadRow {
  snapshot: number;
  because: string;
  is_full: boolean;
  created_at: number;
  seconds: number;
  events_taken: number;
  lines_repeated: number;
  rows_out: number;
  lag_seconds: number | null;
  tests_run: number;
  tests_warned: number;
  failures_before: number;
}

/** What a test that may fail found. */
export interface WarningRow {
  table_name: string | null;
  test: string;
  failures: number | null;
}

/** Input that could not be understood, of one reason. */
export interface QuarantineRow {
  source: string;
  stage: string;
  code: string;
  inputs: number;
  inputs_open: number;
  first_at: number;
  last_at: number;
}

/** How late a source's events were recorded. */
export interface LatenessRow {
  source: string;
  events: number;
  within_minute: number;
  within_hour: number;
  within_day: number;
  within_week: number;
  later: number;
}

/** The page's first sentence. */
export function qualityLede(facts: FactsRow | undefined): Child[] {
  if (facts === undefined || facts.events === 0 || facts.last_recorded_at === null)
    return ["Nothing has been loaded yet, so there is nothing to doubt."];
  const tests = facts.tests_run ?? 0;
  return [
    h(
      "strong",
      {},
      facts.warnings === 0
        ? `All ${counted(tests, "data test")} of the newest load passed`
        : `${count(tests - facts.warnings)} of ${counted(tests, "data test")} of the newest load passed, ${count(facts.warnings)} ${facts.warnings === 1 ? "warns" : "warn"}`,
    ),
    `, over ${counted(facts.events, "event")} recorded by ${minute(facts.last_recorded_at)} UTC. `,
    facts.quarantine_open === 0
      ? "No input waits in quarantine."
      : `${counted(facts.quarantine_open, "input")} could not be understood and ${facts.quarantine_open === 1 ? "waits" : "wait"} in quarantine.`,
  ];
}

/** The three numbers beside the first sentence. */
export function qualityFacts(facts: FactsRow, loads: readonly LoadRow[]): HTMLElement {
  const fact = (term: string, value: string, why: string) =>
    h("div", {}, h("dt", {}, term), h("dd", {}, value), h("dd", {}, why));
  const [newest] = loads;
  const lag = facts.last_occurred_at === null ? null : (facts.as_of - facts.last_occurred_at) / 1000;
  return h(
    "dl",
    { class: "facts" },
    fact(
      "Last event",
      lag === null ? "–" : `${elapsed(lag)} before`,
      `the as-of time, ${minute(facts.as_of)} UTC; what happened later is not in these pages`,
    ),
    fact(
      "The newest load took",
      newest === undefined ? "–" : elapsed(newest.seconds),
      newest === undefined
        ? ""
        : `${counted(newest.events_taken, "event")}, ${newest.is_full ? "everything computed anew" : "only what was touched computed anew"}`,
    ),
    fact(
      "Test orders left out",
      count(facts.test_entitlements),
      `of ${counted(facts.entitlements, "entitlement")}, since ${date(facts.first_occurred_at)}`,
    ),
  );
}

const MIN_BARS = 24;

/** What every load took, the oldest first, and those that a failure came before. */
export function loadBars(loads: readonly LoadRow[], { width }: Size): SVGSVGElement {
  const shown = loads.slice(0, Math.max(10, Math.floor(width / 14))).toReversed();
  return draw({
    width,
    height: 220,
    marginTop: 16,
    marginBottom: 28,
    marginLeft: 48,
    marginRight: 4,
    ariaLabel: "Seconds that each load worked",
    ariaDescription: shown
      .slice(-5)
      .map((row) => `snapshot ${row.snapshot}: ${elapsed(row.seconds)}`)
      .join("; "),
    x: {
      type: "band",
      // Few loads are narrow bars at the left, not one that fills the page.
      domain: [
        ...shown.map((row) => row.snapshot),
        ...Array.from({ length: MIN_BARS }, (_, n) => -n - 1),
      ].slice(0, Math.max(MIN_BARS, shown.length)),
      label: null,
      padding: 0.25,
      tickFormat: (snapshot: number) => count(snapshot),
    },
    y: { label: null, nice: true, domain: [0, Math.max(1, ...shown.map((row) => row.seconds))] },
    marks: [
      Plot.gridY({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisY({ ticks: 4, tickSize: 0, tickFormat: (seconds: number) => elapsed(seconds) }),
      Plot.axisX({
        tickSize: 0,
        ticks: shown
          .map((row) => row.snapshot)
          .filter((_, index) => index % Math.ceil((shown.length * 46) / width) === 0),
      }),
      Plot.barY(shown, {
        x: "snapshot",
        y: "seconds",
        fill: (row: LoadRow) => (row.is_full ? "var(--series-8)" : "var(--series-1)"),
        rx2: 2,
        title: (row: LoadRow) =>
          `Snapshot ${row.snapshot}: ${elapsed(row.seconds)}, ${counted(row.events_taken, "event")}`,
        tip: { fill: "var(--paper)", stroke: "var(--rule-strong)" },
      }),
      Plot.text(
        shown.filter((row) => row.failures_before > 0),
        { x: "snapshot", y: "seconds", text: () => "failed before", dy: -8, fill: "var(--alert)" },
      ),
    ],
  });
}

/** Columns of the table of loads. */
export const loadColumns: Column<LoadRow>[] = [
  {
    head: "Snapshot",
    cell: (row) => count(row.snapshot),
    value: (row) => row.snapshot,
    isNumber: true,
    isRowHead: true,
  },
  {
    head: "Published (UTC)",
    cell: (row) => h("span", { class: "nowrap" }, minute(row.created_at)),
    value: (row) => iso(row.created_at),
  },
  { head: "Because of", cell: (row) => row.because },
  { head: "Worked", cell: (row) => elapsed(row.seconds), value: (row) => row.seconds, isNumber: true },
  {
    head: "New events",
    cell: (row) => count(row.events_taken),
    value: (row) => row.events_taken,
    isNumber: true,
  },
  {
    head: "Repeated lines",
    cell: (row) => count(row.lines_repeated),
    value: (row) => row.lines_repeated,
    isNumber: true,
  },
  {
    head: "Behind the ledger",
    cell: (row) => (row.lag_seconds === null ? "–" : elapsed(row.lag_seconds)),
    value: (row) => row.lag_seconds,
    isNumber: true,
  },
  {
    head: "Tests that warned",
    cell: (row) => `${count(row.tests_warned)} of ${count(row.tests_run)}`,
    value: (row) => row.tests_warned,
    isNumber: true,
  },
  {
    head: "Failures before",
    cell: (row) => count(row.failures_before),
    value: (row) => row.failures_before,
    isNumber: true,
  },
];

/** Columns of the table of warnings. */
export const warningColumns: Column<WarningRow>[] = [
  { head: "What does not hold", cell: (row) => row.test, isRowHead: true },
  {
    head: "Table",
    cell: (row) =>
      row.table_name === null
        ? "–"
        : h("a", { href: `./dictionary.html#table=${row.table_name}` }, row.table_name),
  },
  {
    head: "Rows",
    cell: (row) => (row.failures === null ? "–" : count(row.failures)),
    value: (row) => row.failures,
    isNumber: true,
  },
];

/** Columns of the table of quarantined input. */
export const quarantineColumns: Column<QuarantineRow>[] = [
  { head: "Why", cell: (row) => row.code, isRowHead: true },
  { head: "From", cell: (row) => row.source },
  { head: "Where it stopped", cell: (row) => row.stage },
  { head: "Waiting", cell: (row) => count(row.inputs_open), value: (row) => row.inputs_open, isNumber: true },
  { head: "In all", cell: (row) => count(row.inputs), value: (row) => row.inputs, isNumber: true },
  { head: "First", cell: (row) => date(row.first_at), value: (row) => iso(row.first_at), isNumber: true },
  { head: "Last", cell: (row) => date(row.last_at), value: (row) => iso(row.last_at), isNumber: true },
];

const spans = [
  { key: "within_minute", name: "Within a minute" },
  { key: "within_hour", name: "Within an hour" },
  { key: "within_day", name: "Within a day" },
  { key: "within_week", name: "Within a week" },
  { key: "later", name: "Later" },
] as const;

/** Lateness by source as parts of a whole. */
export const latenessParts = (
  rows: readonly LatenessRow[],
): { group: string; part: string; value: number }[] =>
  rows.flatMap((row) => spans.map(({ key, name }) => ({ group: row.source, part: name, value: row[key] })));

/** Columns of the table of lateness. */
export const latenessColumns: Column<LatenessRow>[] = [
  { head: "Source", cell: (row) => row.source, isRowHead: true },
  { head: "Events", cell: (row) => count(row.events), value: (row) => row.events, isNumber: true },
  ...spans.map(({ key, name }): Column<LatenessRow> => ({
    head: name,
    cell: (row) => share(row[key] / row.events),
    value: (row) => row[key],
    isNumber: true,
  })),
];

const iso = (time: number): string => new Date(time).toISOString();
