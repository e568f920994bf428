// Pure. What license policies let through and turn away, by price band: rates with their intervals, and what they say in words.

import { type Child, h } from "./dom.js";
import { count, counted, label, list, rate, rateInterval, share, shareInterval } from "./format.js";
import { type Interval, poisson, wilson } from "./interval.js";
import { reasonName } from "./overview.js";
import { sentenceOf } from "./scopes.js";
import type { Column } from "./table.js";

/** What happened to the seats of a price band in a year; null where it concerned too few customers to be told. */
export interface PolicyRow {
  /** Empty for everything. */
  scope: string;
  price_band: string;
  measure: string;
  /** The reason of what was turned away; empty for all reasons together, `few` for those that few customers met. */
  code: string;
  seat_years: number;
  band_customers: number;
  events: number | null;
  got_within_week: number | null;
  undecided: number | null;
}

/** A measure of a price band for every 100 seats held for a year. */
export interface BandRate extends Interval {
  measure: string;
  band: string;
  events: number | null;
  seat_years: number;
  customers: number;
  /** Null where it may not be told; so are both ends then, which are 0. */
  rate: number | null;
}

/** What happens to seats, and what it is called: first what keeps customers from work, then what helps them, then what leaks. */
export const measures: readonly { measure: string; name: string }[] = [
  { measure: "turned_away", name: "Turned away" },
  { measure: "rehosted", name: "Moved to another computer" },
  { measure: "repaired", name: "Repaired after a change of the computer" },
  { measure: "lent", name: "Temporary licenses lent" },
  { measure: "overridden", name: "Policies that support overrode" },
  { measure: "cloned", name: "Copies that showed themselves" },
];

const nameOf = (measure: string) => measures.find((known) => known.measure === measure)?.name ?? measure;

/** `High touch`. A catalog without bands has entitlements of none. */
export const bandName = (band: string): string => (band === "" ? "Without a band" : label(band));

/** The bands, from those whose customers hold most seats each to those of thousands with one; of everything, so that none changes its place. */
export function bandsOf(rows: readonly PolicyRow[]): string[] {
  const all = rows.filter((row) => row.scope === "" && row.code === "");
  const seatsEach = new Map(all.map((row) => [row.price_band, row.seat_years / row.band_customers]));
  return Array.from(seatsEach)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([band]) => band);
}

/** The rates of a scope, by measure and band. */
export function bandRates(rows: readonly PolicyRow[], scope: string): BandRate[] {
  const order = bandsOf(rows);
  const totals = rows
    .filter((row) => row.scope === scope && row.code === "")
    .toSorted((a, b) => order.indexOf(a.price_band) - order.indexOf(b.price_band));
  return measures.flatMap(({ measure }) =>
    totals
      .filter((row) => row.measure === measure)
      .map((row) => {
        const per = (n: number) => (100 * n) / row.seat_years;
        const { low, high } = row.events === null ? { low: 0, high: 0 } : poisson(row.events);
        return {
          measure,
          band: bandName(row.price_band),
          events: row.events,
          seat_years: row.seat_years,
          customers: row.band_customers,
          rate: row.events === null ? null : per(row.events),
          low: per(low),
          high: per(high),
        };
      }),
  );
}

/** One reason of what was turned away. */
export interface ReasonRow {
  reason: string;
  events: number;
  got: number;
  undecided: number;
  not: number;
}

/** The reasons of a scope in a band, or in all (null), most frequent first. */
export function reasonsOf(rows: readonly PolicyRow[], scope: string, band: string | null): ReasonRow[] {
  const sums = new Map<string, ReasonRow>();
  for (const row of rows) {
    if (row.scope !== scope || row.code === "" || (band !== null && row.price_band !== band)) continue;
    const reason = row.code === "few" ? "Reasons of few customers" : reasonName(row.code);
    const into = sums.get(reason) ?? { reason, events: 0, got: 0, undecided: 0, not: 0 };
    into.events += row.events ?? 0;
    into.got += row.got_within_week ?? 0;
    into.undecided += row.undecided ?? 0;
    into.not = into.events - into.got - into.undecided;
    sums.set(reason, into);
  }
  return [...sums.values()].toSorted((a, b) => b.events - a.events);
}

/** The page's first sentence; `words` are those of the scope. */
export function policyLede(rows: readonly PolicyRow[], scope: string, words: string): Child[] {
  const rates = bandRates(rows, scope);
  if (rates.length === 0)
    return [
      sentenceOf(
        "No seat was held in the last year, so no policy has turned anyone away or let anything through.",
        words,
      ),
    ];
  return [...awayWords(rates, words), ...weekWords(rows, scope), ...copyWords(rates)];
}

function awayWords(rates: readonly BandRate[], words: string): Child[] {
  const [first, ...others] = ranked(rates, "turned_away");
  if (first === undefined)
    return [sentenceOf("Too few customers were turned away to tell how many. ", words)];
  if (first.events === 0)
    return [h("strong", {}, sentenceOf("No customer was turned away in the last year", words)), ". "];
  const often = `${rate(first.rate)} times a year for every 100 seats held`;
  return [
    h(
      "strong",
      {},
      sentenceOf(
        `Customers of the price band ${first.band} are turned away ${others.length === 0 ? "" : "most: "}${often}`,
        words,
      ),
    ),
    ` (95% interval ${rateInterval(first.low, first.high)})`,
    others.length === 0
      ? ""
      : `, against ${list(others.map((other) => `${rate(other.rate)} in ${other.band}`))}`,
    chanceWords(first, others),
    ". ",
  ];
}

function weekWords(rows: readonly PolicyRow[], scope: string): Child[] {
  const away = rows.filter((row) => row.scope === scope && row.code === "" && row.measure === "turned_away");
  const total = (of: (row: PolicyRow) => number | null) => away.reduce((sum, row) => sum + (of(row) ?? 0), 0);
  const decided = total((row) => row.events) - total((row) => row.undecided);
  if (decided === 0) return [];
  const not = decided - total((row) => row.got_within_week);
  const { low, high } = wilson(not, decided);
  return [
    `Of ${counted(decided, "such case")}, ${share(not / decided)} (${shareInterval(low, high)}) had not got what they asked for a week later. `,
  ];
}

function copyWords(rates: readonly BandRate[]): Child[] {
  const [first, ...others] = ranked(rates, "cloned");
  if (first === undefined) return ["Too few customers showed copies to tell how many."];
  if (first.events === 0) return ["No copy showed itself."];
  const copies = `${rate(first.rate)} for every 100 seats (${rateInterval(first.low, first.high)})`;
  return [
    others.length === 0
      ? `Copies showed themselves ${copies}.`
      : `Copies show themselves most in ${first.band}, ${copies}${chanceWords(first, others)}.`,
  ];
}

/** Whether the order of the first two could be chance. */
function chanceWords(first: BandRate, [second]: readonly BandRate[]): string {
  return second !== undefined && second.high > first.low
    ? `; its interval overlaps that of ${second.band}, so the order may be chance`
    : "";
}

/** The bands of a measure of which may be told, highest first. */
const ranked = (rates: readonly BandRate[], measure: string) =>
  rates
    .filter((row): row is BandRate & { rate: number } => row.measure === measure && row.rate !== null)
    .toSorted((a, b) => b.rate - a.rate);

const FEW = "too few to tell";

/** What is written beside a rate. */
export const rateText = (row: BandRate): string =>
  row.rate === null ? FEW : `${rate(row.rate)} (${rateInterval(row.low, row.high)})`;

/** Columns of the table of rates. */
export const rateColumns: Column<BandRate>[] = [
  { head: "What happened", cell: (row) => nameOf(row.measure), isRowHead: true },
  { head: "Price band", cell: (row) => row.band },
  {
    head: "For 100 seats a year",
    cell: (row) => (row.rate === null ? FEW : rate(row.rate)),
    value: (row) => row.rate,
    isNumber: true,
  },
  {
    head: "95% from",
    cell: (row) => (row.rate === null ? "–" : rate(row.low)),
    value: (row) => (row.rate === null ? null : row.low),
    isNumber: true,
  },
  {
    head: "to",
    cell: (row) => (row.rate === null ? "–" : rate(row.high)),
    value: (row) => (row.rate === null ? null : row.high),
    isNumber: true,
  },
  {
    head: "Times",
    cell: (row) => (row.events === null ? "–" : count(row.events)),
    value: (row) => row.events,
    isNumber: true,
  },
  {
    head: "Seat-years",
    cell: (row) => count(row.seat_years),
    value: (row) => row.seat_years,
    isNumber: true,
  },
  { head: "Customers", cell: (row) => count(row.customers), value: (row) => row.customers, isNumber: true },
];

/** Columns of the table of reasons. */
export const reasonColumns: Column<ReasonRow>[] = [
  { head: "Reason", cell: (row) => row.reason, isRowHead: true },
  { head: "Turned away", cell: (row) => count(row.events), value: (row) => row.events, isNumber: true },
  { head: "Got it within a week", cell: (row) => count(row.got), value: (row) => row.got, isNumber: true },
  { head: "Did not", cell: (row) => count(row.not), value: (row) => row.not, isNumber: true },
  {
    head: "Too recent to say",
    cell: (row) => count(row.undecided),
    value: (row) => row.undecided,
    isNumber: true,
  },
  {
    head: "Did not, 95% interval",
    cell: (row) => {
      const { low, high } = wilson(row.not, row.events - row.undecided);
      return row.events === row.undecided ? "–" : shareInterval(low, high);
    },
    isNumber: true,
  },
];
