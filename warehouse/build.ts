// Base tables → marts: runs the models, holds them to their descriptions, and tests them.

import { checksOf, checkStatement, failureText } from "./checks.ts";
import type { Database } from "./duckdb.ts";
import { LoadError } from "./error.ts";
import { type GroupDay, logRank } from "./logrank.ts";
import type { Model, Models } from "./models.ts";
import { quote } from "./sql.ts";

/**
 * Builds every model as a table of its name.
 * @param onStep called before each, with what is about to happen
 */
export async function buildModels(
  database: Database,
  { macros, models }: Models,
  onStep: (step: string) => void | Promise<void>,
): Promise<void> {
  await database.run(macros);
  for (const model of models) {
    if (model.layer !== "base") {
      await onStep(`build ${model.name}`);
      if (model.name === "time_to_activation_test") await computeLogRank(database);
      await database.run(`create table ${model.name} as ${model.sql}`);
    }
    await checkColumns(database, model);
  }
}

/** A description that has gone stale misleads everyone who reads it; so it stops the load of the one who changed the model. */
async function checkColumns(database: Database, model: Model): Promise<void> {
  const columns = await database.rows<{ column_name: string; column_type: string }>(`describe ${model.name}`);
  const actual = columns.map(({ column_name: name, column_type: type }) => `${name} ${type}`);
  const described = model.columns.map(({ name, type }) => `${name} ${type}`);
  const index = Math.max(actual.length, described.length);
  for (let at = 0; at < index; at += 1)
    if (actual[at] !== described[at])
      throw new Error(
        `models/${model.layer}/${model.name}.yml describes column ${at + 1} as ${described[at] ?? "absent"}; ` +
          `the SQL makes it ${actual[at] ?? "absent"}`,
      );
}

/** Makes the table `log_rank`: one row for each dimension whose segments can be compared. */
async function computeLogRank(database: Database): Promise<void> {
  type Day = { dimension: string; segment: string; day: number; at_risk: number; activated: number };
  const rows = await database.rows<Day>(
    `select dimension, segment, day, at_risk, activated from time_to_activation
     where dimension <> 'all' order by dimension, segment, day`,
  );
  const dimensions = new Map<string, Map<string, GroupDay[]>>();
  for (const { dimension, segment, day, at_risk: atRisk, activated } of rows) {
    const segments = dimensions.get(dimension) ?? new Map<string, GroupDay[]>();
    const days = segments.get(segment) ?? [];
    days.push({ day, atRisk, activated });
    dimensions.set(dimension, segments.set(segment, days));
  }
  await database.run(
    "create table log_rank(dimension varchar, chi_square double, degrees_of_freedom integer, p_value double)",
  );
  for (const [dimension, segments] of dimensions) {
    const test = logRank(Array.from(segments.values()));
    if (!test) continue;
    const numbers = [test.chiSquare, test.degreesOfFreedom, test.pValue].map((number) => `'${number}'`);
    await database.run(`insert into log_rank values (${[quote(dimension), ...numbers].join(", ")})`);
  }
}

/**
 * Runs all data tests.
 * @returns what severity warn found
 * @throws LoadError with all that severity error found
 */
export async function runChecks(database: Database, { models }: Models): Promise<string[]> {
  const checks = models.flatMap(checksOf);
  const broken = await database.rows<{ position: number; failures: number }>(checkStatement(checks));
  const failed = broken.flatMap(({ position, failures }) =>
    checks.slice(position, position + 1).map((check) => ({
      severity: check.severity,
      text: `${failureText(check)}${failures} row(s)`,
    })),
  );
  const errors = failed.filter(({ severity }) => severity === "error").map(({ text }) => text);
  if (errors.length > 0)
    throw new LoadError(
      `Data tests failed; nothing was published, and the snapshot before stays as it is.\n  ${errors.join("\n  ")}\n` +
        `Each test stands in the model's .yml. Find the events at fault, or correct the model, then load again.`,
    );
  return failed.map(({ text }) => text);
}
