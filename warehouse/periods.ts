// Tables by period: computed from the first period on in which something changed; earlier ones stay as they are.

import type { Model } from "./models.ts";
import { readsOf } from "./models.ts";
import { quote } from "./sql.ts";
import { changesOf } from "./touched.ts";
import { buildModels, inSchemas, type Workshop } from "./workshop.ts";

/** Builds one table by period: `recent.<table>` what is computed anew, `main.<table>` the whole. */
export async function buildPeriods(shop: Workshop, model: Model): Promise<void> {
  const { database, base, models } = shop;
  const { name, period } = model;
  const column = model.columns[0]?.name ?? "";
  const from =
    base === null ? "timestamp '0001-01-01'" : `timestamp ${quote(await changedFrom(shop, model))}`;
  await database.run(`set variable from_at = date_trunc('${period ?? "month"}', ${from})`);
  for (const read of readsOf(model)) {
    const input = models.find((candidate) => candidate.name === read);
    if (input?.partitioned_by !== undefined && model.changed_from === undefined)
      await database.run(
        `create or replace view recent.${read} as
           select * from main.${read} where ${input.partitioned_by} >= getvariable('from_at')`,
      );
    // What tells by itself from when on it has to look reads all.
    else await database.run(`drop view if exists recent.${read}`);
  }
  await inSchemas(database, ["recent", "main"], () => buildModels(database, "recent", [model], shop.onStep));
  const earlier =
    base === null
      ? ""
      : `select * from base.${name} where ${column} < getvariable('from_at') union all by name `;
  await database.run(`create view main.${name} as ${earlier} select * from recent.${name}`);
}

/** The first time of a period in which something changed, as text. */
async function changedFrom({ database, models }: Workshop, model: Model): Promise<string> {
  const inputs = readsOf(model).flatMap((name) =>
    models.filter((it) => it.name === name && it.partitioned_by !== undefined),
  );
  const changes =
    model.changed_from === undefined
      ? inputs.map(
          ({ name, partitioned_by: column }) =>
            `select min(${column ?? ""}) as since_at from ${changesOf(name)}`,
        )
      : [model.changed_from];
  // The running period is told anew with each as-of time.
  const [found] = await database.rows<{ since_at: string }>(
    `select cast(date_trunc('month', least(min(since_at), getvariable('as_of'), getvariable('as_of_before'))) as varchar) as since_at
     from (${changes.join(" union all ")}) as changes`,
  );
  return found?.since_at ?? "0001-01-01";
}
