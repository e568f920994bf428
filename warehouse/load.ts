// A load from top to bottom: plan, read, build, test, write, publish.

import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { SegmentStore } from "../ingest/segments/store.ts";
import { buildModels, runChecks } from "./build.ts";
import { type Database, openDatabase } from "./duckdb.ts";
import { LoadError } from "./error.ts";
import { type Model, type Models, readModels } from "./models.ts";
import { describeFault, type Plan, planLoad } from "./plan.ts";
import { prune } from "./prune.ts";
import { pullSegments } from "./pull.ts";
import { listSegments } from "./segments.ts";
import { type LakeFile, type Manifest, newestSnapshot, publishSnapshot, TEMPORARY } from "./snapshot.ts";
import { quote } from "./sql.ts";
import { type Take, takeStream, verifySegments } from "./take.ts";
import { DATABASE_FILE, rowsOf, writeDatabase } from "./views.ts";
import { mergeProfiles, tableWriter, writeEvents } from "./write.ts";

export interface LoadOptions {
  /** Folder of segments. */
  segments: string;
  /** Where segments are kept elsewhere: what is new there comes into the folder first. */
  source?: SegmentStore | undefined;
  /** Root of the lake. */
  lake: string;
  /** The as-of time: RFC 3339, UTC, microseconds. What happened later is not in the marts. */
  asOf: string;
  /** The clock, for `created_at`. */
  now: () => Date;
  /** Told before each step, for progress. What it throws ends the load there, as a crash would. */
  onStep?: (step: string) => void | Promise<void>;
  /** A month in as many files is written anew as one; `MAX_FILES_PER_MONTH` of write.ts where not given. */
  maxFilesPerMonth?: number;
}

export interface LoadResult {
  /** The snapshot that is newest now. */
  manifest: Manifest;
  /** False where there was nothing to do. */
  isNew: boolean;
  /** Events that this load added. */
  eventsAdded: number;
  /** Faults of the segments, and data tests of severity warn that failed. */
  warnings: string[];
}

/** Loads that lose their number to another one start over; so many losses in a row mean that something else is wrong. */
const MAX_ATTEMPTS = 5;

/**
 * Brings the lake up to the segments and the as-of time.
 * @throws LoadError where a segment is damaged or a data test fails; the newest snapshot is then what it was
 */
export async function load(given: LoadOptions): Promise<LoadResult> {
  const options = { ...given, segments: resolve(given.segments), lake: resolve(given.lake) };
  const models = await readModels();
  const result = await publishNext(options, models);
  const { lake, onStep = () => undefined } = options;
  // The snapshot is out. What fails now is no reason to call the load a failure, and the next load does it.
  const tidy = async (step: string, work: Promise<unknown>) => {
    await work.catch((error: Error) =>
      result.warnings.push(`Published, but could not ${step}: ${error.message}`),
    );
  };
  await onStep("open");
  await tidy(`write ${DATABASE_FILE}`, writeDatabase(lake, models.models));
  await onStep("prune");
  await tidy("remove old files", prune(lake));
  return result;
}

async function publishNext(options: LoadOptions, models: Models): Promise<LoadResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const base = await newestSnapshot(options.lake);
    const result = await attemptLoad(options, models, base).catch(async (error: unknown) => {
      // The load that won may have removed what this one was writing.
      if ((await newestSnapshot(options.lake))?.snapshot === base?.snapshot) throw error;
      return null;
    });
    if (result) return result;
    await options.onStep?.("start over: another load was first");
  }
  throw new LoadError("Other loads were first each time. Run one load at a time, or try again later.");
}

/** @returns null where another load published first */
async function attemptLoad(
  options: LoadOptions,
  models: Models,
  base: Manifest | null,
): Promise<LoadResult | null> {
  const { segments, source, lake, asOf, onStep = () => undefined } = options;
  if (source) {
    await onStep("fetch segments");
    await pullSegments(source, segments, base?.watermarks ?? { events: {}, profiles: {} });
  }
  await onStep("plan");
  const planBase = base && {
    snapshot: base.snapshot,
    watermarks: base.watermarks,
    asOf: base.as_of,
    models: base.models,
  };
  const plan = planLoad(await listSegments(segments), planBase, asOf, models.digest);
  const faults = plan.faults.map(describeFault);
  if (plan.steps.length === 0 && base)
    return { manifest: base, isNew: false, eventsAdded: 0, warnings: faults };

  const takes = plan.steps.filter((step) => step.kind === "take");
  await onStep("verify segments");
  await verifySegments(segments, takes);

  const spillFolder = join(lake, TEMPORARY, randomUUID());
  await mkdir(spillFolder, { recursive: true });
  const database = await openDatabase(":memory:", spillFolder);
  let built: Awaited<ReturnType<typeof buildSnapshot>>;
  try {
    built = await buildSnapshot(database, options, models, base, plan, takes);
  } finally {
    database.close();
    await rm(spillFolder, { recursive: true, force: true });
  }
  const manifest: Manifest = { ...built.manifest, warnings: [...faults, ...built.manifest.warnings] };
  await onStep("publish");
  if (!(await publishSnapshot(lake, manifest))) return null;
  return { manifest, isNew: true, eventsAdded: built.eventsAdded, warnings: [...manifest.warnings] };
}

async function buildSnapshot(
  database: Database,
  options: LoadOptions,
  models: Models,
  base: Manifest | null,
  plan: Plan,
  takes: readonly Take[],
): Promise<{ manifest: Manifest; eventsAdded: number }> {
  const { segments, lake, asOf, onStep = () => undefined } = options;
  const snapshot = plan.base + 1;
  const createdAt = `${options.now().toISOString().slice(0, -1)}000Z`;
  await database.run(`
    set variable as_of = cast(${quote(asOf)} as timestamp);
    set variable created_at = cast(${quote(createdAt)} as timestamp);
    set variable snapshot = ${snapshot};`);

  const before = (table: string) => base?.tables[table]?.files ?? [];
  const [eventModel, profileModel] = [modelOf(models, "events"), modelOf(models, "profiles")];
  for (const model of [eventModel, profileModel])
    await database.run(`create view lake_${model.name} as ${rowsOf(lake, model, before(model.name))}`);
  await onStep("read events");
  await takeStream(database, models, segments, "events", takes);
  await onStep("read profiles");
  await takeStream(database, models, segments, "profiles", takes);

  const writer = tableWriter(database, lake, snapshot);
  await onStep("write events");
  const events = await writeEvents(database, writer, before("events"), options, eventModel);
  await onStep("write profiles");
  await mergeProfiles(database);
  const profiles = [await writer.write("profiles", "from profiles order by customer_id")];

  await database.run(`create view events as ${rowsOf(lake, eventModel, events)}`);
  await buildModels(database, models, onStep);
  await onStep("test");
  const warnings = await runChecks(database, models);

  const tables: Manifest["tables"] = { events: tableOf(events), profiles: tableOf(profiles) };
  for (const { name, layer } of models.models) {
    if (layer !== "marts") continue;
    await onStep(`write ${name}`);
    tables[name] = tableOf([await writer.write(name, `from ${name}`)]);
  }
  const manifest: Manifest = {
    format: 1,
    snapshot,
    as_of: asOf,
    created_at: createdAt,
    models: models.digest,
    watermarks: plan.watermarks,
    tables,
    warnings,
  };
  const eventsBefore = base?.tables["events"]?.rows ?? 0;
  return { manifest, eventsAdded: (tables["events"]?.rows ?? 0) - eventsBefore };
}

function modelOf({ models }: Models, name: string): Model {
  const model = models.find((candidate) => candidate.name === name);
  if (!model) throw new TypeError(`there is no model ${name}`);
  return model;
}

function tableOf(files: LakeFile[]): Manifest["tables"][string] {
  return { rows: files.reduce((sum, { rows }) => sum + rows, 0), files };
}
