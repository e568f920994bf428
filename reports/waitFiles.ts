// Writes the files that the activation page reads of a scope and a period: one file a choice, with all of its tables.
//
// The pages' own tables are of everything: a page that opens has them at once, and the first chart waits for nothing else.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Binary, Table, Utf8, tableToIPC, vectorFromArray } from "apache-arrow";
import type { Column, Lake } from "../warehouse/read.ts";
import { toArrow } from "./lake.ts";
import { choicesOf, waitFile, waitTables } from "./src/components/choices.ts";

/** Writes `waits/<snapshot>/` of a site. The snapshot is in the path, as with histories: a page never mixes two. */
export async function writeWaitFiles(lake: Lake, site: string): Promise<void> {
  const folder = join(site, "waits", String(lake.snapshot));
  await mkdir(folder, { recursive: true });
  const parts: ReturnType<typeof split>[] = [];
  for (const name of waitTables) parts.push(split(await lake.columns(`from waits.${name} order by rowid`)));
  const scopes = await lake.query<{ scope: string }>("select scope from scope order by kind, place");
  for (const { scope, period } of choicesOf(scopes)) {
    const bytes = parts.map((part) => toArrow(part(scope, period)));
    await writeFile(
      join(folder, waitFile(scopes, scope, period)),
      tableToIPC(
        new Table({
          name: vectorFromArray(waitTables, new Utf8()),
          bytes: vectorFromArray(bytes, new Binary()),
        }),
      ),
    );
  }
}

/** Divides a table by its first two columns, scope and period, which are left out. */
function split([scopes, periods, ...columns]: readonly Column[]): (
  scope: string,
  period: string,
) => Column[] {
  const keyOf = (scope: unknown, period: unknown) => JSON.stringify([scope, period]);
  const rows = Map.groupBy(scopes!.values.keys(), (row) => keyOf(scopes!.values[row], periods!.values[row]));
  return (scope, period) => {
    const own = rows.get(keyOf(scope, period)) ?? [];
    return columns.map((column) => ({ ...column, values: own.map((row) => column.values[row] ?? null) }));
  };
}
