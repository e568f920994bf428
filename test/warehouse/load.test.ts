import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { LoadError } from "../../warehouse/error.ts";
import { openLake } from "../../warehouse/read.ts";
import { listSnapshots, newestSnapshot } from "../../warehouse/snapshot.ts";
import { bind, cancel, catalog, day, refuse, sale } from "./facts.ts";
import { type Line, loadHome, openHome, place, tablesFor, writeSegment, writeSegments } from "./support.ts";
import { temporaryFolder } from "../support/folder.ts";

const A = { orderId: "A" };
const story: Draft[] = [
  ...catalog(day(0)),
  ...sale({ ...A, orderedAt: day(1) }),
  ...bind(A, { at: day(3), activationId: "a1" }),
];

test("an empty lake has all tables, typed and without rows", async () => {
  const home = await temporaryFolder();
  const { manifest, warnings } = await loadHome(home, day(10));
  expect(warnings).toEqual([]);
  const lake = await openHome(home);
  for (const table of tablesFor(manifest)) {
    const [rows] = await lake.query(`select count(*) as count from ${table}`);
    expect([table, rows?.["count"]]).toEqual([table, ["meta", "fct_load"].includes(table) ? 1 : 0]);
  }
  const columns = await lake.columns(
    "select entitlement_id, delivered_at, amount_major, days_to_activate from fct_entitlement",
  );
  expect(columns.map(({ type }) => type)).toEqual(["VARCHAR", "TIMESTAMP", "DECIMAL(18,3)", "INTEGER"]);
});

test("before the first load there is no lake to open", async () => {
  const home = await temporaryFolder();
  expect(await openLake(join(home, "lake"))).toBeNull();
});

test("the same segments and the same as-of time are loaded once", async () => {
  const home = await temporaryFolder();
  await writeSegments(home, story, { size: 2 });
  expect(await loadHome(home, day(10))).toMatchObject({ isNew: true, eventsAdded: story.length });
  expect(await loadHome(home, day(10))).toMatchObject({
    isNew: false,
    eventsAdded: 0,
    manifest: { snapshot: 1 },
  });
  expect(await listSnapshots(join(home, "lake"))).toEqual([1]);
});

test("each event is in the lake exactly once, however the loads and the segments fall", async () => {
  const home = await temporaryFolder();
  const lines = place(story);
  await writeSegment(home, lines.slice(0, 2));
  await loadHome(home, day(10));
  // An exporter that starts over writes what it had written with other boundaries.
  await writeSegment(home, lines.slice(0, 4));
  await writeSegment(home, lines.slice(3));
  const second = await loadHome(home, day(10));
  expect(second.eventsAdded).toBe(story.length - 2);
  expect(second.warnings.filter((text) => text.includes("repeats seq"))).toHaveLength(2);
  const lake = await openHome(home);
  expect(await lake.query("select shard, seq, id from events order by seq")).toEqual(
    lines.map(({ shard, seq, id }) => ({ shard, seq, id })),
  );
});

test("two segments that disagree on a seq are refused", async () => {
  const home = await temporaryFolder();
  await writeSegment(home, place(story).slice(0, 3));
  await loadHome(home, day(10));
  await writeSegment(home, place(story));
  await expect(loadHome(home, day(10))).rejects.toThrow("disagree on what seq 1 of shard 0 is");
});

test("a gap is loaded up to, and the rest once it is closed", async () => {
  const home = await temporaryFolder();
  const lines = place(story);
  await writeSegment(home, lines.slice(0, 2));
  await writeSegment(home, lines.slice(3));
  const first = await loadHome(home, day(10));
  expect(first.warnings.join()).toContain("seq 3 to 3 are missing");
  expect(first.manifest.watermarks.events).toEqual({ 0: 2 });
  await writeSegment(home, lines.slice(2, 3));
  const second = await loadHome(home, day(10));
  expect(second.warnings).toEqual([]);
  expect(second.manifest.tables["events"]?.rows).toBe(story.length);
});

test("an event that comes again in another shard is kept, and counted once: as the lowest shard has it", async () => {
  const home = await temporaryFolder();
  await writeSegments(home, sale({ ...A, orderedAt: day(1) }));
  const told = (shard: number, first: number, code: string) =>
    place(refuse(A, day(2), code), first, shard).map((line) => ({ ...line, id: "the-same" }));
  const [inFirst, inSecond] = [told(0, 3, "told_first"), told(1, 1, "told_again")];
  await writeSegment(home, inSecond);
  await writeSegment(home, [...inFirst, ...place(refuse(A, day(3), "another"), 4)]);
  await loadHome(home, day(10));
  const lake = await openHome(home);
  expect(await lake.query("select code from fct_refusal order by refused_at")).toEqual([
    { code: "told_first" },
    { code: "another" },
  ]);
  expect(await lake.query("select count(*) as count from events where id = 'the-same'")).toEqual([
    { count: 2 },
  ]);
});

test("events of unknown types, and fields that no schema knows, are kept", async () => {
  const home = await temporaryFolder();
  const [known] = place(story);
  const unknown = {
    ...known,
    id: "01990000-0000-7000-8000-ffffffffffff",
    seq: 2,
    type: "hologram.projected",
    trace: { id: 7 },
    data: { beams: [1, 2] },
  };
  await writeSegment(home, [known, unknown] as Line[]);
  await loadHome(home, day(10));
  const lake = await openHome(home);
  expect(await lake.query("select type, data, extra from events where seq = 2")).toEqual([
    { type: "hologram.projected", data: '{"beams":[1,2]}', extra: '{"trace":{"id":7}}' },
  ]);
});

const damages: [string, (lines: string[]) => Buffer][] = [
  ["cut short", (lines) => gzipSync(lines.join("")).subarray(0, -20)],
  [
    "changed by one bit in its checksum",
    (lines) => {
      const bytes = Buffer.from(gzipSync(lines.join("")));
      bytes[bytes.length - 6] = (bytes.at(-6) ?? 0) ^ 1;
      return bytes;
    },
  ],
  ["not gzip", (lines) => Buffer.from(lines.join(""))],
  ["empty", () => gzipSync("")],
  ["a line short", (lines) => gzipSync(lines.slice(1).join(""))],
  ["a line that is not JSON", (lines) => gzipSync([...lines.slice(1), '{"id": \n'].join(""))],
  ["a line that is not an object", (lines) => gzipSync([...lines.slice(1), "7\n"].join(""))],
  ["a seq twice", (lines) => gzipSync([...lines.slice(1), lines[1]].join(""))],
  ["another shard's", (lines) => gzipSync(lines.join("").replaceAll('"shard":0', '"shard":3'))],
  ["without an ID", (lines) => gzipSync(lines.join("").replace('"id":', '"ID":'))],
  [
    "with a time that is none",
    (lines) => gzipSync(lines.join("").replace(/"recorded_at":"[^"]*"/, '"recorded_at":"soon"')),
  ],
];

test.each(damages)("a segment that is %s is named, and nothing is published", async (_name, damage) => {
  const home = await temporaryFolder();
  const lines = place(story);
  await writeSegment(home, lines.slice(0, 3));
  const path = await writeSegment(home, lines.slice(3));
  await writeFile(path, damage(lines.slice(3).map((line) => `${JSON.stringify(line)}\n`)));
  const failure = loadHome(home, day(10));
  await expect(failure).rejects.toThrow(LoadError);
  await expect(failure).rejects.toThrow(path.slice(path.indexOf("events/")));
  expect(await newestSnapshot(join(home, "lake"))).toBeNull();
});

test("a data test of severity error stops the load and says which", async () => {
  const home = await temporaryFolder();
  const drafts = sale({ ...A, orderedAt: day(1) }).map((draft) =>
    draft.type === "entitlement.granted" ? { ...draft, data: { ...draft.data, amount_minor: 1 } } : draft,
  );
  await writeSegments(home, drafts);
  await expect(loadHome(home, day(10))).rejects.toThrow(
    'fct_order_line: "an order line and its entitlement agree on money, quantity and product" does not hold for 1 row(s)',
  );
  expect(await newestSnapshot(join(home, "lake"))).toBeNull();
});

test("a data test of severity warn is recorded with the snapshot", async () => {
  const home = await temporaryFolder();
  const halfCancelled = cancel(A, day(4)).filter(({ type }) => type === "order.cancelled");
  await writeSegments(home, [...sale({ ...A, orderedAt: day(1) }), ...halfCancelled]);
  const { manifest } = await loadHome(home, day(10));
  expect(manifest.warnings).toEqual([
    'fct_order_line: "all entitlements of a cancelled order are cancelled" does not hold for 1 row(s)',
  ]);
});

test("the same segments and as-of time make the same rows in the same order", async () => {
  const texts = await Promise.all(
    [3, 5].map(async (size) => {
      const home = await temporaryFolder();
      const lines = place(story).map((line, index) => ({ ...line, id: `id-${index}` }));
      for (let at = 0; at < lines.length; at += size) {
        await writeSegment(home, lines.slice(at, at + size));
        // In one home by two loads, in the other by one.
        if (size === 3 && at === 0) await loadHome(home, day(2));
      }
      const { manifest } = await loadHome(home, day(10));
      const lake = await openHome(home);
      const tables = tablesFor(manifest).filter((table) => !["meta", "fct_load"].includes(table));
      // Events stand as they came, in as many files as there were loads.
      const ordered = (table: string) => (table === "events" ? "events order by shard, seq" : table);
      return Promise.all(tables.map((table) => lake.texts(`select * from ${ordered(table)}`)));
    }),
  );
  expect(texts[0]).toEqual(texts[1]);
});

test("a month in many files is written anew as one, with all of its events", async () => {
  const home = await temporaryFolder();
  const lines = Array.from({ length: 4 }, (_, index) => place(catalog(day(0)), index + 1)).flat();
  for (const line of lines) {
    await writeSegment(home, [line]);
    await loadHome(home, day(10), { maxFilesPerMonth: 2 });
  }
  const files = (await newestSnapshot(join(home, "lake")))?.tables["events"]?.files ?? [];
  expect(files.map(({ rows }) => rows)).toEqual([3, 1]);
  const lake = await openHome(home);
  expect(await lake.query("select count(distinct seq) as count from events")).toEqual([
    { count: lines.length },
  ]);
});

test("keyhouse.duckdb answers on its own, with descriptions beside tables and columns", async () => {
  const home = await temporaryFolder();
  await writeSegments(home, story);
  await loadHome(home, day(10));
  const database = await openDatabase(join(home, "lake", "keyhouse.duckdb"));
  try {
    expect(await database.rows("select status, seats_bound from fct_entitlement")).toEqual([
      { status: "active", seats_bound: 1 },
    ]);
    const bare = `
      select view_name as name from duckdb_views() where not internal and comment is null
      union all
      select table_name || '.' || column_name from duckdb_columns() where not internal and comment is null`;
    expect(await database.rows(bare)).toEqual([]);
  } finally {
    database.close();
  }
});

test("a file's size and digest in the manifest are those of the file", async () => {
  const home = await temporaryFolder();
  await writeSegments(home, story);
  const { manifest } = await loadHome(home, day(10));
  const file = manifest.tables["fct_entitlement"]?.files[0];
  const bytes = await readFile(join(home, "lake", file?.path ?? ""));
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  expect(file).toMatchObject({ rows: 1, size_bytes: bytes.length, sha256: digest });
});
