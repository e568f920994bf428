import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { prune } from "../../warehouse/prune.ts";
import { openLake } from "../../warehouse/read.ts";
import { DEFAULT_RETENTION } from "../../warehouse/retention.ts";
import {
  listSnapshots,
  type Manifest,
  newestSnapshot,
  newFileName,
  publishSnapshot,
  readSnapshot,
} from "../../warehouse/snapshot.ts";
import { bind, catalog, day, sale } from "./facts.ts";
import { loadHome, place, writeSegment } from "./support.ts";
import { temporaryFolder } from "../support/folder.ts";

const A = { orderId: "A" };
const lines = place([
  ...catalog(day(0)),
  ...sale({ ...A, orderedAt: day(1) }),
  ...bind(A, { at: day(3), activationId: "a1" }),
]);

const manifest = (snapshot: number, models = "m"): Manifest => ({
  format: 1,
  snapshot,
  as_of: day(10),
  created_at: day(11),
  models,
  watermarks: { events: {}, profiles: {} },
  tables: {},
  warnings: [],
});

/** What most tests begin with, loaded once; each works in a copy. */
let loaded: string;

beforeAll(async () => {
  loaded = await mkdtemp(join(tmpdir(), "keyhouse-test-"));
  await writeSegment(loaded, lines.slice(0, 3));
  await loadHome(loaded, day(10));
  await writeSegment(loaded, lines.slice(3));
});

afterAll(() => rm(loaded, { recursive: true, force: true }));

/** A home with snapshot 1, and one more segment that is not loaded yet. */
async function homeWithBacklog(): Promise<string> {
  const home = await temporaryFolder();
  // Files keep their times: what is older than a snapshot is told by them.
  await cp(loaded, home, { recursive: true, preserveTimestamps: true });
  return home;
}

/** The newest snapshot with the number of events that its tables hold and its own row claims. */
async function look(home: string) {
  const lake = await openLake(join(home, "lake"));
  if (!lake) return null;
  try {
    const [row] = await lake.query(
      "select events as claimed, (select count(*) from events) as events, (select count(*) from fct_entitlement) as entitlements from meta",
    );
    return { snapshot: lake.snapshot, ...row };
  } finally {
    lake.close();
  }
}

const before = { snapshot: 1, claimed: 3, events: 3, entitlements: 1 };
const after = { snapshot: 2, claimed: 5, events: 5, entitlements: 1 };

test("of many that publish one number at once, one wins and its manifest stands", async () => {
  const lake = join(await temporaryFolder(), "lake");
  const publishers = Array.from({ length: 8 }, (_, index) => `publisher-${index}`);
  const won = await Promise.all(publishers.map((name) => publishSnapshot(lake, manifest(1, name))));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect((await readSnapshot(lake, 1)).models).toBe(publishers[won.indexOf(true)]);
  expect(await readdir(join(lake, "tmp"))).toEqual([]);
});

test("a manifest of a later version is not read as if it were understood", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await publishSnapshot(lake, { ...manifest(1), format: 2 } as unknown as Manifest);
  await expect(newestSnapshot(lake)).rejects.toThrow("not a snapshot that this version understands");
});

test("a load that loses its number starts over, and finds its work done", async () => {
  const home = await homeWithBacklog();
  let rivals = 0;
  const result = await loadHome(home, day(10), {
    onStep: async (step) => {
      if (step === "publish" && rivals++ === 0) await loadHome(home, day(10));
    },
  });
  expect(result).toMatchObject({ isNew: false, manifest: { snapshot: 2 } });
  expect(await look(home)).toEqual(after);
});

test("a load whose rival was first with less adds the rest", async () => {
  const home = await homeWithBacklog();
  let rivals = 0;
  const result = await loadHome(home, day(10), {
    onStep: async (step) => {
      if (step === "publish" && rivals++ === 0) await loadHome(home, day(9));
    },
  });
  expect(result).toMatchObject({ isNew: true, manifest: { snapshot: 3, as_of: day(10) } });
  expect(await look(home)).toEqual({ ...after, snapshot: 3 });
});

test("two loads side by side leave one sound snapshot, each event once", async () => {
  const home = await homeWithBacklog();
  await Promise.all([loadHome(home, day(10)), loadHome(home, day(10))]);
  expect(await look(home)).toEqual(after);
});

const stepsBeforeCommit = [
  "plan",
  "verify segments",
  "read events",
  "write events",
  "write profiles",
  "build fct_entitlement",
  "test",
  "write agg_license_model_month",
  "write meta",
  "publish",
];

/** A load that ends before a step, as if the process had. */
async function crashBefore(home: string, at: string): Promise<void> {
  const crash = loadHome(home, day(10), {
    onStep: (step) => {
      if (step === at) throw new Error(`crash before ${at}`);
    },
  });
  await expect(crash).rejects.toThrow(`crash before ${at}`);
}

test("a load that fails anywhere before the commit leaves the last snapshot whole, and the next completes it", async () => {
  const home = await homeWithBacklog();
  for (const step of stepsBeforeCommit) {
    await crashBefore(home, step);
    expect([step, await look(home)]).toEqual([step, before]);
  }
  await loadHome(home, day(10));
  expect(await look(home)).toEqual(after);
});

test.each(["open", "prune"])(
  "a load that fails before '%s' has published, and the next does the rest",
  async (step) => {
    const home = await homeWithBacklog();
    await crashBefore(home, step);
    expect(await look(home)).toEqual(after);
    expect(await loadHome(home, day(10))).toMatchObject({ isNew: false });
    const database = await openDatabase(join(home, "lake", "keyhouse.duckdb"));
    expect(await database.rows("select snapshot from meta")).toEqual([{ snapshot: 2 }]);
    database.close();
  },
);

test.each(["write events", "write meta", "open"])(
  "a process that is killed before '%s' does no more harm",
  async (at) => {
    const home = await homeWithBacklog();
    const root = join(import.meta.dirname, "../..");
    const script = `
    import { load } from ${JSON.stringify(join(root, "warehouse/load.ts"))};
    await load({
      segments: ${JSON.stringify(join(home, "segments"))},
      lake: ${JSON.stringify(join(home, "lake"))},
      asOf: ${JSON.stringify(day(10))},
      now: () => new Date(),
      onStep: (step) => { if (step === ${JSON.stringify(at)}) process.kill(process.pid, "SIGKILL"); },
    });`;
    const child = spawn(join(root, "node_modules/.bin/node"), ["--input-type=module", "--eval", script], {
      stdio: "inherit",
    });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
    expect(await look(home)).toEqual(at === "open" ? after : before);
    await loadHome(home, day(10));
    expect(await look(home)).toEqual(after);
  },
);

test("a reader keeps its snapshot while loads go on", async () => {
  const home = await homeWithBacklog();
  const lake = await openLake(join(home, "lake"));
  await loadHome(home, day(10));
  expect(await lake?.query("select count(*) as events from events")).toEqual([{ events: 3 }]);
  lake?.close();
});

/** A snapshot with one file of its own, and one that it shares with all the others. */
async function publishWithFiles(lake: string, number: number): Promise<string[]> {
  const own = `meta/${newFileName(number)}`;
  const shared = "profiles/00000000000000000001-00000000-0000-4000-8000-00000000000f.parquet";
  for (const path of [own, shared]) {
    await mkdir(dirname(join(lake, path)), { recursive: true });
    await writeFile(join(lake, path), "");
  }
  const tableOf = (path: string) => ({ rows: 0, files: [{ path, rows: 0, size_bytes: 0, sha256: "" }] });
  const tables = { meta: tableOf(own), profiles: tableOf(shared) };
  await publishSnapshot(lake, { ...manifest(number), tables });
  return [own, shared];
}

const filesOf = async (lake: string) =>
  (await readdir(lake, { recursive: true })).filter((path) => path.endsWith(".parquet")).toSorted();

test("old snapshots go with their files, and what a crash left goes; other people's files stay", async () => {
  const lake = join(await temporaryFolder(), "lake");
  const named: string[][] = [];
  for (let number = 1; number <= DEFAULT_RETENTION.snapshots + 2; number += 1)
    named.push(await publishWithFiles(lake, number));
  const orphan = `meta/${newFileName(2)}`;
  const foreign = "meta/notes.parquet";
  const spill = "tmp/left-by-a-crash";
  await mkdir(join(lake, spill));
  for (const path of [orphan, foreign]) await writeFile(join(lake, path), "");
  for (const path of [orphan, foreign, spill, ...named.flat()]) await utimes(join(lake, path), 0, 0);

  const removed = await prune(lake, DEFAULT_RETENTION, new Date(day(12)));
  expect(removed.toSorted()).toEqual(
    [
      ...[1, 2].map((number) => `snapshots/${String(number).padStart(20, "0")}.json`),
      ...named.slice(0, 2).map(([own = ""]) => own),
      orphan,
      spill,
    ].toSorted(),
  );
  expect(await listSnapshots(lake)).toHaveLength(DEFAULT_RETENTION.snapshots);
  expect(await filesOf(lake)).toEqual([...new Set([...named.slice(2).flat(), foreign])].toSorted());
});

test("a file that is newer than the newest snapshot is left alone: another load may be writing it", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await publishWithFiles(lake, 1);
  const there = await filesOf(lake);
  const fresh = `meta/${newFileName(2)}`;
  await writeFile(join(lake, fresh), "");
  expect(await prune(lake, DEFAULT_RETENTION, new Date(day(12)))).toEqual([]);
  expect(await filesOf(lake)).toEqual([...there, fresh].toSorted());
});
