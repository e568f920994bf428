// What a load says of itself: a row of fct_load for each snapshot, written last, of all that is known by then.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { checksOf } from "./checks.ts";
import type { Database } from "./duckdb.ts";
import { type Failure, listFailures } from "./failures.ts";
import type { Models } from "./models.ts";
import type { Plan } from "./plan.ts";
import type { LakeFile, Manifest } from "./snapshot.ts";
import { quote } from "./sql.ts";
import { testWhole } from "./tests.ts";
import { rowsAsWritten } from "./views.ts";
import { buildModels } from "./workshop.ts";
import { sortedRows, type Writer } from "./write.ts";

const LOADS = "fct_load";

/** The models that are built of events, and the one that tells of the load that did so. */
export function apart({ macros, models, digest }: Models): { others: Models; own: Models } {
  const those = (isOwn: boolean) => models.filter(({ name }) => (name === LOADS) === isOwn);
  return {
    others: { macros, models: those(false), digest },
    own: { macros, models: those(true), digest },
  };
}

export interface LoadFacts {
  lake: string;
  /** Folder of segments. */
  segments: string;
  /** The snapshot before, or null. */
  base: Manifest | null;
  plan: Plan;
  /** When the load began, and the clock. `as_of`, `created_at` and `snapshot` are variables of the database. */
  beganAt: Date;
  now: () => Date;
  /** Whether everything was computed, and nothing kept. */
  isFull: boolean;
  /** How often another load was first. */
  attemptsLost: number;
  /** All other tables of the snapshot, their models, and what their tests warned of. */
  tables: Manifest["tables"];
  others: Models;
  warnings: readonly string[];
}

export interface LoadsWritten {
  files: LakeFile[];
  warnings: string[];
  /** Failures that are on record with these rows: their files may go once the snapshot is out. */
  failures: string[];
}

/**
 * Builds, tests and writes the table of loads: the rows of the snapshot before, and this load's. They are carried on so that
 * they outlive their snapshots. `events`, `taken_events` and `taken_profiles` must be there.
 */
export async function writeLoads(
  database: Database,
  writer: Writer,
  own: Models,
  facts: LoadFacts,
): Promise<LoadsWritten> {
  const [model] = own.models;
  if (!model) return { files: [], warnings: [], failures: [] };
  const before = facts.base?.tables[LOADS]?.files ?? [];
  const failures = await listFailures(facts.lake);
  if (before.length > 0)
    await database.run(`create table past_loads as ${rowsAsWritten(facts.lake, LOADS, before)}`);
  // A load that was killed when it had published did not remove what it had taken up.
  const known = await database.rows<{ id: string }>(
    before.length > 0
      ? "select unnest(failures).failure_id as id from past_loads"
      : "select '' as id where false",
  );
  const isKnown = new Set(known.map(({ id }) => id));
  const added = failures.filter(({ id }) => !isKnown.has(id));
  await database.run(`create table this_load as ${await rowOf(facts, added)}`);
  if (before.length === 0) await database.run("create table past_loads as from this_load where false");
  await buildModels(database, "main", own.models, () => undefined);
  const warnings = await testWhole(database, own.models);
  const file = await writer.write(model, sortedRows(model));
  return { files: [file], warnings, failures: failures.map(({ id }) => id) };
}

/** A query of this load's row. */
async function rowOf(
  { segments: folder, plan, beganAt, now, isFull, attemptsLost, tables, others, warnings }: LoadFacts,
  failures: readonly Failure[],
): Promise<string> {
  const because = plan.steps.find((step) => step.kind === "build")?.because ?? "";
  const segments = plan.steps.flatMap((step) => (step.kind === "take" ? step.segments : []));
  const sizes = await Promise.all(segments.map(async ({ path }) => (await stat(join(folder, path))).size));
  const lines = sum(segments.map(({ first, last }) => last - first + 1));
  const writtenAt = now();
  return `
    select
      getvariable('snapshot') as snapshot,
      ${quote(because)} as because,
      ${isFull} as is_full,
      getvariable('as_of') as as_of,
      ${timestamp(beganAt)} as began_at,
      getvariable('created_at') as created_at,
      ${timestamp(writtenAt)} as written_at,
      ${segments.length} as segments,
      ${sum(sizes)} as segments_bytes,
      taken.events as events_taken,
      taken.profiles as profiles_taken,
      ${lines} - taken.events - taken.profiles as lines_repeated,
      ${sum(Object.values(tables).map(({ rows }) => rows))} as rows_out,
      (select max(recorded_at) from events) as last_recorded_at,
      ${others.models.flatMap(checksOf).length} as tests_run,
      ${warnings.length} as tests_warned,
      ${attemptsLost} as attempts_lost,
      ${listOf(failures)} as failures,
    from (
      select (select count(*) from taken_events) as events, (select count(*) from taken_profiles) as profiles
    ) as taken`;
}

function listOf(failures: readonly Failure[]): string {
  const structs = failures.map(
    ({ id, failedAt, step, kind }) =>
      `{failure_id: ${quote(id)}, failed_at: ${timestamp(new Date(failedAt))}, step: ${quote(step)}, kind: ${quote(kind)}}`,
  );
  return `cast([${structs.join(", ")}] as struct(failure_id varchar, failed_at timestamp, step varchar, kind varchar)[])`;
}

const timestamp = (at: Date) => `cast(${quote(at.toISOString().slice(0, -1))} as timestamp)`;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
