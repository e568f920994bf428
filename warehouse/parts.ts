// Computes the tables of a unit: of what was touched, or of everything; in as many parts as memory asks for.

import { join } from "node:path";
import { isStored, type Model } from "./models.ts";
import { quote } from "./sql.ts";
import { testHere } from "./tests.ts";
import { partitionOf, type Unit, units } from "./units.ts";
import { buildModels, inSchemas, withStaging, type Workshop } from "./workshop.ts";

/** Computes what is fresh of the unit's tables: `fresh_<unit>.<table>` for each that is stored, and the same by partition. */
export async function computeUnit(
  shop: Workshop,
  unit: Unit,
  models: readonly Model[],
  isTouched: string,
): Promise<void> {
  const { database, onStep } = shop;
  const schema = `part_${unit}`;
  const all = withStaging(shop.models, models);
  const parts = await splitUnit(shop, unit, isTouched);
  const stored = models.filter(isStored);
  /** Tables of which some part had rows, and put them aside. */
  const filled = new Set<Model>();
  for (const { name } of stored) shop.empty.add(name);
  for (const [index, prepare] of parts.entries()) {
    await database.run(`drop schema if exists ${schema} cascade; create schema ${schema}`);
    await prepare(schema);
    const say = (step: string) =>
      onStep(parts.length > 1 ? `${step}, part ${index + 1} of ${parts.length}` : step);
    await inSchemas(database, [schema, "main"], async () => {
      const empty = await buildModels(database, schema, all, say);
      await say("test");
      await testHere(shop, all, empty);
      for (const { name } of stored) if (!empty.has(name)) shop.empty.delete(name);
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
  if (isCopied && shop.base === null) await database.run(`drop table ${schema}.events`);
  await database.run(`drop table if exists touched_row_${unit}`);
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

async function splitUnit(shop: Workshop, unit: Unit, isTouched: string): Promise<Prepare[]> {
  const { database, base, eventsPerPart } = shop;
  const { key, events, columns, inputs } = units[unit];
  const known = inputs.filter((input) => shop.models.some(({ name }) => name === input));
  if (columns !== undefined)
    return [
      async (schema) =>
        database.run(`create view ${schema}.events as select ${columns} from main.events where ${isTouched}`),
    ];
  // What has most rows says how many parts there are: the events, or else the table that all else is made of.
  const [first = ""] = known;
  const most = events === null ? first : "events";
  const rows = `select * from main.${events === null ? first : "unit_event"} where ${events ?? "true"} and ${isTouched}`;
  const source = base === null ? `(${rows})` : `touched_row_${unit}`;
  if (base !== null) {
    await database.run(`create table ${source} as ${rows}`);
    if (events !== null) await findFirstChange(shop, unit, source);
  }
  const [counted] = await database.rows<{ count: number }>(`select count(*) as count from ${source}`);
  const parts = Math.max(1, Math.ceil((counted?.count ?? 0) / eventsPerPart));
  const bucket = `hash(${key}) % ${parts}`;
  if (events !== null && parts > 1)
    await splitEvents(shop, unit, `select *, ${bucket} as part from ${source}`);
  return Array.from({ length: parts }, (_, part): Prepare => async (schema) => {
    const isHere = parts === 1 ? "true" : `${bucket} = ${part}`;
    // What was copied to be counted is not copied again.
    const kind = parts === 1 && base !== null ? "view" : "table";
    if (events === null || parts === 1)
      await database.run(`create ${kind} ${schema}.${most} as select * from ${source} where ${isHere}`);
    else {
      const folder = quote(join(shop.spillFolder, unit, `part=${part}`, "**", "*.parquet"));
      await database.run(
        `create view ${schema}.events as select * exclude (part)
          from read_parquet(${folder}, hive_partitioning = true, hive_types_autocast = false)`,
      );
    }
    for (const input of known)
      if (input !== most)
        await database.run(
          `create table ${schema}.${input} as select * from main.${input} where ${isTouched} and ${isHere}`,
        );
  });
}

/** Sets `changed_at`: no event before it says anything else of what was touched than it did, or of who has it. */
async function findFirstChange({ database }: Workshop, unit: Unit, source: string): Promise<void> {
  const first = `select ${units[unit].key} as key, min(occurred_at) as first_at from ${source} group by all`;
  await database.run(
    `set variable changed_at = (
      select coalesce(min(greatest(since_at, coalesce(first_at, since_at))), timestamp 'infinity')
      from touched_${unit} left join (${first}) as firsts using (key))`,
  );
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
