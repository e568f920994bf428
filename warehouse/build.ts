// Base tables → all others: those of units of what was touched, those by period from where something changed, the rest whole.
// Where there is no snapshot to build on, everything is touched, and the same statements make it.

import type { Database } from "./duckdb.ts";
import { type GroupDay, logRank } from "./logrank.ts";
import type { Model } from "./models.ts";
import { mergeUnit } from "./merge.ts";
import { computeUnit } from "./parts.ts";
import { buildPeriods } from "./periods.ts";
import { quote } from "./sql.ts";
import { testAll } from "./tests.ts";
import { findChanges, findRepeated, findTouched, nameOrders } from "./touched.ts";
import { unitNames } from "./units.ts";
import { buildModels, checkColumns, inSchemas, SCHEMAS, withStaging, type Workshop } from "./workshop.ts";
import { rowsOf } from "./views.ts";
import { sortedRows } from "./write.ts";

/**
 * Builds all tables, tests them, and writes their files. `events`, `taken_events` and `profiles` must be there.
 * @returns what data tests of severity warn found
 * @throws LoadError where one of severity error fails
 */
export async function buildTables(shop: Workshop, macros: string): Promise<string[]> {
  const { database, models, base, lake, onStep } = shop;
  await database.run(`${macros}; ${SCHEMAS.map((schema) => `create schema ${schema};`).join(" ")}`);
  for (const model of models.filter(({ layer }) => layer === "base")) await checkColumns(database, model);
  if (base !== null) {
    for (const model of models) {
      const table = base.tables[model.name];
      if (table) await database.run(`create view base.${model.name} as ${rowsOf(lake, model, table.files)}`);
    }
    await onStep("find what changed");
    await findChanges(shop);
  }
  await nameOrders(shop);
  for (const unit of unitNames) {
    const own = models.filter((model) => model.unit === unit);
    if (own.length === 0) continue;
    const isTouched = base === null ? "true" : await findTouched(shop, unit);
    await computeUnit(shop, unit, own, isTouched);
    await mergeUnit(shop, unit, own, isTouched);
    if (unit === "id" && base !== null) await findRepeated(shop);
  }
  const rest = models.filter(
    ({ layer, unit }) => layer !== "base" && layer !== "staging" && unit === undefined,
  );
  for (const model of withStaging(models, rest)) {
    if (model.period !== undefined) await buildPeriods(shop, model);
    else await buildWhole(shop, model);
  }
  await onStep("test");
  const warnings = await testAll(shop);
  for (const model of rest) {
    await onStep(`write ${model.name}`);
    shop.files.set(model.name, [await shop.writer.write(model, sortedRows(model))]);
  }
  return warnings;
}

async function buildWhole({ database, onStep }: Workshop, model: Model): Promise<void> {
  if (model.name === "time_to_activation_test") await computeLogRank(database);
  await inSchemas(database, ["main"], () => buildModels(database, "main", [model], onStep));
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
