// Pure. Who uses more than was bought: what the rules met, by month and kind, in words and as what charts draw.

import { type Child, h } from "./dom.js";
import { count, counted, date, label, month, share } from "./format.js";
import type { MonthPart } from "./monthBars.js";
import { sentenceOf } from "./scopes.js";
import type { Column } from "./table.js";

/** What the rules met in a month, in a scope; null where it concerned too few customers to be told. */
export interface ComplianceMonth {
  month_at: number;
  scope: string;
  /** Empty in the row of what no rule refused, overdraft and clones; `few` in that of rules that few customers met. */
  rule: string;
  refusals: number | null;
  overdraft_seats: number | null;
  cloned_hosts: number | null;
}

/** How it stands now in a scope; null where it concerned too few customers to be told. */
export interface ComplianceNow {
  scope: string;
  seats_bound: number;
  over_customers: number | null;
  over_entitlements: number | null;
  over_seats: number | null;
  clone_customers: number | null;
  clone_hosts: number | null;
}

/** A product or a license model that it concerns. */
export interface ComplianceKind {
  scope: string;
  measure: string;
  dimension: string;
  name: string;
  /** Whether it is what is told together. */
  is_other: boolean;
  total: number;
  customers: number;
}

/** A customer whom it concerns. */
export interface ComplianceCustomer {
  scope: string;
  customer_id: string;
  customer: string;
  seats_over: number;
  cloned_hosts: number;
  last_detected_at: number | null;
  all_customers: number;
}

/** The page's first sentence; `words` are those of the scope. */
export function complianceLede(now: ComplianceNow | undefined, isEmpty: boolean, words: string): Child[] {
  if (now === undefined || isEmpty) return ["Nothing has been sold yet, so nothing can be used beyond it."];
  return [...overWords(now, words), ...cloneWords(now)];
}

function overWords(now: ComplianceNow, words: string): Child[] {
  if (now.over_customers === null || now.over_seats === null || now.over_entitlements === null)
    return [
      h("strong", {}, sentenceOf("Few customers hold more seats than they bought", words)),
      ": too few to tell how many. ",
    ];
  if (now.over_customers === 0)
    return [
      h("strong", {}, sentenceOf("No customer holds more seats than were bought", words)),
      `, of ${counted(now.seats_bound, "seat")} that are bound. `,
    ];
  return [
    h(
      "strong",
      {},
      sentenceOf(
        `${counted(now.over_customers, "customer holds", "customers hold")} more seats than ${now.over_customers === 1 ? "it" : "they"} bought`,
        words,
      ),
    ),
    `: ${counted(now.over_seats, "seat")} of the ${count(now.seats_bound)} that are bound, or ${share(now.over_seats / now.seats_bound)}, in ${counted(now.over_entitlements, "entitlement")}. They are counted, not sampled. `,
  ];
}

function cloneWords(now: ComplianceNow): Child[] {
  if (now.clone_customers === null || now.clone_hosts === null)
    return ["Copies showed themselves at too few customers to tell how many."];
  if (now.clone_hosts === 0) return ["No copy showed itself in the last twelve months."];
  return [
    `Copies showed themselves on ${counted(now.clone_hosts, "host")} of ${counted(now.clone_customers, "customer")} in the last twelve months; that is the least there were, since a copy that never calls is not seen.`,
  ];
}

/** Seats over, or cloned hosts, by month. Every month of the page has its place, so that charts side by side agree. */
export function findingBars(
  rows: readonly ComplianceMonth[],
  of: "overdraft_seats" | "cloned_hosts",
  part: string,
): MonthPart[] {
  return monthsOf(rows).map((month_at) => {
    const row = rows.find((other) => other.month_at === month_at && other.rule === "");
    return { month_at, part, value: row === undefined ? 0 : row[of] };
  });
}

/** Whether there is anything to draw; what may not be told is something. */
export const hasSome = (bars: readonly MonthPart[]): boolean => bars.some(({ value }) => value !== 0);

/** Rules that a chart can hold apart; what others refused is summed. */
const MAX_RULES = 5;

/** Refusals by month, of the rules that refuse most, and of all others together. */
export function refusalBars(rows: readonly ComplianceMonth[]): { parts: string[]; bars: MonthPart[] } {
  const totals = new Map<string, number>();
  for (const { rule, refusals } of rows)
    if (rule !== "" && rule !== FEW) totals.set(rule, (totals.get(rule) ?? 0) + (refusals ?? 0));
  const order = Array.from(totals)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([rule]) => rule);
  const shown = order.slice(0, MAX_RULES);
  const isRest = (rule: string) => !shown.includes(rule);
  const hasRest = rows.some(({ rule }) => rule !== "" && isRest(rule));
  const bars = monthsOf(rows).flatMap((month_at) => {
    const here = rows.filter((row) => row.month_at === month_at && row.rule !== "");
    const of = (wanted: (rule: string) => boolean) => {
      const its = here.filter(({ rule }) => wanted(rule));
      const told = its.filter(({ refusals }) => refusals !== null);
      // Nothing of it may be told: that is no zero.
      if (its.length > 0 && told.length === 0) return null;
      return told.reduce((sum, { refusals }) => sum + (refusals ?? 0), 0);
    };
    return [
      ...shown.map((rule) => ({ month_at, part: ruleName(rule), value: of((it) => it === rule) })),
      ...(hasRest ? [{ month_at, part: OTHERS, value: of(isRest) }] : []),
    ];
  });
  return { parts: [...shown.map(ruleName), ...(hasRest ? [OTHERS] : [])], bars };
}

const OTHERS = "Other rules";

/** Stands for the rules that few customers met in a month. */
const FEW = "few";

const ruleNames: Record<string, string> = {
  seats: "No seat left",
  term: "Outside the term",
  status: "Suspended or cancelled",
  rehosts: "Moves used up",
  repairs: "Repairs used up",
  returns: "Returns used up",
  temporary: "Temporary licenses used up",
  metric: "No user named",
  host: "Another host",
  catalog: "Not in the catalog",
};

/** A rule in a few words. */
const ruleName = (rule: string): string => ruleNames[rule] ?? label(rule);

/** What the bars of products and models may show. */
export const kinds: readonly { value: string; name: string; title: string; definition: string }[] = [
  {
    value: "overdraft",
    name: "Seats over",
    title: "Seats beyond those bought",
    definition: "Seats bound at the data’s as-of time beyond those bought, of entitlements in force.",
  },
  {
    value: "clones",
    name: "Cloned hosts",
    title: "Hosts that showed a copied license",
    definition: "Hosts of the last twelve months, each counted once.",
  },
  {
    value: "refusals",
    name: "Refusals",
    title: "Requests that a rule refused",
    definition: "Requests of the last twelve months; a client that tries again counts again.",
  },
];

/** Products or models of one measure; none where all are told together, for that is no more than the whole. */
export const kindsOf = (
  rows: readonly ComplianceKind[],
  measure: string,
  dimension: string,
): (ComplianceKind & { value: number })[] => {
  const own = rows.filter((row) => row.measure === measure && row.dimension === dimension);
  return own.every((row) => row.is_other) ? [] : own.map((row) => ({ ...row, value: row.total }));
};

/** Columns of the table of products or models. */
export const kindColumns = (dimension: string): Column<ComplianceKind>[] => [
  { head: dimension === "product" ? "Product" : "License model", cell: (row) => row.name, isRowHead: true },
  { head: "Count", cell: (row) => count(row.total), value: (row) => row.total, isNumber: true },
  { head: "Customers", cell: (row) => count(row.customers), value: (row) => row.customers, isNumber: true },
];

/** Columns of a table of parts by month. */
export const partColumns: Column<MonthPart>[] = [
  {
    head: "Month",
    cell: (row) => month(row.month_at),
    value: (row) => new Date(row.month_at).toISOString().slice(0, 10),
    isRowHead: true,
  },
  { head: "What", cell: (row) => row.part },
  {
    head: "Count",
    cell: (row) => (row.value === null ? "too few to tell" : count(row.value)),
    value: (row) => row.value,
    isNumber: true,
  },
];

/** Columns of the table of customers. */
export const customerColumns: Column<ComplianceCustomer>[] = [
  {
    head: "Customer",
    cell: (row) =>
      h("a", { href: `./customers.html#customer=${encodeURIComponent(row.customer_id)}` }, row.customer),
    isRowHead: true,
  },
  { head: "Seats over now", cell: (row) => count(row.seats_over), isNumber: true },
  { head: "Cloned hosts, 12 months", cell: (row) => count(row.cloned_hosts), isNumber: true },
  {
    head: "Last copy",
    cell: (row) => (row.last_detected_at === null ? "–" : date(row.last_detected_at)),
    isNumber: true,
  },
];

const monthsOf = (rows: readonly ComplianceMonth[]) =>
  [...new Set(rows.map((row) => row.month_at))].toSorted((a, b) => a - b);
