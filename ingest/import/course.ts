// The course of an import: read everything, look its names up, bring it in by batches, say what became of it. It may be stopped at
// any point; the same again goes on.

import { hash } from "node:crypto";
import { type Catalog, catalogSchema } from "../../licensing/index.ts";
import { type Source, SourceFault } from "../importers/importer.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { GRANTS } from "../ledger/grant-rows.ts";
import { newestCatalog } from "../ledger/queries.ts";
import type { ImportCounts } from "./events.ts";
import type { Mapping } from "./mapping.ts";
import type { Unmapped } from "./names.ts";
import { placedFault } from "./place.ts";
import type { GrantsFile, NamesTold, PreparedOrders, Prepares } from "./preparation.ts";
import { type Problem, Run } from "./run.ts";
import type { Staging } from "./staging.ts";

/** What is brought in, how, and where to. */
export interface ImportOptions {
  /** The name of the format. */
  format: string;
  sources: readonly Pick<Source, "name" | "size">[];
  prepares: Prepares;
  mapping: Mapping;
  /** Of the files, the mapping and the options: tells whether it is the same import. */
  fingerprint: string;
  ledger: Ledger;
  staging: Staging;
  /** Where the staging database is. */
  stagingPath: string;
  /** Who does it, as events say it. */
  by: string;
  /** Told how far it is: of bytes while reading, then of entries. */
  onProgress?: (step: "read" | "record", done: number, of: number) => void;
  /** Told after each batch that was recorded. */
  onCommit?: () => void;
  /** Asked between batches. */
  isStopped?: () => boolean;
  /** Orders that are decided in one transaction. */
  batch?: number;
  /** Entries that may go to quarantine before it is the mapping that does not fit. */
  maxQuarantined?: number;
}

/** What became of an import. */
export interface ImportReport {
  /** Null where it was stopped before anything was recorded. */
  importId: string | null;
  /** As events say it. */
  source: string;
  isResumed: boolean;
  /** Whether it was stopped before its end. */
  isStopped: boolean;
  counts: ImportCounts;
  /** What the catalog got. */
  added: NamesTold["additions"];
  unmapped: Unmapped[];
  /** The first of those that were turned away; `counts` says how many there are. */
  problems: Problem[];
}

/** Orders that are decided in one transaction: some tens of milliseconds in which nobody else writes. */
const BATCH = 500;
/**
 * As many as it becomes while nobody else does, a second or two: of a million rights whose orders and customers have nothing to do
 * with one another a transaction touches the pages of three indexes all over, and writes each of them once for all of it. In
 * eighths it took 1.3 times as long.
 */
const MAX_BATCH = 32_000;
/** As many once somebody else has written, who waits for two tenths of a second; and of those that are decided one by one. */
const MAX_SHORT_BATCH = 4000;
/** Entries that may go to quarantine: with more, it is the mapping that does not fit, and not they. */
const MAX_QUARANTINED = 100_000;

/**
 * Brings in what some files hold.
 * @throws SourceFault where a file cannot be read; Error where nearly nothing fits: then nothing was recorded
 */
export async function runImport(options: ImportOptions): Promise<ImportReport> {
  const { ledger, prepares, staging, mapping, format, sources, fingerprint, by } = options;
  const name = mapping.source ?? format;
  const source = `import:${name}`;
  const report: ImportReport = {
    importId: null,
    source,
    isResumed: false,
    isStopped: false,
    counts: { read: 0, accepted: 0, duplicate: 0, conflict: 0, quarantined: 0 },
    added: { products: [], licenseModels: [] },
    unmapped: [],
    problems: [],
  };
  if (staging.entries === undefined && !(await readAll(options))) return { ...report, isStopped: true };

  const catalog = newestCatalog(ledger.sql)?.catalog;
  const told = await prepares.names({ staging: options.stagingPath, mapping, source: name, catalog });
  const { additions: added, unmapped } = told;
  refuseMisfit(told, staging.entries ?? 0, options.maxQuarantined ?? MAX_QUARANTINED);
  await extendCatalog(options, source, catalog, added);

  const files = sources.map((file) => file.name);
  const begun = await ledger.execute("beginImport", { source, fingerprint, files });
  if (!begun.ok) throw new Error(begun.refusal.detail);
  const { importId, isResumed } = begun.value;
  const run = new Run(options, { importId, source });
  const isComplete = await recordAll(options, run);
  if (isComplete) {
    const sizeBytes = sources.reduce((sum, { size }) => sum + size, 0);
    await ledger.execute("finishImport", {
      importId,
      format,
      files: files.length,
      sizeBytes,
      counts: run.counts,
      isNews: run.isNews || isResumed,
      by,
    });
  }
  const { counts, problems } = run;
  return { ...report, importId, isResumed, isStopped: !isComplete, counts, added, unmapped, problems };
}

/** Reads all files to their ends, before anything of them is recorded. @returns whether it came to the end */
async function readAll({
  sources,
  prepares,
  staging,
  onProgress,
  isStopped,
}: ImportOptions): Promise<boolean> {
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  staging.begin(sources.map(({ name }) => name));
  for (let next = prepares.read(); ;) {
    const step = await next;
    if ("fault" in step) {
      const { file, place, message } = step.fault;
      throw placedFault(file, new SourceFault(place, message));
    }
    // While these are put down, the next are read.
    if (!step.isEnd) next = prepares.read();
    staging.add(step.rows);
    onProgress?.("read", step.bytes, size);
    if (step.isEnd) break;
    if (isStopped?.()) return false;
  }
  staging.finish();
  return true;
}

/** Records batch by batch, while the next is prepared. @returns whether it came to the end */
async function recordAll(options: ImportOptions, run: Run): Promise<boolean> {
  return (await recordOrders(options, run)) && (await recordOthers(options, run));
}

/**
 * Orders, a transaction each batch: granted beside, and decided one by one where that cannot be, as long as some of them are
 * known, or wait.
 */
async function recordOrders(options: ImportOptions, run: Run): Promise<boolean> {
  const { ledger, prepares, batch: fixed } = options;
  let batch = fixed ?? BATCH;
  let version = versionOf(ledger);
  let most = MAX_BATCH;
  let into: GrantsFile = 0;
  let isGranting = !run.isAnyWaiting;
  await grantByNewest(options, run);
  const prepare = () =>
    isGranting ? prepares.orders(batch, into) : prepares.orders(Math.min(batch, MAX_SHORT_BATCH), null);
  for (let next = prepare(); ;) {
    const { granted, turned, others } = await next;
    if (!granted && others.length === 0) return true;
    const before = version;
    version = versionOf(ledger);
    if (version !== before) most = MAX_SHORT_BATCH;
    if (fixed === undefined) batch = version === before ? Math.min(most, batch * 2) : BATCH;
    into = into === 0 ? 1 : 0;
    next = prepare();
    let decided = others;
    if (granted) {
      const became = await takeGranted(options, run, granted, turned);
      if (became === "outdated") await grantByNewest(options, run);
      if (became !== "taken") decided = [...(await prepares.ungranted(granted.into)), ...others];
    }
    isGranting = !run.isAnyWaiting;
    for (let from = 0; from < decided.length; from += MAX_SHORT_BATCH)
      if (await run.orders(decided.slice(from, from + MAX_SHORT_BATCH))) isGranting = false;
    if (!goesOn(options, run)) return false;
  }
}

/** What is no order, and comes after all orders. */
async function recordOthers(options: ImportOptions, run: Run): Promise<boolean> {
  const { prepares, batch = BATCH } = options;
  for (let next = prepares.others(batch); ;) {
    const some = await next;
    if (some.length === 0) return true;
    next = prepares.others(batch);
    await run.others(some);
    if (!goesOn(options, run)) return false;
  }
}

function goesOn({ staging, onCommit, onProgress, isStopped }: ImportOptions, run: Run): boolean {
  onCommit?.();
  onProgress?.("record", run.counts.read, staging.entries ?? 0);
  return isStopped?.() !== true;
}

/** Has orders granted by the catalog that is in force. */
async function grantByNewest({ ledger, prepares, stagingPath }: ImportOptions, run: Run): Promise<void> {
  const newest = newestCatalog(ledger.sql);
  if (!newest) return;
  const { source } = run;
  const paths = grantsOf(stagingPath);
  await prepares.grantBy({ catalog: newest.catalog, source, shard: ledger.shard, paths });
}

/** Where orders are granted beside the staging database: another process that does the same has its own. */
const grantsOf = (stagingPath: string): [string, string] => [
  `${stagingPath}-${process.pid}-0`,
  `${stagingPath}-${process.pid}-1`,
];

/** Takes what was granted, from its database, which nothing else has open meanwhile. */
async function takeGranted(
  { ledger: { sql }, stagingPath }: ImportOptions,
  run: Run,
  granted: NonNullable<PreparedOrders["granted"]>,
  turned: PreparedOrders["turned"],
): ReturnType<Run["granted"]> {
  sql.run(`attach database ? as ${GRANTS}`, grantsOf(stagingPath)[granted.into]);
  try {
    return await run.granted(granted, turned);
  } finally {
    sql.run(`detach database ${GRANTS}`);
  }
}

/** Another number where another process has written: https://sqlite.org/pragma.html#pragma_data_version */
const versionOf = ({ sql }: Ledger): number | undefined =>
  sql.get<{ data_version: number }>("pragma data_version")?.data_version;

/** Where nearly nothing fits, it is not the entries that are at fault: quarantine is for what people look at one by one. */
function refuseMisfit({ problems, unmapped }: NamesTold, all: number, atMost: number): void {
  const misfits = problems + unmapped.reduce((sum, { rights }) => sum + rights, 0);
  if (misfits <= atMost || misfits < all / 2) return;
  const first = unmapped.slice(0, 10).map(({ of, value, rights }) => `  ${of} ${value}: ${rights} rights`);
  throw new Error(
    [
      `${misfits} of ${all} entries do not fit: nothing was recorded. Write rules for these first:`,
      ...first,
    ].join("\n"),
  );
}

/** Publishes the catalog with what the mapping adds to it. Prices and what is sold stay as they are. */
async function extendCatalog(
  { ledger, by }: ImportOptions,
  source: string,
  catalog: Catalog | undefined,
  { products, licenseModels }: NamesTold["additions"],
): Promise<void> {
  if (products.length + licenseModels.length === 0) return;
  const content = {
    products: [...(catalog?.products ?? []), ...products],
    licenseModels: [...(catalog?.licenseModels ?? []), ...licenseModels],
    priceBands: catalog?.priceBands ?? [],
  };
  // A catalog has both: without one of them no order is possible anyway.
  if (content.products.length === 0 || content.licenseModels.length === 0) return;
  const version = `import-${hash("sha256", JSON.stringify(content), "hex").slice(0, 12)}`;
  const published = await ledger.execute("publishCatalog", {
    catalog: catalogSchema.parse({ version, ...content }),
    by,
    occurredAt: null,
    source,
  });
  if (!published.ok) throw new Error(published.refusal.detail);
}
