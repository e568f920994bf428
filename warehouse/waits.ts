// The estimates of how long customers wait, for rows of a reader's own choice: by the very models that a load builds its marts by.
//
// A load estimates a few dozen curves. A reader may want thousands, of one product each, or of one country: whoever gives each
// a dimension of its own has all of them in one run.

import type { Column, Database } from "./duckdb.ts";
import { type GroupDay, logRank } from "./logrank.ts";
import { readModels } from "./models.ts";
import { quote } from "./sql.ts";
import { inSchemas } from "./workshop.ts";

type Readable = Pick<Database, "run" | "columns">;

/** Dimensions of which all days are in memory at once: of fifty segments and a thousand days each, a million rows. */
const DIMENSIONS_AT_ONCE = 20;

/** Makes the table `log_rank` of `time_to_activation`, in the schema that is looked in first: one row a dimension that can be compared. */
export async function makeLogRank(database: Readable): Promise<void> {
  await database.run(
    "create table log_rank(dimension varchar, chi_square double, degrees_of_freedom integer, p_value double)",
  );
  const [dimensions] = await database.columns(
    "select distinct dimension from time_to_activation where dimension <> 'all' order by dimension",
  );
  const names = (dimensions?.values ?? []) as string[];
  for (let at = 0; at < names.length; at += DIMENSIONS_AT_ONCE) {
    const some = names.slice(at, at + DIMENSIONS_AT_ONCE);
    const days = await database.columns(
      `select dimension, segment, day, at_risk::integer, activated::integer from time_to_activation
       where dimension in (${some.map(quote).join(", ")}) order by dimension, segment, day`,
    );
    const rows = Array.from(groupsOf(days), ([dimension, segments]) => {
      const test = logRank(Array.from(segments.values()));
      if (test === null) return [];
      const numbers = [test.chiSquare, test.degreesOfFreedom, test.pValue].map((number) => `'${number}'`);
      return `(${[quote(dimension), ...numbers].join(", ")})`;
    }).flat();
    if (rows.length > 0) await database.run(`insert into log_rank values ${rows.join(", ")}`);
  }
}

/** The days of each segment of each dimension. */
function groupsOf(columns: readonly Column[]): Map<string, Map<string, GroupDay[]>> {
  const [dimensions, segments, days, atRisk, activated] = columns.map(({ values }) => values);
  const groups = new Map<string, Map<string, GroupDay[]>>();
  for (const [index, value] of (dimensions ?? []).entries()) {
    const dimension = groups.get(value as string) ?? new Map<string, GroupDay[]>();
    groups.set(value as string, dimension);
    const segment = segments?.[index] as string;
    const group = dimension.get(segment) ?? [];
    dimension.set(segment, group);
    group.push({
      day: days?.[index] as number,
      atRisk: atRisk?.[index] as number,
      activated: activated?.[index] as number,
    });
  }
  return groups;
}

/**
 * Makes `int_activation_wait` in a schema, as a load has it, over the `fct_entitlement` of a snapshot: who waits, for how long, and of
 * which segments. What models ask of `getvariable('as_of')` is set to the snapshot's.
 * @returns the dimensions: those of its columns that entitlements are compared by, without the whole
 */
export async function makeWaits(database: Readable, schema: string): Promise<string[]> {
  const { models, macros } = await readModels();
  const find = (name: string) => models.find((model) => model.name === name);
  await database.run(`${macros}; set variable as_of = (select as_of from meta);`);
  await database.run(`create view ${schema}.int_activation_wait as ${find("int_activation_wait")?.sql}`);
  const tests = find("time_to_activation")?.columns.find(({ name }) => name === "dimension")?.tests ?? [];
  return tests
    .flatMap((test) => (typeof test === "object" && "accepted_values" in test ? test.accepted_values : []))
    .map(String)
    .filter((dimension) => dimension !== "all");
}

/**
 * Makes `time_to_activation`, its summary and its test in a schema, from the `int_activation_day` that stands there. What it calls a
 * dimension is the caller's choice; its segments are compared with one another.
 */
export async function estimateWaits(database: Readable, schema: string): Promise<void> {
  const { models } = await readModels();
  await inSchemas(database, [schema, "main"], async () => {
    for (const name of ["time_to_activation", "time_to_activation_summary", "time_to_activation_test"]) {
      if (name === "time_to_activation_test") await makeLogRank(database);
      await database.run(
        `create table ${schema}.${name} as ${models.find((model) => model.name === name)?.sql}`,
      );
    }
  });
}
