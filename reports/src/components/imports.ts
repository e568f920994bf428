// Pure. What was brought in from other systems, and which customers look like one since: as what charts draw, and as tables.

import { type Child, h } from "./dom.js";
import { count, counted, date, list, minute } from "./format.js";
import type { Column } from "./table.js";

/** What became of entries that an import read. */
interface Became {
  duplicate: number;
  in_conflict: number;
  quarantined: number;
}

/** All that came from one system. What is accepted counts until its import is taken back. */
export interface ImportRow extends Became {
  source: string;
  imports: number;
  imports_taken_back: number;
  read: number;
  accepted: number;
  taken_back: number;
  last_at: number;
}

/** An import; what became of its entries is null where it was taken back before it was finished. */
export interface ImportRunRow {
  import_id: string;
  source: string;
  files: number | null;
  told_at: number;
  read: number | null;
  accepted: number | null;
  duplicate: number | null;
  in_conflict: number | null;
  quarantined: number | null;
  taken_back_at: number | null;
  orders_taken_back: number | null;
  all_imports: number;
}

/** Two customers who look like one. */
export interface MatchRow {
  customer_id: string;
  customer: string;
  other_customer_id: string;
  other_customer: string;
  /** What they share, by the lake's words, with a space between. */
  evidence: string;
  strength: "strong" | "medium" | "weak";
  is_same_country: boolean | null;
  entitlements: number;
  other_entitlements: number;
  sources: string;
  other_sources: string;
  all_pairs: number;
}

/** A source as people call it: `import:flexnet` is flexnet. */
const sourceName = (source: string): string => source.replace(/^import:/, "");

const fates = [
  { key: "accepted", name: "Accepted" },
  { key: "duplicate", name: "Known or repeated" },
  { key: "in_conflict", name: "In conflict" },
  { key: "quarantined", name: "Not understood" },
  { key: "taken_back", name: "Taken back" },
] as const;

/** What became of the entries of each source, as parts of a whole; sources of which nothing was read have none. */
export const importParts = (rows: readonly ImportRow[]): { group: string; part: string; value: number }[] =>
  rows
    .filter((row) => row.read > 0)
    .flatMap((row) =>
      fates.map(({ key, name }) => ({ group: sourceName(row.source), part: name, value: row[key] })),
    );

/** What was brought in, in a sentence. */
export function importSentence(rows: readonly ImportRow[]): Child[] {
  const sum = (of: (row: ImportRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const back = sum((row) => row.imports_taken_back);
  return [
    h(
      "strong",
      {},
      counted(
        sum((row) => row.imports),
        "import",
      ),
    ),
    ` from ${counted(rows.length, "system")} read ${counted(
      sum((row) => row.read),
      "entry",
      "entries",
    )}, and ${count(sum((row) => row.accepted))} of them count here. `,
    back === 0
      ? "None was taken back."
      : `${count(back)} ${back === 1 ? "was" : "were"} taken back: what they recorded counts as if it had never been.`,
  ];
}

const number = <T>(head: string, of: (row: T) => number | null): Column<T> => ({
  head,
  cell: (row) => told(of(row)),
  value: of,
  isNumber: true,
});

const told = (value: number | null): string => (value === null ? "–" : count(value));

/** Columns of what was brought in by source. */
export const importColumns: Column<ImportRow>[] = [
  { head: "From", cell: (row) => sourceName(row.source), isRowHead: true },
  number("Imports", (row) => row.imports),
  number("Entries read", (row) => row.read),
  ...fates.map(({ key, name }) => number<ImportRow>(name, (row) => row[key])),
  { head: "Last", cell: (row) => date(row.last_at), value: (row) => iso(row.last_at), isNumber: true },
];

/** Columns of the newest imports. */
export const importRunColumns: Column<ImportRunRow>[] = [
  {
    head: "Finished (UTC)",
    cell: (row) => h("span", { class: "nowrap" }, minute(row.told_at)),
    value: (row) => iso(row.told_at),
    isRowHead: true,
  },
  { head: "From", cell: (row) => sourceName(row.source) },
  number("Files", (row) => row.files),
  number("Read", (row) => row.read),
  number("Accepted", (row) => row.accepted),
  number("Known or repeated", (row) => row.duplicate),
  number("In conflict", (row) => row.in_conflict),
  number("Not understood", (row) => row.quarantined),
  {
    head: "Taken back",
    cell: (row) =>
      row.taken_back_at === null
        ? "–"
        : [
            h("span", { class: "nowrap" }, date(row.taken_back_at)),
            h("br"),
            h("span", { class: "quiet" }, counted(row.orders_taken_back ?? 0, "order")),
          ],
    value: (row) => (row.taken_back_at === null ? null : iso(row.taken_back_at)),
  },
  { head: "Import", cell: (row) => h("span", { class: "identifier" }, row.import_id) },
];

const shared: Record<string, string> = {
  same_email: "the e-mail address",
  same_name: "the name",
  similar_name: "nearly the name",
  same_domain: "the company’s domain",
};

/** What two customers share, in words. */
export const evidenceWords = ({ evidence }: Pick<MatchRow, "evidence">): string =>
  list(evidence.split(" ").map((word) => shared[word] ?? word));

/** The call that merges two customers, for whoever has looked at them: its path and its body. */
export const mergeCall = ({ customer_id: into, other_customer_id: from }: MatchRow): string =>
  `POST /v1/customers/${encodeURIComponent(from)}/merge ${JSON.stringify({ into, reason: "the same customer" })}`;

const customerLink = (id: string, name: string, sources: string, entitlements: number): Child => [
  h("a", { href: `./customers.html#customer=${encodeURIComponent(id)}` }, name),
  h("br"),
  h(
    "span",
    { class: "quiet" },
    `${counted(entitlements, "entitlement")}, ${sources.replaceAll("import:", "")}`,
  ),
];

/** Columns of customers who look the same. */
export const matchColumns: Column<MatchRow>[] = [
  {
    head: "Would stay",
    cell: (row) => customerLink(row.customer_id, row.customer, row.sources, row.entitlements),
    isRowHead: true,
  },
  {
    head: "Would go to it",
    cell: (row) =>
      customerLink(row.other_customer_id, row.other_customer, row.other_sources, row.other_entitlements),
  },
  {
    head: "They share",
    cell: (row) => [evidenceWords(row), row.is_same_country === false ? ", of two countries" : null],
  },
  { head: "Evidence", cell: (row) => row.strength },
  { head: "The call that merges them", cell: (row) => h("code", {}, mergeCall(row)) },
];

const iso = (time: number): string => new Date(time).toISOString();
