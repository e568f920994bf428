// What the steps of a load share, and how models are built: in a schema of their own, so that the same SQL makes all rows
// of a table or those of a part.
//
//   base     the newest snapshot's tables, where this load builds on it
//   part_…   what is computed of a unit now: tables of its models, and of all staging that they read
//   old      rows of the base that are computed anew;  fresh_…: what those of a unit are now, and partitioned, by partition
//   changed  rows that are not what they were, as they were and as they are: removed, those that are not there any more, and
//            added, those that were not there before
//   recent   periods that are computed anew
//   main     the next snapshot's tables, whole

import type { Database } from "./duckdb.ts";
import { type Model, readsOf } from "./models.ts";
import type { LakeFile, Manifest } from "./snapshot.ts";
import type { Writer } from "./write.ts";

export const SCHEMAS = ["base", "old", "partitioned", "changed", "removed", "added"];

export interface Workshop {
  database: Database;
  /** In building order. */
  models: readonly Model[];
  /** Root of the lake. */
  lake: string;
  /** Where parts wait that are too many for memory; empty at first. */
  spillFolder: string;
  writer: Writer;
  /** The snapshot that is built on; null where everything is computed. */
  base: Manifest | null;
  /** Events of which a unit's part has about so many. */
  eventsPerPart: number;
  onStep: (step: string) => void | Promise<void>;
  /** The files of the next snapshot, by table. */
  files: Map<string, LakeFile[]>;
  /** Tables without a row: of a unit, those of which nothing is fresh; else of the next snapshot. */
  empty: Set<string>;
  /** How often a test of severity error fails, by model and name. */
  failed: Map<string, number>;
  /** How often one of severity warn does, of those that are counted by unit. */
  warned: Map<string, number>;
}

/** Runs `work` where names without a schema are looked up in these, and what is made goes to the first. */
export async function inSchemas<T>(
  database: Pick<Database, "run">,
  schemas: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  await database.run(`set search_path = '${schemas.join(",")}'`);
  try {
    return await work();
  } finally {
    await database.run("set search_path = 'main'");
  }
}

/**
 * Builds models, in the order given, as tables or views of the schema that is first.
 * @returns the names of tables that came to no row
 */
export async function buildModels(
  database: Database,
  schema: string,
  models: readonly Model[],
  onStep: Workshop["onStep"],
): Promise<Set<string>> {
  const empty = new Set<string>();
  for (const model of models) {
    await onStep(`build ${model.name}`);
    const place = `${schema}.${model.name}`;
    if (model.is_view) await database.run(`create view ${place} as ${model.sql}`);
    else if ((await database.create(place, model.sql)) === 0) empty.add(model.name);
    await checkColumns(database, model);
  }
  return empty;
}

/** All of `models` that the given ones read and that stand in no snapshot, and they themselves; in building order. */
export function withStaging(models: readonly Model[], given: readonly Model[]): Model[] {
  const wanted = new Set(given);
  for (const model of models.toReversed()) {
    if (!wanted.has(model)) continue;
    for (const name of readsOf(model)) {
      const read = models.find((candidate) => candidate.name === name);
      if (read?.layer === "staging") wanted.add(read);
    }
  }
  return models.filter((model) => wanted.has(model));
}

/** Models whose descriptions were found true. What their SQL makes does not change while a process runs. */
const described = new WeakSet<Model>();

/** A description that has gone stale misleads everyone who reads it; so it stops the load of the one who changed the model. */
export async function checkColumns(database: Database, model: Model): Promise<void> {
  if (described.has(model)) return;
  const columns = await database.rows<{ column_name: string; column_type: string }>(`describe ${model.name}`);
  const actual = columns.map(({ column_name: name, column_type: type }) => `${name} ${type}`);
  const told = model.columns.map(({ name, type }) => `${name} ${type}`);
  const index = Math.max(actual.length, told.length);
  for (let at = 0; at < index; at += 1)
    if (actual[at] !== told[at])
      throw new Error(
        `models/${model.layer}/${model.name}.yml describes column ${at + 1} as ${told[at] ?? "absent"}; ` +
          `the SQL makes it ${actual[at] ?? "absent"}`,
      );
  described.add(model);
}
