// The course of an import: read everything, look its names up, bring it in by batches, say what became of it. It may be stopped at
// any point; the same again goes on.

import { type Catalog, catalogSchema, type LicenseModel, type Product } from "../../licensing/index.ts";
import { type Importer, type ReadContext, type Source, SourceFault } from "../importers/importer.ts";
import { hash } from "node:crypto";
import { newestCatalog } from "../ledger/queries.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { assemble, type Assembled } from "./assemble.ts";
import type { ImportCounts } from "./events.ts";
import type { Mapping } from "./mapping.ts";
import { resolveNames, type Unmapped } from "./names.ts";
import { recordOthers } from "./others.ts";
import { placeText } from "./place.ts";
import { type Problem, Run } from "./run.ts";
import type { Staging } from "./staging.ts";

/** What is brought in, how, and where to. */
export interface ImportOptions {
  /** The name of the format. */
  format: string;
  importer: Importer;
  sources: readonly Source[];
  context: ReadContext;
  mapping: Mapping;
  /** Of the files, the mapping and the options: tells whether it is the same import. */
  fingerprint: string;
  ledger: Ledger;
  staging: Staging;
  hashId: (id: string) => string;
  /** Who does it, as events say it. */
  by: string;
  /** Told how far it is: of bytes while reading, then of entries. */
  onProgress?: (step: "read" | "record", done: number, of: number) => void;
  /** Asked between batches. */
  isStopped?: () => boolean;
  /** Orders that are decided in one transaction. */
  batch?: number;
  /** Entries that may go to quarantine before it is the mapping that does not fit. */
  maxQuarantined?: number;
}

/** What became of an import. */
export interface ImportReport {
  importId: string;
  /** As events say it. */
  source: string;
  isResumed: boolean;
  /** Whether it was stopped before its end. */
  isStopped: boolean;
  counts: ImportCounts;
  /** What the catalog got. */
  added: { products: Product[]; licenseModels: LicenseModel[] };
  unmapped: Unmapped[];
  /** The first of those that were turned away; `counts` says how many there are. */
  problems: Problem[];
}

/** Orders that are decided in one transaction: some tens of milliseconds in which nobody else writes. */
const BATCH = 500;
/** Entries that may go to quarantine: with more, it is the mapping that does not fit, and not they. */
const MAX_QUARANTINED = 100_000;

/**
 * Brings in what some files hold.
 * @throws SourceFault where a file cannot be read; Error where nearly nothing fits: then nothing was recorded
 */
export async function runImport(options: ImportOptions): Promise<ImportReport> {
  const { ledger, staging, mapping, format, sources, fingerprint, by } = options;
  if (staging.entries === undefined) await readAll(options);
  const name = mapping.source ?? format;
  const source = `import:${name}`;
  const catalog = newestCatalog(ledger.sql)?.catalog;
  const resolved = resolveNames(staging, { mapping, source: name, catalog, hashId: options.hashId });
  refuseMisfit(staging, resolved.unmapped, options.maxQuarantined ?? MAX_QUARANTINED);
  await extendCatalog(options, source, catalog, resolved.additions);
  const begun = await ledger.execute("beginImport", {
    source,
    fingerprint,
    files: sources.map((file) => file.name),
  });
  if (!begun.ok) throw new Error(begun.refusal.detail);
  const { importId, isResumed } = begun.value;
  const run = new Run(options, { importId, source });
  let isStopped = false;
  const all = staging.entries ?? 0;
  const origin = { source: name, currency: mapping.currency };
  let batch: Assembled[] = [];
  for (const order of staging.orders()) {
    batch.push(assemble(order, resolved.names, origin));
    if (batch.length < (options.batch ?? BATCH)) continue;
    await run.orders(batch);
    batch = [];
    options.onProgress?.("record", run.counts.read, all);
    isStopped = options.isStopped?.() ?? false;
    if (isStopped) break;
  }
  if (!isStopped) {
    await run.orders(batch);
    await recordOthers(staging.others(), run, resolved.names, name);
    const sizeBytes = sources.reduce((sum, { size }) => sum + size, 0);
    await ledger.execute("finishImport", {
      importId,
      format,
      files: sources.length,
      sizeBytes,
      counts: run.counts,
      isNews: run.isNews || isResumed,
      by,
    });
  }
  const { counts, problems } = run;
  return {
    importId,
    source,
    isResumed,
    isStopped,
    counts,
    added: resolved.additions,
    unmapped: resolved.unmapped,
    problems,
  };
}

/** Reads all files to their ends, before anything of them is recorded. */
async function readAll({
  sources,
  importer,
  context,
  staging,
  onProgress,
  isStopped,
}: ImportOptions): Promise<void> {
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  staging.begin(sources.map(({ name }) => name));
  let done = 0;
  for (const [number, source] of sources.entries()) {
    if (source.size > importer.maxBytes)
      throw new SourceFault(
        {},
        `${source.name} has ${source.size} bytes, and a file of this format has ${importer.maxBytes} at most.`,
      );
    const watched: Source = {
      ...source,
      async *bytes() {
        for await (const piece of source.bytes()) {
          if (isStopped?.()) throw new Error("Stopped while reading: nothing was recorded.");
          yield piece;
          done += piece.length;
          onProgress?.("read", done, size);
        }
      },
    };
    try {
      for await (const entry of importer.read(watched, context)) staging.add(number, entry);
    } catch (error) {
      if (error instanceof SourceFault)
        throw new SourceFault(error.place, `${placeText(source.name, error.place)}: ${error.message}`);
      throw error;
    }
  }
  staging.finish();
}

/** Where nearly nothing fits, it is not the entries that are at fault: quarantine is for what people look at one by one. */
function refuseMisfit(staging: Staging, unmapped: readonly Unmapped[], atMost: number): void {
  const misfits = staging.problems + unmapped.reduce((sum, { rights }) => sum + rights, 0);
  const all = staging.entries ?? 0;
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
  { products, licenseModels }: ImportReport["added"],
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
