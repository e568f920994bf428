// Tables by period: computed from the first period on in which something changed; earlier ones stay as they are. `from_at`
// and `until_at` are the variables that say what is computed.

import { type Model, readsOf } from "./models.ts";
import { quote } from "./sql.ts";
import { testHere } from "./tests.ts";
import { changesOf } from "./touched.ts";
import { buildModels, inSchemas, type Workshop } from "./workshop.ts";

/** Builds one table by period: what changed is computed anew, in as many stretches of time as memory asks for. */
export async function buildPeriods(shop: Workshop, model: Model): Promise<void> {
  const { database, base } = shop;
  const { name } = model;
  const column = model.columns[0]?.name ?? "";
  const stretches = await stretchesOf(shop, model);
  for (const [index, stretch] of stretches.entries()) {
    await buildStretch(shop, model, stretch);
    await database.run(
      `${index === 0 ? `create table main.${name} as` : `insert into main.${name}`} from recent.${name}`,
    );
  }
  const [first] = stretches;
  if (base === null || !first) return;
  await database.run(
    `insert into main.${name} by name select * from base.${name} where ${column} < ${first.from}`,
  );
}

/** From when, up to when: literals. */
interface Stretch {
  from: string;
  until: string;
}

async function buildStretch(shop: Workshop, model: Model, { from, until }: Stretch): Promise<void> {
  const { database, onStep } = shop;
  await database.run(`
    set variable from_at = ${from};
    set variable until_at = ${until};
    drop schema if exists recent cascade;
    create schema recent`);
  // What tells by itself from when on something changed looks where it wants to.
  const inputs = model.changed_from === undefined ? partitionedInputs(shop, model) : [];
  for (const { name, partitioned_by: at = "" } of inputs)
    await database.run(
      `create view recent.${name} as select * from main.${name} where ${at} >= ${from} and ${at} < ${until}`,
    );
  await inSchemas(database, ["recent", "main"], async () => {
    const empty = await buildModels(database, "recent", [model], onStep);
    await testHere(shop, [model], empty);
  });
}

/** The time to compute, from the first change to the end, cut where a period begins; so that each reads about as much as a part. */
async function stretchesOf(shop: Workshop, model: Model): Promise<Stretch[]> {
  const { database, base, files, eventsPerPart } = shop;
  const { period = "month" } = model;
  const inputs = partitionedInputs(shop, model);
  const earliest = inputs.map(
    ({ name, partitioned_by: at = "" }) => `select min(${at}) as since_at from main.${name}`,
  );
  const [range] = await database.rows<{ first: string; months: number }>(`
    select
      cast(coalesce(min(since_at), getvariable('as_of')) as varchar) as first,
      date_diff('month', least(min(since_at), getvariable('as_of')), getvariable('as_of')) + 1 as months
    from (${earliest.join(" union all ")}) as earliest`);
  const rows = inputs.flatMap(({ name }) => files.get(name) ?? []).reduce((sum, file) => sum + file.rows, 0);
  const room = Math.floor(((range?.months ?? 1) * eventsPerPart) / Math.max(1, rows));
  const months = Math.min(1_200, Math.max(1, room));
  const from = base === null ? (range?.first ?? BEGINNING) : await changedFrom(shop, model);
  const begins = await database.rows<{ from_at: string }>(`
    select cast(unnest(generate_series(
      date_trunc('${period}', timestamp ${quote(from)}),
      greatest(date_trunc('${period}', timestamp ${quote(from)}), getvariable('as_of')),
      interval '${period === "week" ? months * 4 : months} ${period}s'
    )) as varchar) as from_at`);
  return begins.map(({ from_at: at }, index) => ({
    from: `timestamp ${quote(index === 0 && base === null ? BEGINNING : at)}`,
    until: `timestamp ${quote(begins[index + 1]?.from_at ?? END)}`,
  }));
}

/** Before and after all that can have happened. */
const BEGINNING = "0001-01-01";
const END = "9999-01-01";

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
