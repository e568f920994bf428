// A load from top to bottom. Its course is in course.ts; what it builds on the way, with DuckDB, is here.

import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildModels, runChecks } from "./build.ts";
import { type Built, type CourseOptions, type LoadResult, publishNext } from "./course.ts";
import { type Database, openDatabase } from "./duckdb.ts";
import { diskFaultOf } from "./error.ts";
import { type Model, type Models, readModels } from "./models.ts";
import type { Plan } from "./plan.ts";
import { prune } from "./prune.ts";
import { DEFAULT_RETENTION, type Retention } from "./retention.ts";
import { type LakeFile, type Manifest, TEMPORARY } from "./snapshot.ts";
import { quote } from "./sql.ts";
import { createStatedRates } from "./stated-rates.ts";
import { type Take, takeStream } from "./take.ts";
import { DATABASE_FILE, rowsOf, writeDatabase } from "./views.ts";
import { mergeProfiles, sortedRows, tableWriter, writeEvents } from "./write.ts";

export interface LoadOptions extends CourseOptions {
  /** A month in as many files is written anew as one; `MAX_FILES_PER_MONTH` of write.ts where not given. */
  maxFilesPerMonth?: number;
  /** Rows of a Parquet row group; `ROWS_PER_GROUP` of write.ts where not given. */
  rowsPerGroup?: number;
  /** What tables to build; all of `models/` where not given. */
  models?: Models;
  /** How many snapshots to keep; {@link DEFAULT_RETENTION} where not given. */
  retention?: Retention;
}

/**
 * Brings the lake up to the segments and the as-of time.
 * @throws LoadError where a segment is damaged or a data test fails; the newest snapshot is then what it was
 */
export async function load(given: LoadOptions): Promise<LoadResult> {
  const options = { ...given, segments: resolve(given.segments), lake: resolve(given.lake) };
  const models = options.models ?? (await readModels());
  const result = await publishNext(options, models.digest, (base, plan, takes) =>
    inDatabase(options.lake, (database) => buildSnapshot(database, options, models, base, plan, takes)),
  ).catch((error: unknown) => {
    throw diskFaultOf(error) ?? error;
  });
  const { lake, onStep = () => undefined } = options;
  // The snapshot is out. What fails now is no reason to call the load a failure, and the next load does it.
  const tidy = async (step: string, work: Promise<unknown>) => {
    await work.catch((error: Error) =>
      result.warnings.push(`Published, but could not ${step}: ${error.message}`),
    );
  };
  await onStep("open");
  await tidy(`write ${DATABASE_FILE}`, writeDatabase(lake, models));
  await onStep("prune");
  await tidy("remove old files", prune(lake, options.retention ?? DEFAULT_RETENTION, options.now()));
  return result;
}

/** Works in a database of its own, whose spilled files are gone with it. */
async function inDatabase<T>(lake: string, work: (database: Database) => Promise<T>): Promise<T> {
  const temporary = join(lake, TEMPORARY);
  await mkdir(temporary, { recursive: true });
  const spillFolder = join(temporary, randomUUID());
  // Alone: a recursive one says ENOENT of a disk that is read-only.
  await mkdir(spillFolder);
  const database = await openDatabase(":memory:", spillFolder);
  try {
    return await work(database);
  } finally {
    database.close();
    await rm(spillFolder, { recursive: true, force: true });
  }
}

async function buildSnapshot(
  database: Database,
  options: LoadOptions,
  models: Models,
  base: Manifest | null,
  plan: Plan,
  takes: readonly Take[],
): Promise<Built> {
  const { segments, lake, asOf, onStep = () => undefined } = options;
  const snapshot = plan.base + 1;
  const createdAt = `${options.now().toISOString().slice(0, -1)}000Z`;
  await database.run(`
    set variable as_of = cast(${quote(asOf)} as timestamp);
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
  await buildModels(database, models, onStep);
  await onStep("test");
  const warnings = await runChecks(database, models);

  const tables: Manifest["tables"] = { events: tableOf(events), profiles: tableOf(profiles) };
  for (const model of models.models) {
    if (model.layer !== "marts") continue;
    await onStep(`write ${model.name}`);
    tables[model.name] = tableOf([await writer.write(model, sortedRows(model))]);
  }
  const manifest: Manifest = {
    format: 1,
    snapshot,
    as_of: asOf,
    created_at: createdAt,
    models: models.digest,
    ...(options.rates === undefined ? {} : { rates: options.rates.digest }),
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
