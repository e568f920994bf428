// Where a person is named: every place that may hold a name, looked through by the customer's ID and by the texts.

import type { Ledger } from "../ledger/ledger.ts";
import { searchLedger } from "../ledger/ledger-search.ts";
import { countNamed, inputsNaming } from "../ledger/named.ts";
import { namedSegments } from "../segments/erase.ts";
import type { SegmentStore } from "../segments/store.ts";
import type { Found, PlaceName } from "./places.ts";
import type { Programs } from "./programs.ts";

/** What the names of the ledger's files begin with: the file, its log, and what SQLite puts beside them. */
export const LEDGER_FILES = "ledger.sqlite";

/** Where to look. */
export interface Where {
  ledger: Ledger;
  /** Where segments are: the home's folder, and the bucket that they go to. */
  stores: { name: string; store: SegmentStore }[];
  programs: Programs;
}

/** Whom to look for. */
export interface Who {
  customerId: string;
  /** Addresses that quarantined input may hold. */
  emails: readonly string[];
  /** Texts that tell of this person alone. */
  values: readonly string[];
}

/** Looks everywhere. */
export async function look(where: Where, who: Who): Promise<Record<PlaceName, Found>> {
  return {
    ...(await lookInLedger(where, who)),
    ...(await lookInSegments(where, who)),
    ...(await lookInLake(where, who)),
    ...(await lookInFiles(where, who)),
  };
}

async function lookInLedger({ ledger }: Where, { customerId, emails, values }: Who) {
  const { sql, shard } = ledger;
  const { profiles, hosts } = countNamed(sql, customerId);
  const inputs = inputsNaming(sql, customerId, emails);
  const { finds, columns } = searchLedger(sql, shard, values);
  // Those two are looked through by whose they are.
  const others = finds.filter(({ table }) => table !== "profile" && table !== "quarantine");
  return {
    "ledger: profiles": found(profiles, "by customer", profiles === 0 ? [] : ["profile"]),
    "ledger: names of hosts": found(hosts, "by customer", hosts === 0 ? [] : ["seat.host_name"]),
    "ledger: quarantined input": found(inputs.length, "by customer and address", inputs),
    "ledger: all other texts": found(
      others.reduce((sum, { rows }) => sum + rows, 0),
      byText(values, `${columns} columns`),
      others.map(({ table, column, rows }) => `${table}.${column}, ${rows} rows`),
    ),
  };
}

async function lookInSegments({ stores }: Where, { customerId }: Who) {
  let [lines, read] = [0, 0];
  const at: string[] = [];
  for (const { name, store } of stores) {
    const named = await namedSegments(store, customerId);
    lines += named.lines;
    read += named.read;
    if (named.lines > 0) at.push(`${name}: ${named.segments} of ${named.read} segments of profiles`);
  }
  return {
    "segments: lines of profiles": found(lines, `${read} segments`, at),
  };
}

async function lookInLake({ programs }: Where, { customerId, values }: Who) {
  const named = await programs.find(customerId);
  const { files, columns, finds } = await programs.search(values);
  const paths = [...named.files, ...named.strays].map(({ path }) => `lake/${path}`);
  return {
    "lake: rows of profiles and dim_customer": found(paths.length, `${named.kept} snapshots`, paths),
    "lake: texts of all columns": found(
      finds.length,
      byText(values, `${files} files, ${columns} columns`),
      finds.map(({ path, column, rows }) => `lake/${path}: ${column}, ${rows} rows`),
    ),
  };
}

/** Every file of the home by its place. */
async function lookInFiles({ programs }: Where, { values }: Who) {
  const { searched, holding } = await programs.searchFiles("", values);
  const of = (paths: readonly string[], place: PlaceName) => paths.filter((path) => placeOf(path) === place);
  const at = (place: PlaceName) => {
    const held = of(holding, place);
    return found(held.length, byText(values, `${of(searched, place).length} files`), held);
  };
  return {
    "ledger: bytes of the file and its log": at("ledger: bytes of the file and its log"),
    "segments: bytes of all files": at("segments: bytes of all files"),
    "lake: bytes of other files": at("lake: bytes of other files"),
    site: at("site"),
    "imports: what was read and is not recorded yet": at("imports: what was read and is not recorded yet"),
    "home: other files": at("home: other files"),
  };
}

function placeOf(path: string): PlaceName {
  if (path.startsWith(LEDGER_FILES)) return "ledger: bytes of the file and its log";
  if (path.startsWith("segments/")) return "segments: bytes of all files";
  if (path.startsWith("lake/")) return "lake: bytes of other files";
  if (path.startsWith("imports/")) return "imports: what was read and is not recorded yet";
  return path.startsWith("site/") ? "site" : "home: other files";
}

/** What was searched for texts: nothing, where no text is known that tells of this person alone. */
const byText = (values: readonly string[], searched: string) =>
  values.length === 0 ? "nothing: no text known" : searched;

const found = (count: number, searched: string, at: string[]): Found => ({ count, searched, at });
