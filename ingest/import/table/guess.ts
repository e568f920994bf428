// Pure. The first guess of what a table's columns hold, from its headings and its first rows. What is unsure is said.

import { type Cell, isBlank, textOf } from "./cell.ts";
import type { ColumnName, Table } from "./columns.ts";
import type { Delimiter } from "./csv.ts";
import { areDays, areIds, areNumbers, decimalOf, patternOf } from "./guess-values.ts";
import { type Candidate, candidatesOf } from "./heading-words.ts";
import { namesOf } from "./layout.ts";

/** The beginning of a table. */
export interface Head {
  rows: readonly { cells: readonly Cell[]; line: number }[];
  delimiter?: Delimiter;
  sheet?: string;
}

export interface Guess {
  table: Table;
  /** What is unsure of a column, or of how the table is written, and why. */
  doubts: Partial<Record<ColumnName | "headingRow" | "dates" | "decimal", string>>;
  /** Values of each column that was found, for people to see whether they fit. */
  samples: Partial<Record<ColumnName, readonly string[]>>;
  /** Headings that nothing was made of. */
  unread: readonly string[];
}

const DAYS = new Set<ColumnName>([
  "orderedAt",
  "deliveredAt",
  "startsAt",
  "endsAt",
  "cancelledAt",
  "activatedAt",
]);
const MONEY = new Set<ColumnName>(["unitPrice", "amount"]);
const NUMBERS = new Set<ColumnName>(["quantity", "unitPrice", "amount", "line"]);

/** Rows among which the headings are looked for, and so many different values of a column are shown. */
const MAX_HEADING_ROW = 20;
const MAX_SAMPLES = 10;

/** A column of the table: its heading, and what stands under it in the first rows. */
interface Under {
  heading: string;
  values: readonly Cell[];
}

export function guessOf({ rows, delimiter, sheet }: Head): Guess {
  const at = headingsAt(rows);
  const headings = (rows[at]?.cells ?? []).map((cell) => textOf(cell).replaceAll(/\s+/g, " "));
  const columns: Under[] = headings.map((heading, index) => ({
    heading,
    values: rows.slice(at + 1).flatMap(({ cells }) => {
      const cell = cells[index] ?? null;
      return isBlank(cell) || textOf(cell) === "" ? [] : [cell];
    }),
  }));
  const taken = assigned(columns);
  const doubts: Guess["doubts"] = {};
  const found: Partial<Record<ColumnName, string>> = {};
  const samples: Guess["samples"] = {};
  for (const [name, { column, isLoose }] of taken) {
    found[name] = column.heading;
    samples[name] = distinct(column.values);
    const doubt = doubtOf(name, column, isLoose);
    if (doubt !== undefined) doubts[name] = doubt;
  }
  if (found.product === undefined) doubts.product = "no heading looks like a product: it has to be said";
  const under = (names: ReadonlySet<ColumnName>) =>
    Array.from(taken).flatMap(([name, { column }]) => (names.has(name) ? column.values : []));
  const dates = patternOf(under(DAYS).filter((day) => /\d/.test(textOf(day))));
  if (dates.doubt !== undefined && Object.keys(found).some((name) => DAYS.has(name as ColumnName)))
    doubts.dates = dates.doubt;
  const decimal = decimalOf(under(MONEY), delimiter);
  if (decimal.doubt !== undefined) doubts.decimal = decimal.doubt;
  const headingRow = rows[at]?.line ?? 1;
  if (at > 0) doubts.headingRow = "what stands above looks like a title";
  const used = new Set(Object.values(found));
  return {
    table: {
      ...(delimiter === undefined ? undefined : { delimiter }),
      ...(sheet === undefined ? undefined : { sheet }),
      headingRow,
      dates: dates.value,
      decimal: decimal.value,
      zone: "UTC",
      columns: found,
    },
    doubts,
    samples,
    unread: headings.filter((heading) => heading !== "" && !used.has(heading)),
  };
}

/** The first row that is about as wide as the widest and has texts alone: above it stands a title, or nothing. */
function headingsAt(rows: Head["rows"]): number {
  const first = rows.slice(0, MAX_HEADING_ROW);
  const widths = first.map(({ cells }) => cells.filter((cell) => !isBlank(cell)).length);
  const widest = Math.max(0, ...widths);
  const at = first.findIndex(({ cells }, index) => {
    const isWide = (widths[index] ?? 0) * 2 > widest;
    return (
      isWide &&
      cells.every((cell) => isBlank(cell) || (typeof cell === "string" && !/^[\d.,/-]+$/.test(cell.trim())))
    );
  });
  return Math.max(0, at);
}

interface Taken {
  column: Under;
  isLoose: boolean;
}

/** Gives each heading to one column and each column one heading, the surest first. */
function assigned(columns: readonly Under[]): Map<ColumnName, Taken> {
  const candidates = columns
    .flatMap((column) =>
      candidatesOf(column.heading).map((it) => ({ ...it, rank: weighed(it, column), column })),
    )
    .toSorted((a, b) => a.rank - b.rank);
  const taken = new Map<ColumnName, Taken>();
  const used = new Set<Under>();
  for (const { name, column, isLoose } of candidates) {
    if (taken.has(name) || used.has(column)) continue;
    taken.set(name, { column, isLoose });
    used.add(column);
  }
  // A table that names its products has often no number for them.
  const called = taken.get("productName");
  if (called && !taken.has("product")) {
    taken.set("product", called);
    taken.delete("productName");
  }
  // In the order in which a mapping is read.
  return new Map(namesOf().flatMap((name) => (taken.has(name) ? [[name, taken.get(name) as Taken]] : [])));
}

/** A heading that fits and values that do not are a bad match; `Sold-To` is an ID or a name by what stands under it. */
const MISFIT = 100;

function weighed({ name, rank }: Candidate, { values }: Under): number {
  if (values.length === 0) return rank;
  const isMisfit =
    (DAYS.has(name) && !areDays(values)) ||
    (NUMBERS.has(name) && !areNumbers(values)) ||
    (name === "customerId" && !areIds(values)) ||
    (name === "customerName" && areIds(values));
  return isMisfit ? rank + MISFIT : rank;
}

function doubtOf(name: ColumnName, { heading, values }: Under, isLoose: boolean): string | undefined {
  if (values.length === 0) return "nothing stands under it in the first rows";
  if (DAYS.has(name) && !areDays(values)) return "not all that stands under it are days";
  if (NUMBERS.has(name) && !areNumbers(values)) return "not all that stands under it are numbers";
  if (name === "order" && /\b(?:p\.?o\.?|invoice|rechnung)/i.test(heading))
    return "is it one to an order? a customer's own numbers may be another customer's too";
  return isLoose ? "the heading says more than that" : undefined;
}

function distinct(values: readonly Cell[]): string[] {
  return Array.from(new Set(values.map((value) => textOf(value)))).slice(0, MAX_SAMPLES);
}
