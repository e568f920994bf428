// A load from top to bottom. Its course is in course.ts; what it builds on the way, with DuckDB, is here.

import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildTables } from "./build.ts";
import { type Built, type CourseOptions, type LoadResult, publishNext } from "./course.ts";
import { type Database, openDatabase } from "./duckdb.ts";
import { diskFaultOf } from "./error.ts";
import { noteFailure, removeFailures } from "./failures.ts";
import { apart, writeLoads } from "./loads.ts";
import { isStored, type Model, type Models, readModels } from "./models.ts";
import type { Plan } from "./plan.ts";
import { prune } from "./prune.ts";
import { DEFAULT_RETENTION, type Retention } from "./retention.ts";
import { type LakeFile, type Manifest, TEMPORARY } from "./snapshot.ts";
import { quote } from "./sql.ts";
import { createStatedRates } from "./stated-rates.ts";
import { type Take, takeStream } from "./take.ts";
import { monthTold } from "./time.ts";
import { DATABASE_FILE, rowsOf, writeDatabase } from "./views.ts";
import type { Workshop } from "./workshop.ts";
import { mergeProfiles, tableWriter, writeEvents } from "./write.ts";

/**
 * Events of which tables are computed at once. Ten million, in parts of so many, took a process of 2.4 GiB at most; in one piece
 * they failed for want of memory.
 */
const EVENTS_PER_PART = 1_250_000;

export interface LoadOptions extends CourseOptions {
  /** A month in as many files is written anew as one; `MAX_FILES_PER_MONTH` of write.ts where not given. */
  maxFilesPerMonth?: number;
  /** Rows of a Parquet row group; `ROWS_PER_GROUP` of write.ts where not given. */
  rowsPerGroup?: number;
  /** What tables to build; all of `models/` where not given. */
  models?: Models;
  /** Events that are computed at once; {@link EVENTS_PER_PART} where not given. */
  eventsPerPart?: number;
  /** How many snapshots to keep; {@link DEFAULT_RETENTION} where not given. */
  retention?: Retention;
}

/**
 * Brings the lake up to the segments and the as-of time.
 * @throws LoadError where a segment is damaged or a data test fails; the newest snapshot is then what it was
 */
export async function load(given: LoadOptions): Promise<LoadResult> {
  let at = "start";
  const onStep = async (step: string) => {
    at = step;
    await given.onStep?.(step);
  };
  const options = { ...given, segments: resolve(given.segments), lake: resolve(given.lake), onStep };
  const { lake } = options;
  const models = options.models ?? (await readModels());
  const own: Own = { beganAt: options.now(), attemptsLost: 0, failures: [] };
  const result = await publishNext(options, models.digest, (base, plan, takes, attemptsLost) => {
    own.attemptsLost = attemptsLost;
    return inDatabase(lake, (database, spillFolder) =>
      buildSnapshot(database, spillFolder, options, models, base, plan, takes, own),
    );
  }).catch(async (error: unknown) => {
    await noteFailure(lake, options.now(), at, error);
    throw diskFaultOf(error) ?? error;
  });
  // The snapshot is out. What fails now is no reason to call the load a failure, and the next load does it.
  const tidy = async (step: string, work: Promise<unknown>) => {
    await work.catch((error: Error) =>
      result.warnings.push(`Published, but could not ${step}: ${error.message}`),
    );
  };
  await onStep("open");
  await tidy(`write ${DATABASE_FILE}`, writeDatabase(lake, models));
  if (result.isNew)
    await tidy("remove what is on record of failed loads", removeFailures(lake, own.failures));
  await onStep("prune");
  await tidy("remove old files", prune(lake, options.retention ?? DEFAULT_RETENTION, options.now()));
  return result;
}

/** What a load knows of itself. */
interface Own {
  beganAt: Date;
  attemptsLost: number;
  /** Loads before it that failed, and that its row names. */
  failures: string[];
}

/** Works in a database of its own, whose spilled files are gone with it. */
async function inDatabase<T>(
  lake: string,
  work: (database: Database, spillFolder: string) => Promise<T>,
): Promise<T> {
  const temporary = join(lake, TEMPORARY);
  await mkdir(temporary, { recursive: true });
  const spillFolder = join(temporary, randomUUID());
  // Alone: a recursive one says ENOENT of a disk that is read-only.
  await mkdir(spillFolder);
  const database = await openDatabase(":memory:", spillFolder);
  try {
    return await work(database, spillFolder);
  } finally {
    database.close();
    await rm(spillFolder, { recursive: true, force: true });
  }
}

async function buildSnapshot(
  database: Database,
  spillFolder: string,
  options: LoadOptions,
  models: Models,
  base: Manifest | null,
  plan: Plan,
  takes: readonly Take[],
  self: Own,
): Promise<Built> {
  const { segments, lake, asOf, now, onStep = () => undefined } = options;
  const snapshot = plan.base + 1;
  const createdAt = `${now().toISOString().slice(0, -1)}000Z`;
  await database.run(`
    set variable as_of = cast(${quote(asOf)} as timestamp);
    set variable as_of_before = cast(${quote(base?.as_of ?? asOf)} as timestamp);
    set variable from_at = timestamp '0001-01-01';
    set variable until_at = timestamp '9999-01-01';
    set variable created_at = cast(${quote(createdAt)} as timestamp);
    set variable snapshot = ${snapshot};`);
  await createStatedRates(database, options.rates);

  const before = (table: string) => base?.tables[table]?.files ?? [];
  const [eventModel, profileModel] = [modelOf(models, "events"), modelOf(models, "profiles")];
  for (const model of [eventModel, profileModel])
    await database.run(`create view lake_${model.name} as ${rowsOf(lake, model, before(model.name))}`);
  await onStep("read events");
  await takeStream(database, models, segments, "events", takes);
  await onStep("read profiles");
  await takeStream(database, models, segments, "profiles", takes);

  const writer = tableWriter(database, lake, snapshot, options.rowsPerGroup);
  await onStep("write events");
  const events = await writeEvents(database, writer, before("events"), options, eventModel);
  await onStep("write profiles");
  await mergeProfiles(database);
  const profiles = [await writer.write(profileModel, "from profiles order by customer_id")];

  await database.run(`create view events as ${rowsOf(lake, eventModel, events)}`);
  const { others, own } = apart(models);
  const shop: Workshop = {
    database,
    models: others.models,
    lake,
    spillFolder,
    writer,
    base: isBuiltOn(base, models, options) ? base : null,
    eventsPerPart: options.eventsPerPart ?? EVENTS_PER_PART,
    onStep,
    files: new Map(),
    empty: new Set(),
    failed: new Map(),
    warned: new Map(),
  };
  const warnings = await buildTables(shop, models.macros);

  const tables: Manifest["tables"] = { events: tableOf(events), profiles: tableOf(profiles) };
  for (const [name, files] of shop.files) tables[name] = tableOf(files);
  await onStep("write the load's own row");
  const isFull = shop.base === null;
  const facts = { lake, segments, base, plan, now, tables, others, warnings, isFull, ...self };
  const loads = await writeLoads(database, writer, own, facts);
  self.failures = loads.failures;
  for (const { name } of own.models) tables[name] = tableOf(loads.files);
  await writer.syncPlaces();

  const manifest: Manifest = {
    format: 1,
    snapshot,
    as_of: asOf,
    created_at: createdAt,
    models: models.digest,
    ...(options.rates === undefined ? {} : { rates: options.rates.digest }),
    watermarks: plan.watermarks,
    tables,
    warnings: [...warnings, ...loads.warnings],
    warned: Object.fromEntries(shop.warned),
  };
  const eventsBefore = base?.tables["events"]?.rows ?? 0;
  return { manifest, eventsAdded: (tables["events"]?.rows ?? 0) - eventsBefore };
}

/**
 * Whether the tables of a snapshot can be kept but for what changed: they were made by these models and rates. By time alone, a month
 * gives a row to all that runs, so where the as-of time comes to another month everything is computed.
 */
function isBuiltOn(
  base: Manifest | null,
  models: Models,
  { isFull = false, asOf, rates }: LoadOptions,
): boolean {
  const hasAll = models.models.filter(isStored).every(({ name }) => base?.tables[name] !== undefined);
  return (
    !isFull &&
    base?.models === models.digest &&
    base.rates === rates?.digest &&
    hasAll &&
    monthTold(base.as_of) === monthTold(asOf)
  );
}

function modelOf({ models }: Models, name: string): Model {
  const model = models.find((candidate) => candidate.name === name);
  if (!model) throw new TypeError(`there is no model ${name}`);
  return model;
}

function tableOf(files: LakeFile[]): Manifest["tables"][string] {
  return { rows: files.reduce((sum, { rows }) => sum + rows, 0), files };
}
