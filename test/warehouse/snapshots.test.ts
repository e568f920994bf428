import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prune } from "../../warehouse/prune.ts";
import { openLake } from "../../warehouse/read.ts";
import { DEFAULT_RETENTION, retentionOf } from "../../warehouse/retention.ts";
import { listSnapshots, newestSnapshot, publishSnapshot, readSnapshot } from "../../warehouse/snapshot.ts";
import { filesOf, findSnapshot, snapshotRows, verifySnapshot } from "../../warehouse/snapshots.ts";
import { temporaryFolder } from "../support/folder.ts";
import { bind, catalog, day, sale } from "./facts.ts";
import { loadHome, place, writeSegment } from "./support.ts";

const A = { orderId: "A" };
const lines = place([
  ...catalog(day(0)),
  ...sale({ ...A, orderedAt: day(1) }),
  ...bind(A, { at: day(3), activationId: "a1" }),
]);

/** A lake with two snapshots: of three events, and of all five. Made once: a test that spoils it works on a copy. */
let made: string;
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), "keyhouse-snapshots-"));
  await writeSegment(made, lines.slice(0, 3));
  await loadHome(made, day(10));
  await writeSegment(made, lines.slice(3));
  await loadHome(made, day(10));
});
afterAll(() => rm(made, { recursive: true, force: true }));

async function lakeOfTwo(): Promise<string> {
  const home = await temporaryFolder();
  await cp(made, home, { recursive: true, preserveTimestamps: true });
  return join(home, "lake");
}

async function ask(lake: string, snapshot: number | undefined, sql: string) {
  const opened = await openLake(lake, snapshot);
  if (!opened) throw new Error("nothing was loaded");
  try {
    return (await opened.texts(sql)).rows;
  } finally {
    opened.close();
  }
}

test("an older snapshot answers what was known then, and the newest what is known now", async () => {
  const lake = await lakeOfTwo();
  const known =
    "select (select count(*) from events), seats_bound, (select snapshot from meta) from fct_entitlement";
  expect(await ask(lake, 1, known)).toEqual([["3", "0", "1"]]);
  expect(await ask(lake, 2, known)).toEqual([["5", "1", "2"]]);
  expect(await ask(lake, undefined, known)).toEqual([["5", "1", "2"]]);
});

test("a snapshot that other models made answers with the columns that it has", async () => {
  const lake = await lakeOfTwo();
  const path = join(lake, "snapshots", `${"1".padStart(20, "0")}.json`);
  const manifest = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  await writeFile(path, JSON.stringify({ ...manifest, models: "older" }));
  expect(await ask(lake, 1, "select seats_bound from fct_entitlement")).toEqual([["0"]]);
  expect(await ask(lake, 1, "select distinct recorded_month from events")).toEqual([["2026-01"]]);
});

describe("a snapshot that cannot be asked says why", () => {
  test("it is not there yet", async () => {
    const lake = await lakeOfTwo();
    await expect(findSnapshot(lake, 3)).rejects.toThrow("There is no snapshot 3 yet: the newest is 2");
  });

  test("it is not kept any more", async () => {
    const lake = await lakeOfTwo();
    await prune(lake, { snapshots: 1, days: 0 }, new Date(day(12)));
    expect(await listSnapshots(lake)).toEqual([2]);
    await expect(findSnapshot(lake, 1)).rejects.toThrow("Snapshot 1 is not kept any more: the oldest is 2");
    expect(await verifySnapshot(lake, await readSnapshot(lake, 2))).toEqual([]);
  });

  test("one of its files is gone", async () => {
    const lake = await lakeOfTwo();
    const [file] = (await readSnapshot(lake, 1)).tables["meta"]?.files ?? [];
    await rm(join(lake, file?.path ?? ""));
    await expect(findSnapshot(lake, 1)).rejects.toThrow(`Snapshot 1 lacks 1 of its files, ${file?.path}`);
  });

  test("nothing was loaded", async () => {
    expect(await findSnapshot(join(await temporaryFolder(), "lake"), 1)).toBeNull();
  });
});

test("the list has the newest first, with what each holds and whether its files are there", async () => {
  const lake = await lakeOfTwo();
  const [own] = (await readSnapshot(lake, 1)).tables["meta"]?.files ?? [];
  await rm(join(lake, own?.path ?? ""));
  const { names, rows } = await snapshotRows(lake);
  const listed = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  expect(listed).toMatchObject([
    { snapshot: "2", as_of: day(10), events: "5", warnings: "0", files: "all there" },
    { snapshot: "1", as_of: day(10), events: "3", warnings: "0" },
  ]);
  const files = filesOf(await readSnapshot(lake, 1));
  expect(listed[1]?.["files"]).toBe(`1 of ${files.length} missing or changed`);
  expect(listed[1]?.["size_bytes"]).toBe(String(files.reduce((sum, file) => sum + file.size_bytes, 0)));
});

test("a snapshot is sound until a byte of it is another, a file has another size, or is gone", async () => {
  const lake = await lakeOfTwo();
  const manifest = await readSnapshot(lake, 2);
  expect(await verifySnapshot(lake, manifest)).toEqual([]);
  const [changed, longer, gone] = ["fct_entitlement", "fct_order_line", "meta"].map(
    (table) => manifest.tables[table]?.files[0]?.path ?? "",
  );
  const bytes = await readFile(join(lake, changed ?? ""));
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  await writeFile(join(lake, changed ?? ""), bytes);
  await writeFile(join(lake, longer ?? ""), "x", { flag: "a" });
  await rm(join(lake, gone ?? ""));
  const faults = await verifySnapshot(lake, manifest);
  expect(faults.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: changed, fault: "of other content" },
    { path: longer, fault: "of another size" },
    { path: gone, fault: "missing" },
  ]);
});

test("a manifest says which places of the ledger each file of events has", async () => {
  const lake = await lakeOfTwo();
  const files = (await newestSnapshot(lake))?.tables["events"]?.files ?? [];
  expect(files.map(({ rows, seq_ranges: ranges }) => [rows, ranges])).toEqual([
    [3, { 0: { first: 1, last: 3 } }],
    [2, { 0: { first: 4, last: 5 } }],
  ]);
});

test("what was made within so many days is kept, however many there are", async () => {
  const lake = join(await temporaryFolder(), "lake");
  const manifest = { format: 1 as const, as_of: day(0), models: "m", tables: {}, warnings: [] };
  const watermarks = { events: {}, profiles: {} };
  for (let number = 1; number <= 6; number += 1)
    await publishSnapshot(lake, { ...manifest, watermarks, snapshot: number, created_at: day(10 * number) });
  const left = async (snapshots: number, days: number) => {
    await prune(lake, { snapshots, days }, new Date(day(61)));
    return listSnapshots(lake);
  };
  expect(await left(1, 45)).toEqual([6, 5, 4, 3, 2]);
  expect(await left(3, 12)).toEqual([6, 5, 4]);
  expect(await left(1, 12)).toEqual([6, 5]);
  expect(await left(1, 0)).toEqual([6]);
});

test.each([
  [{}, DEFAULT_RETENTION],
  [{ KEYHOUSE_KEEP_SNAPSHOTS: "" }, DEFAULT_RETENTION],
  [{ KEYHOUSE_KEEP_SNAPSHOTS: "500" }, { snapshots: 500, days: 0 }],
  [{ KEYHOUSE_KEEP_SNAPSHOTS_DAYS: "90" }, { snapshots: 10, days: 90 }],
])("%j keeps %j", (env, retention) => {
  expect(retentionOf(env)).toEqual(retention);
});

test.each([
  ["KEYHOUSE_KEEP_SNAPSHOTS", "0", "a number from 1 to"],
  ["KEYHOUSE_KEEP_SNAPSHOTS", "ten", "a number from 1 to"],
  ["KEYHOUSE_KEEP_SNAPSHOTS", "1e9", "a number from 1 to"],
  ["KEYHOUSE_KEEP_SNAPSHOTS_DAYS", "-1", "a number from 0 to"],
])("%s=%s is told before anything is removed", (name, value, message) => {
  expect(() => retentionOf({ [name]: value })).toThrow(message);
});
