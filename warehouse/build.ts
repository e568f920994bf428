// Base tables → all others: those of units of what was touched, those by period from where something changed, the rest whole.
// Where there is no snapshot to build on, everything is touched, and the same statements make it.

import { isStored, type Model } from "./models.ts";
import { mergeUnit } from "./merge.ts";
import { computeUnit } from "./parts.ts";
import { buildPeriods } from "./periods.ts";
import { testAll } from "./tests.ts";
import { findChanges, findRepeated, findTouched, nameOrders } from "./touched.ts";
import { unitNames } from "./units.ts";
import { buildModels, checkColumns, inSchemas, SCHEMAS, withStaging, type Workshop } from "./workshop.ts";
import { rowsOf } from "./views.ts";
import { makeLogRank } from "./waits.ts";
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
  for (const model of rest.filter(isStored)) {
    await onStep(`write ${model.name}`);
    shop.files.set(model.name, [await shop.writer.write(model, sortedRows(model))]);
  }
  return warnings;
}

async function buildWhole({ database, onStep, empty }: Workshop, model: Model): Promise<void> {
  if (model.name === "time_to_activation_test") await makeLogRank(database);
  const made = await inSchemas(database, ["main"], () => buildModels(database, "main", [model], onStep));
  for (const name of made) empty.add(name);
}
