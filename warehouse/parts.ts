// Computes the tables of a unit: of what was touched, or of everything; in as many parts as memory asks for.

import { join } from "node:path";
import { isStored, type Model } from "./models.ts";
import { quote } from "./sql.ts";
import { testHere } from "./tests.ts";
import { partitionOf, type Unit, units } from "./units.ts";
import { buildModels, inSchemas, withStaging, type Workshop } from "./workshop.ts";

/** Computes what is fresh of the unit's tables: `fresh_<unit>.<table>` for each that is stored, and the same by partition. */
export async function computeUnit(shop: Workshop, unit: Unit, models: readonly Model[]): Promise<void> {
  const { database, onStep } = shop;
  const schema = `part_${unit}`;
  const all = withStaging(shop.models, models);
  const parts = await splitUnit(shop, unit);
  const stored = models.filter(isStored);
  /** Tables of which some part had rows, and put them aside. */
  const filled = new Set<Model>();
  for (const [index, prepare] of parts.entries()) {
    await database.run(`drop schema if exists ${schema} cascade; create schema ${schema}`);
    await prepare(schema);
    const say = (step: string) =>
      onStep(parts.length > 1 ? `${step}, part ${index + 1} of ${parts.length}` : step);
    await inSchemas(database, [schema, "main"], async () => {
      await buildModels(database, schema, all, say);
      await say("test");
      await testHere(shop, ...all);
    });
    if (parts.length > 1) await say("put aside");
    if (parts.length > 1)
      for (const model of stored) if (await spill(shop, schema, model, index)) filled.add(model);
  }
  // What nobody reads any more makes room for what comes.
  for (const model of all)
    if ((!stored.includes(model) || filled.has(model)) && !model.is_view)
      await database.run(`drop table ${schema}.${model.name}`);
  const isCopied = units[unit].events !== null && units[unit].columns === undefined && parts.length === 1;
  if (isCopied) await database.run(`drop table ${schema}.events`);
  await database.run(`create schema fresh_${unit}`);
  for (const model of stored) {
    const here = `(select *, ${partitionOf(model)} as part_of from ${schema}.${model.name})`;
    await database.run(`
      create view partitioned.${model.name} as from ${filled.has(model) ? spilled(shop, model) : here};
      create view fresh_${unit}.${model.name} as select * exclude (part_of) from partitioned.${model.name}`);
  }
}

/** Prepares the schema of one part: its events and inputs. */
type Prepare = (schema: string) => Promise<void>;

async function splitUnit(shop: Workshop, unit: Unit): Promise<Prepare[]> {
  const { database, base, eventsPerPart } = shop;
  const { key, events, columns, inputs } = units[unit];
  const isTouched = base === null ? "true" : `${key} in (select key from touched_${unit})`;
  const known = inputs.filter((input) => shop.models.some(({ name }) => name === input));
  if (columns !== undefined)
    return [
      async (schema) =>
        database.run(`create view ${schema}.events as select ${columns} from main.events where ${isTouched}`),
    ];
  const source =
    events === null ? `main.${known[0] ?? ""}` : base === null ? "main.unit_event" : `touched_event_${unit}`;
  if (events !== null && base !== null)
    await database.run(
      `create table ${source} as select * from main.unit_event where ${events} and ${isTouched}`,
    );
  const isOf = `${events ?? "true"} and ${isTouched}`;
  const [counted] = await database.rows<{ count: number }>(
    `select count(*) as count from ${source} where ${isOf}`,
  );
  const parts = Math.max(1, Math.ceil((counted?.count ?? 0) / eventsPerPart));
  const bucket = `hash(${key}) % ${parts}`;
  if (events !== null && parts > 1)
    await splitEvents(shop, unit, `select *, ${bucket} as part from ${source} where ${isOf}`);
  return Array.from({ length: parts }, (_, part): Prepare => async (schema) => {
    const isHere = parts === 1 ? isTouched : `${isTouched} and ${bucket} = ${part}`;
    for (const input of known)
      await database.run(`create table ${schema}.${input} as select * from main.${input} where ${isHere}`);
    if (events === null) return;
    const folder = join(shop.spillFolder, unit, `part=${part}`, "**", "*.parquet");
    await database.run(
      parts === 1
        ? `create table ${schema}.events as from ${source} where ${isOf}; drop table if exists touched_event_${unit}`
        : `create view ${schema}.events as select * exclude (part)
            from read_parquet(${quote(folder)}, hive_partitioning = true, hive_types_autocast = false)`,
    );
  });
}

/** Writes events to a folder by part and type: staging reads a type at a time. */
async function splitEvents(
  { database, spillFolder, onStep }: Workshop,
  unit: Unit,
  query: string,
): Promise<void> {
  await onStep(`split events by ${unit}`);
  await database.run(
    `copy (${query}) to ${quote(join(spillFolder, unit))} (format parquet, compression lz4, partition_by (part, type))`,
  );
}

/** Puts a part's rows of a table aside, by partition. @returns whether there were any */
async function spill(
  { database, spillFolder }: Workshop,
  schema: string,
  model: Model,
  part: number,
): Promise<boolean> {
  const [copied] = await database.rows<{ Count: number }>(
    `copy (select *, ${partitionOf(model)} as part_of from ${schema}.${model.name})
      to ${quote(join(spillFolder, model.name))}
      (format parquet, compression lz4, partition_by (part_of), filename_pattern 'part-${part}-{i}', overwrite_or_ignore)`,
  );
  return (copied?.Count ?? 0) > 0;
}

/** What was put aside of a table, with `part_of`, its partition. */
function spilled({ spillFolder }: Workshop, { name }: Model): string {
  return `read_parquet(${quote(join(spillFolder, name, "**", "*.parquet"))}, hive_partitioning = true, hive_types_autocast = false)`;
}
