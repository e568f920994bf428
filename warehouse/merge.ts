// What is fresh of a table, and what stays of it → the files of the next snapshot. A partition in which no row changed keeps
// its files.

import { isStored, type Model } from "./models.ts";
import type { LakeFile } from "./snapshot.ts";
import { quote } from "./sql.ts";
import { changesOf } from "./touched.ts";
import { folderOf, partitionIn, partitionOf, type Unit } from "./units.ts";
import { rowsOf } from "./views.ts";
import type { Workshop } from "./workshop.ts";
import { orderOf } from "./write.ts";

/** Brings all stored tables of a unit up to date: `main.<table>`, with `removed.<table>` and `added.<table>` where they had rows. */
export async function mergeUnit(
  shop: Workshop,
  unit: Unit,
  models: readonly Model[],
  isTouched: string,
): Promise<void> {
  const { database, base, lake, files, onStep } = shop;
  const stored = models.filter(isStored);
  for (const model of stored) {
    await onStep(`write ${model.name}`);
    files.set(model.name, await mergeTable(shop, unit, model, isTouched));
    await database.run(
      `create view main.${model.name} as ${rowsOf(lake, model, files.get(model.name) ?? [])}`,
    );
  }
  if (base !== null) return;
  // All is fresh, and in the files: what is in memory makes room for what comes.
  for (const { name } of stored)
    await database.run(`create or replace view fresh_${unit}.${name} as from main.${name}`);
  await database.run(`drop schema part_${unit} cascade`);
}

async function mergeTable(shop: Workshop, unit: Unit, model: Model, isTouched: string): Promise<LakeFile[]> {
  const { database, base, lake } = shop;
  const { name } = model;
  const before = base?.tables[name]?.files ?? [];
  if (base !== null) await compare(shop, unit, model, isTouched);
  const changed =
    base === null
      ? `select part_of from partitioned.${name}`
      : `select ${partitionOf(model)} as part_of from ${changesOf(name)}`;
  const dirty = await database.rows<{ partition: string }>(
    `select distinct part_of as partition from (${changed}) as changed order by 1`,
  );
  const files = before.filter(({ path }) => !dirty.some(({ partition }) => partition === partitionIn(path)));
  for (const { partition } of dirty) {
    const kept = before.filter(({ path }) => partition === partitionIn(path));
    const stays =
      kept.length === 0 ? "" : `${rowsOf(lake, model, kept)} where (${isTouched}) is not true union all `;
    const fresh = `select * exclude (part_of) from partitioned.${name} where part_of = ${quote(partition)}`;
    const query = `from (${stays} ${fresh}) as rows ${orderOf(model)}`;
    const file = await shop.writer.write(model, query, folderOf(model, partition));
    if (file.rows > 0) files.push(file);
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Makes `old`, `removed` and `added` of a table: what was there of the touched units, and how it differs from what is fresh.
 * Rows of both are counted against each other in one pass over them: `except all`, once in each direction, took over twice the time.
 */
async function compare({ database }: Workshop, unit: Unit, model: Model, isTouched: string): Promise<void> {
  const differing = (isMore: string) => `select * exclude (more) from changed.${name} where more ${isMore}`;
  const { name, looks_back: looksBack, partitioned_by: at = "" } = model;
  const since = looksBack ? `where ${at} >= getvariable('changed_at')` : "";
  await database.run(`
    create view old.${name} as select * from base.${name} where ${isTouched};
    create table changed.${name} as
      select * exclude (side), sum(side) as more
      from (select *, 1 as side from fresh_${unit}.${name} ${since} union all select *, -1 as side from old.${name} ${since}) as sides
      group by all having more <> 0;
    create view removed.${name} as ${differing("< 0")};
    create view added.${name} as ${differing("> 0")}`);
}
