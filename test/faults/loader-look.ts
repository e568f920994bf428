// What a lake shows: to readers at any moment, and when all is over.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Database, openDatabase } from "../../warehouse/duckdb.ts";
import { openLake } from "../../warehouse/read.ts";
import { listSnapshots, type Manifest, manifestPath, readSnapshot } from "../../warehouse/snapshot.ts";
import { filesOf, verifySnapshot } from "../../warehouse/snapshots.ts";
import { quote } from "../../warehouse/sql.ts";
import { DATABASE_FILE } from "../../warehouse/views.ts";
import { tablesFor } from "../warehouse/support.ts";

type Ask = (sql: string) => Promise<Record<string, unknown>[]>;

/** Columns that are about the load that made them, and not about what was loaded; of `fct_load` it is all of them. */
const OF_THE_LOAD: Record<string, string> = { meta: "snapshot, created_at" };

/** What a reader found wrong with what it saw; nothing where it is one whole snapshot. */
async function whatIsWrong(ask: Ask, manifest: Manifest): Promise<string[]> {
  const { tables, snapshot, created_at: createdAt } = manifest;
  const names = tablesFor(manifest);
  const counts = names.map((name) => `select ${quote(name)} as name, count(*)::int as rows from "${name}"`);
  const found = new Map((await ask(counts.join(" union all "))).map(({ name, rows }) => [name, rows]));
  const wrong = names
    .filter((name) => found.get(name) !== tables[name]?.rows)
    .map(
      (name) => `${name} has ${String(found.get(name))} rows, and snapshot ${snapshot} ${tables[name]?.rows}`,
    );
  const [meta] = await ask(`
    select snapshot::int as snapshot, created_at, events::int as events, entitlements::int as entitlements,
      (select count(*)::int from events) as all_events, (select count(*)::int from fct_entitlement) as all_entitlements
    from meta`);
  const isOne =
    meta?.["snapshot"] === snapshot &&
    (meta["created_at"] as Date).getTime() === Date.parse(createdAt) &&
    meta["events"] === meta["all_events"] &&
    meta["entitlements"] === meta["all_entitlements"];
  return isOne ? wrong : [...wrong, `snapshot ${snapshot}'s tables disagree: ${JSON.stringify(meta)}`];
}

/** A reader that keeps what it opened, and can look again. */
export interface Reader {
  snapshot: number;
  look: () => Promise<string[]>;
  close: () => void;
}

/** Opens the newest snapshot by the read door. @returns null where there is none yet */
export async function openByDoor(root: string): Promise<Reader | null> {
  const lake = await openLake(root);
  if (!lake) return null;
  return { snapshot: lake.snapshot, look: () => whatIsWrong(lake.query, lake.manifest), close: lake.close };
}

/** Opens `keyhouse.duckdb`, to read only, as others do. @returns null where there is none yet */
export async function openByFile(root: string): Promise<Reader | null> {
  const path = join(root, DATABASE_FILE);
  if (!(await readFile(path).catch(() => null))) return null;
  const database = await openDatabase(":memory:");
  try {
    await database.run(`attach ${quote(path)} as shown (read_only); use shown`);
    const manifest = await manifestOf(database, root);
    const look = () => whatIsWrong(database.rows, manifest);
    return { snapshot: manifest.snapshot, look, close: database.close };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The snapshot whose files the views name. @throws Error where they are not those of one snapshot */
async function manifestOf(database: Database, root: string): Promise<Manifest> {
  const views = await database.rows<{ sql: string }>(
    "select sql from duckdb_views() where database_name = 'shown' and not internal",
  );
  const paths = views.flatMap(({ sql }) =>
    Array.from(sql.matchAll(/'([^']+\.parquet)'/g), ([, path = ""]) => path),
  );
  const shown = new Set(paths.map((path) => relative(root, path)));
  const [newest = 0] = Array.from(shown, (path) =>
    Number.parseInt(path.split("/").at(-1) ?? "", 10),
  ).toSorted((a, b) => b - a);
  const manifest = await readSnapshot(root, newest);
  const named = new Set(
    tablesFor(manifest).flatMap((table) => manifest.tables[table]?.files.map(({ path }) => path) ?? []),
  );
  const other = [...shown.symmetricDifference(named)];
  if (other.length > 0) throw new Error(`the views are not of snapshot ${newest} alone: ${other.join(", ")}`);
  return manifest;
}

/** Holds all snapshots that are kept against their files, and each against what was once published under its number. */
export async function checkKept(root: string, published: Map<number, string>): Promise<string[]> {
  const faults: string[] = [];
  for (const number of await listSnapshots(root)) {
    const bytes = await readFile(manifestPath(root, number)).catch(() => null);
    // Pruned since it was listed.
    if (bytes === null) continue;
    const digest = createHash("sha256").update(bytes).digest("hex");
    if ((published.get(number) ?? digest) !== digest)
      faults.push(`snapshot ${number} is another than it was`);
    published.set(number, digest);
    const manifest = JSON.parse(bytes.toString()) as Manifest;
    for (const { path, fault } of await verifySnapshot(root, manifest))
      // What was pruned meanwhile is no fault.
      if ((await listSnapshots(root)).includes(number))
        faults.push(`snapshot ${number}: ${path} is ${fault}`);
  }
  return faults;
}

/** What lies below the lake and is of no snapshot that is kept. */
export async function leftOver(root: string): Promise<string[]> {
  const kept = await listSnapshots(root);
  const named = new Set([
    DATABASE_FILE,
    ...kept.map((number) => relative(root, manifestPath(root, number))),
    ...(await Promise.all(kept.map(async (number) => filesOf(await readSnapshot(root, number)))))
      .flat()
      .map(({ path }) => path),
  ]);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.parentPath.endsWith("/tmp"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !named.has(path));
}

/** Where two lakes differ, over all rows of all tables. */
export async function differences(a: string, b: string): Promise<{ rows: number; faults: string[] }> {
  const [one, other] = [await openLake(a), await openLake(b)];
  if (!one || !other) return { rows: 0, faults: ["one of them is empty"] };
  try {
    const faults: string[] = [];
    let rows = 0;
    const [tables, theirTables] = [one, other].map(({ manifest }) =>
      tablesFor(manifest).filter((table) => table !== "fct_load"),
    ) as [string[], string[]];
    if (tables.toSorted().join() !== theirTables.toSorted().join()) faults.push("other tables");
    const [loads] = await one.query(`
      select count(distinct snapshot)::int as snapshots, max(snapshot)::int as newest, count(*)::int as rows,
        sum(events_taken)::int = (select count(*) from events) as has_all
      from fct_load`);
    const isEachOnce =
      new Set([loads?.["snapshots"], loads?.["newest"], loads?.["rows"], one.snapshot]).size === 1;
    if (!isEachOnce || loads?.["has_all"] !== true)
      faults.push(`fct_load is not of each load once: ${JSON.stringify(loads)}`);
    for (const table of tables) {
      const without = OF_THE_LOAD[table];
      const query = `select *${without === undefined ? "" : ` exclude (${without})`} from "${table}"`;
      const [mine, theirs] = (await Promise.all([one.texts(query), other.texts(query)])).map((answer) =>
        answer.rows.map((row) => JSON.stringify(row)).toSorted(),
      );
      rows += mine?.length ?? 0;
      if (JSON.stringify(mine) !== JSON.stringify(theirs))
        faults.push(`${table} has other rows: ${mine?.length} and ${theirs?.length}`);
    }
    return { rows, faults };
  } finally {
    one.close();
    other.close();
  }
}
