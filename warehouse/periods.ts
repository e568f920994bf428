// Tables by period: computed from the first period on in which something changed; earlier ones stay as they are.

import { type Model, readsOf } from "./models.ts";
import { quote } from "./sql.ts";
import { testHere } from "./tests.ts";
import { changesOf } from "./touched.ts";
import { buildModels, inSchemas, type Workshop } from "./workshop.ts";

/** Builds one table by period: `recent.<table>` what is computed anew, `main.<table>` the whole. */
export async function buildPeriods(shop: Workshop, model: Model): Promise<void> {
  const { database, base } = shop;
  const { name, period = "month" } = model;
  const column = model.columns[0]?.name ?? "";
  const changed = base === null ? BEGINNING : await changedFrom(shop, model);
  const [begin] = await database.rows<{ from_at: string }>(
    `select cast(date_trunc('${period}', timestamp ${quote(changed)}) as varchar) as from_at`,
  );
  // As a literal in views: the next table begins elsewhere.
  const from = `timestamp ${quote(begin?.from_at ?? BEGINNING)}`;
  await database.run(
    `set variable from_at = ${from}; drop schema if exists recent cascade; create schema recent`,
  );
  // What tells by itself from when on something changed looks where it wants to.
  const inputs = model.changed_from === undefined ? partitionedInputs(shop, model) : [];
  for (const input of inputs)
    await database.run(
      `create view recent.${input.name} as select * from main.${input.name} where ${input.partitioned_by ?? ""} >= ${from}`,
    );
  await inSchemas(database, ["recent", "main"], async () => {
    await buildModels(database, "recent", [model], shop.onStep);
    await testHere(shop, model);
  });
  const rows =
    base === null
      ? "from recent"
      : `select * from base.${name} where ${column} < ${from} union all by name from recent`;
  await database.run(`create table main.${name} as ${rows}.${name}`);
}

/** Before all that can have happened. */
const BEGINNING = "0001-01-01";

function partitionedInputs({ models }: Workshop, model: Model): Model[] {
  const read = readsOf(model);
  return models.filter(({ name, partitioned_by: column }) => column !== undefined && read.includes(name));
}

/** The first time of a period in which something changed, as text. */
async function changedFrom(shop: Workshop, model: Model): Promise<string> {
  const changes =
    model.changed_from === undefined
      ? partitionedInputs(shop, model).map(
          ({ name, partitioned_by: column }) =>
            `select min(${column ?? ""}) as since_at from ${changesOf(name)}`,
        )
      : [model.changed_from];
  // The running period is told anew with each as-of time.
  const [found] = await shop.database.rows<{ since_at: string }>(
    `select cast(date_trunc('month', least(min(since_at), getvariable('as_of'), getvariable('as_of_before'))) as varchar) as since_at
     from (${changes.join(" union all ")}) as changes`,
  );
  return found?.since_at ?? BEGINNING;
}
