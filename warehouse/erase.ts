// A person out of the lake: the next snapshot has no name of theirs, and each that is kept has other files in place of those
// that have one. It may die at any point and be run again, beside loads and readers; of two erasures one waits (ingest).

import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { LoadResult } from "./course.ts";
import { type Database, openDatabase } from "./duckdb.ts";
import { LoadError } from "./error.ts";
import {
  type LakeFile,
  listSnapshots,
  type Manifest,
  manifestPath,
  newestSnapshot,
  newFileName,
  readSnapshot,
  replaceSnapshot,
  sealFile,
} from "./snapshot.ts";
import { filesOf } from "./snapshots.ts";
import { quote } from "./sql.ts";

/** The tables that name people, and by which columns; each has their `customer_id`. */
const PERSONAL: Readonly<Record<string, readonly string[]>> = {
  profiles: ["name", "email"],
  dim_customer: ["name", "email"],
};

/** A file that names the person. */
interface NamedFile {
  /** Below the lake's root. */
  path: string;
  table: string;
}

/** What of a lake names a person. */
export interface NamedInLake {
  /** Snapshots that are kept, and those of them with a file that names the person. */
  kept: number;
  snapshots: number[];
  files: NamedFile[];
  /** Files that no snapshot names, of loads or erasures that died. */
  strays: NamedFile[];
  names: string[];
  emails: string[];
}

export interface EraseOptions {
  /** Root of the lake. */
  lake: string;
  customerId: string;
  /** The place of the profile that says that there is none: what was loaded up to there is built without the name. */
  shard: number;
  profileSeq: number;
  /** Publishes the next snapshot. */
  loadNext: () => Promise<LoadResult>;
  now: () => Date;
  /** Told before each step. What it throws ends the work there, as a crash would. */
  onStep?: (step: string) => void | Promise<void>;
}

/** What was done in a lake. */
export interface ErasedFromLake {
  /** The oldest snapshot that was built without the person; null where nothing was ever loaded. */
  cleanFrom: number | null;
  /** Snapshots that name other files now, and how many of those were written. */
  rewritten: number[];
  files: number;
  /** Files that went: those that were replaced, and strays. */
  removed: number;
}

/** Works in a database of its own, in memory. */
async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(":memory:");
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** Finds what names a person, by their customer ID, in every snapshot that is kept and in what lies beside them. */
export async function findInLake(lake: string, customerId: string): Promise<NamedInLake> {
  return withDatabase((database) => findNamed(database, lake, customerId));
}

async function findNamed(database: Database, lake: string, customerId: string): Promise<NamedInLake> {
  const manifests = await manifestsOf(lake);
  const named = new Set(manifests.flatMap((manifest) => filesOf(manifest).map(({ path }) => path)));
  const found: NamedInLake = {
    kept: manifests.length,
    snapshots: [],
    files: [],
    strays: [],
    names: [],
    emails: [],
  };
  for (const table of Object.keys(PERSONAL)) {
    const lying = await readdir(join(lake, table)).catch(unlessMissing<string[]>([]));
    const paths = lying.filter((name) => name.endsWith(".parquet")).map((name) => `${table}/${name}`);
    for (const path of paths) {
      const people = await peopleIn(database, lake, { path, table }, customerId);
      if (people === null) continue;
      (named.has(path) ? found.files : found.strays).push({ path, table });
      found.names.push(...people.flatMap(({ name }) => name ?? []));
      found.emails.push(...people.flatMap(({ email }) => email ?? []));
    }
  }
  const theirs = new Set(found.files.map(({ path }) => path));
  found.snapshots = manifests
    .filter((manifest) => filesOf(manifest).some(({ path }) => theirs.has(path)))
    .map(({ snapshot }) => snapshot);
  return found;
}

/** Every snapshot that is there; one that a load removes meanwhile is not. */
async function manifestsOf(lake: string): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const number of await listSnapshots(lake)) {
    const manifest = await readSnapshot(lake, number).catch(unlessMissing(null));
    if (manifest) manifests.push(manifest);
  }
  return manifests;
}

/** What a file calls the person; null where nothing, or where there is no whole file: a load may be writing it. */
async function peopleIn(database: Database, lake: string, { path, table }: NamedFile, customerId: string) {
  const file = quote(join(lake, path));
  const personal = await columnsIn(database, file, table).catch(() => []);
  if (personal.length === 0) return null;
  const rows = await database.rows<{ name?: string | null; email?: string | null }>(
    `select ${personal.join(", ")} from read_parquet(${file}, hive_partitioning = false)
     where customer_id = ? and (${personal.map((column) => `${column} is not null`).join(" or ")})`,
    [customerId],
  );
  return rows.length === 0 ? null : rows;
}

/** The columns of a file that name people; one that other models made may lack some. */
async function columnsIn(database: Database, file: string, table: string): Promise<string[]> {
  const columns = await database.rows<{ column_name: string }>(
    `describe select * from read_parquet(${file}, hive_partitioning = false)`,
  );
  const names = new Set(columns.map(({ column_name: name }) => name));
  return (PERSONAL[table] ?? []).filter((name) => names.has(name));
}

/**
 * Takes a person out of a lake. First the next snapshot is loaded, with the profile that says that there is none: a load
 * that began before it has lost its number, and no later one knows the name. Then what is older is written anew.
 * @throws LoadError where the next snapshot cannot be had
 */
export async function eraseFromLake(options: EraseOptions): Promise<ErasedFromLake> {
  const { lake, customerId, onStep = () => undefined } = options;
  if ((await newestSnapshot(lake)) === null) return { cleanFrom: null, rewritten: [], files: 0, removed: 0 };
  await loadThrough(options);
  return withDatabase(async (database) => {
    const { files, strays } = await findNamed(database, lake, customerId);
    const isClean = (manifest: Manifest) => placeOf(manifest, options) >= options.profileSeq;
    const manifests = await manifestsOf(lake);
    const old = manifests.filter((manifest) => !isClean(manifest));
    const inOld = new Set(old.flatMap((manifest) => filesOf(manifest).map(({ path }) => path)));
    const replaced = files.filter(({ path }) => inOld.has(path));
    const anew = new Map<string, LakeFile>();
    for (const file of replaced) {
      await onStep(`write ${file.path} anew`);
      anew.set(file.path, await rewrite(database, options, file));
    }
    const rewritten: number[] = [];
    for (const manifest of old) {
      if (!filesOf(manifest).some(({ path }) => anew.has(path))) continue;
      await onStep(`replace snapshot ${manifest.snapshot}`);
      if (await rename(lake, manifest, anew)) rewritten.push(manifest.snapshot);
    }
    const removed = [...replaced, ...strays];
    for (const { path } of removed) {
      await onStep(`remove ${path}`);
      await rm(join(lake, path), { force: true });
    }
    const clean = manifests.filter(isClean).map(({ snapshot }) => snapshot);
    return { cleanFrom: Math.min(...clean), rewritten, files: anew.size, removed: removed.length };
  });
}

const placeOf = ({ watermarks }: Manifest, { shard }: EraseOptions): number =>
  watermarks.profiles[String(shard)] ?? 0;

/** A backlog may take several loads. */
const MAX_LOADS = 20;

async function loadThrough(options: EraseOptions): Promise<void> {
  const { lake, profileSeq, loadNext, onStep = () => undefined } = options;
  let warnings: string[] = [];
  for (let loads = 0, before = -1; loads <= MAX_LOADS; loads += 1) {
    const newest = await newestSnapshot(lake);
    const place = newest === null ? 0 : placeOf(newest, options);
    if (place >= profileSeq) return;
    // A gap in the segments, say: another load would find the same.
    if (loads > 1 && place === before) break;
    before = place;
    await onStep("load");
    ({ warnings } = await loadNext());
  }
  throw new LoadError(
    `The lake does not take the profiles up to ${profileSeq}, so the next snapshots would name the customer again. ` +
      `Mend what keeps it, then erase again. ${warnings.join(" ")}`.trimEnd(),
  );
}

/** A load at this moment takes files that no snapshot names, and are older than its own, for the leavings of a dead one. */
const AHEAD_MS = 3_600_000;

/** Writes a file anew under a new name: all of its rows, in their order, and its dictionary; no name of the person. */
async function rewrite(
  database: Database,
  { lake, customerId, now }: EraseOptions,
  { path, table }: NamedFile,
): Promise<LakeFile> {
  const file = quote(join(lake, path));
  const personal = await columnsIn(database, file, table);
  const emptied = personal.map(
    (column) => `case when customer_id = ${quote(customerId)} then null else ${column} end as ${column}`,
  );
  const dictionary = await database.rows<{ key: string; value: string }>(
    `select decode(key) as key, decode(value) as value from parquet_kv_metadata(${file})`,
  );
  const entries = dictionary.map(({ key, value }) => `${quote(key)}: ${quote(value)}`);
  const groups = await database.rows<{ rows: number }>(
    `select max(row_group_num_rows) as rows from parquet_metadata(${file})`,
  );
  const target = `${table}/${newFileName(Number.parseInt(path.slice(table.length + 1), 10))}`;
  const [copied] = await database.rows<{ Count: number }>(
    `copy (select * replace (${emptied.join(", ")}) from read_parquet(${file}, hive_partitioning = false))
     to ${quote(join(lake, target))} (format parquet, compression zstd, row_group_size ${groups[0]?.rows ?? 1}
       ${entries.length === 0 ? "" : `, kv_metadata {${entries.join(", ")}}`})`,
  );
  const ahead = new Date(now().getTime() + AHEAD_MS);
  await utimes(join(lake, target), ahead, ahead);
  return sealFile(lake, target, copied?.Count ?? 0);
}

/** Names the new files in a snapshot's manifest. @returns false where a load has removed the snapshot meanwhile */
async function rename(
  lake: string,
  manifest: Manifest,
  anew: ReadonlyMap<string, LakeFile>,
): Promise<boolean> {
  const tables = Object.fromEntries(
    Object.entries(manifest.tables).map(([name, table]) => [
      name,
      { ...table, files: table.files.map((file) => ({ ...file, ...anew.get(file.path) })) },
    ]),
  );
  const path = manifestPath(lake, manifest.snapshot);
  const isThere = async (at: string) => (await stat(at).catch(unlessMissing(null))) !== null;
  if (!(await isThere(path))) return false;
  await replaceSnapshot(lake, { ...manifest, tables });
  // Removed between the look and the renaming, it was put back without its files: it goes for good.
  for (const file of filesOf({ ...manifest, tables }))
    if (!(await isThere(join(lake, file.path)))) {
      await rm(path, { force: true });
      return false;
    }
  return true;
}

function unlessMissing<T>(otherwise: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  };
}
