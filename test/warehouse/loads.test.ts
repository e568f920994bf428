// The rows that loads write about themselves.

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readModels } from "../../warehouse/models.ts";
import { openLake } from "../../warehouse/read.ts";
import { listSnapshots } from "../../warehouse/snapshot.ts";
import { temporaryFolder } from "../support/folder.ts";
import { catalog, day, sale } from "./facts.ts";
import { modelsFor } from "./fixture.ts";
import { type Line, loadHome, place, writeSegment } from "./support.ts";

/** Only the table of loads: what it tells of is the base tables'. */
const models = modelsFor(await readModels(), "fct_load");
const lines = place([
  ...catalog(day(0)),
  ...["A", "B", "C"].flatMap((orderId) => sale({ orderId, orderedAt: day(1) })),
]);

async function homeOf(...segments: (readonly Line[])[]): Promise<string> {
  const home = await temporaryFolder();
  for (const segment of segments) await writeSegment(home, segment);
  return home;
}

async function ask(home: string, columns: string) {
  const lake = await openLake(join(home, "lake"));
  if (!lake) throw new Error("nothing was loaded");
  try {
    return await lake.query(`select ${columns} from fct_load order by snapshot`);
  } finally {
    lake.close();
  }
}

const failuresIn = (home: string) => readdir(join(home, "lake/failures")).catch(() => []);

/** A load that ends before a step by a fault of any kind. */
const failAt = (home: string, at: string, fault: Error, now?: Date) =>
  loadHome(home, day(10), {
    models,
    onStep: (step) => {
      if (step === at) throw fault;
    },
    ...(now && { now: () => now }),
  }).catch((error: Error) => error);

test("each says why it was built, and what it took, also when its snapshot is not kept any more", async () => {
  const home = await homeOf(lines.slice(0, 3));
  const retention = { snapshots: 1, days: 0 };
  await loadHome(home, day(10), { models, retention });
  // An exporter that starts over writes some of it again.
  await writeSegment(home, lines.slice(1, 5));
  await loadHome(home, day(10), { models, retention });
  await loadHome(home, day(11), { models, retention });
  await loadHome(home, day(11), { models, retention });
  await loadHome(home, day(11), { models: { ...models, digest: "another" }, retention });
  expect(await listSnapshots(join(home, "lake"))).toEqual([4]);
  const columns =
    "snapshot, because, segments, events_taken, lines_repeated, rows_out, segments_bytes > 0 as has_bytes";
  expect(await ask(home, columns)).toEqual(
    [
      [1, "no snapshot yet", 1, 3, 0, 3, true],
      [2, "new segments", 1, 2, 2, 5, true],
      [3, "another as-of time", 0, 0, 0, 5, false],
      [4, "changed models", 0, 0, 0, 5, false],
    ].map(([snapshot, because, segments, events, repeated, rows, hasBytes]) => ({
      snapshot,
      because,
      segments,
      events_taken: events,
      lines_repeated: repeated,
      rows_out: rows,
      has_bytes: hasBytes,
    })),
  );
});

test("times are the clock's, from the beginning of the load to when all else was written", async () => {
  const home = await homeOf(lines);
  let seconds = 0;
  const clock = { now: () => new Date(Date.UTC(2027, 0, 1, 0, 0, (seconds += 10))) };
  await loadHome(home, day(10), { models, ...clock });
  const [row] = await ask(home, "began_at, created_at, written_at, seconds, lag_seconds");
  const at = (second: number) => new Date(Date.UTC(2027, 0, 1, 0, 0, second));
  const lag = (at(20).getTime() - Date.parse(day(1))) / 1000;
  expect(row).toEqual({
    began_at: at(10),
    created_at: at(20),
    written_at: at(30),
    seconds: 20,
    lag_seconds: lag,
  });
});

test("one that another load overtook says so", async () => {
  const home = await homeOf(lines.slice(0, 3));
  await loadHome(home, day(10), { models });
  await writeSegment(home, lines.slice(3));
  let rivals = 0;
  await loadHome(home, day(11), {
    models,
    onStep: async (step) => {
      if (step === "publish" && rivals++ < 2) await loadHome(home, day(11 + rivals), { models });
    },
  });
  expect(await ask(home, "snapshot::int as snapshot, attempts_lost, events_taken")).toEqual([
    { snapshot: 1, attempts_lost: 0, events_taken: 3 },
    { snapshot: 2, attempts_lost: 0, events_taken: 4 },
    { snapshot: 3, attempts_lost: 0, events_taken: 0 },
    { snapshot: 4, attempts_lost: 2, events_taken: 0 },
  ]);
});

test("failures since the load before are named once: when, at which step, and of what kind; and never what was in the data", async () => {
  const home = await homeOf(lines.slice(0, 3));
  await failAt(home, "write events", new Error("ENOSPC: no space left"), new Date(day(20)));
  await failAt(home, "plan", new TypeError("jane@example.com"), new Date(day(21)));
  expect(await failuresIn(home)).toHaveLength(2);
  await loadHome(home, day(10), { models });
  expect(await failuresIn(home)).toEqual([]);
  await writeSegment(home, lines.slice(3));
  await loadHome(home, day(10), { models });
  const rows = await ask(
    home,
    "failures_before, list_transform(failures, lambda f: [f.failed_at::varchar, f.step, f.kind]) as failures",
  );
  expect(rows).toEqual([
    {
      failures_before: 2,
      failures: [
        ["2026-01-21 00:00:00", "write events", "disk"],
        ["2026-01-22 00:00:00", "plan", "unexpected"],
      ],
    },
    { failures_before: 0, failures: [] },
  ]);
});

test("a load that a damaged segment stopped was refused, and what was in the segment is not told", async () => {
  const home = await homeOf(lines.slice(0, 3));
  const path = await writeSegment(home, lines.slice(3));
  await writeFile(path, gzipSync("jane@example.com"));
  await expect(loadHome(home, day(10), { models })).rejects.toThrow("is damaged");
  await writeSegment(home, lines.slice(3));
  await loadHome(home, day(10), { models });
  const texts = JSON.stringify(
    await ask(home, "list_transform(failures, lambda f: [f.step, f.kind]) as failures"),
  );
  expect(texts).toBe('[{"failures":[["verify segments","refused"]]}]');
});

test("a load that was killed when it had published did not remove what it named; the next names it no more, and removes it", async () => {
  const home = await homeOf(lines.slice(0, 3));
  await failAt(home, "plan", new Error("first"));
  // After this step it removes what it took up.
  await failAt(home, "open", new Error("killed"));
  expect(await failuresIn(home)).toHaveLength(1);
  await writeSegment(home, lines.slice(3));
  await loadHome(home, day(10), { models });
  expect(await failuresIn(home)).toEqual([]);
  expect(await ask(home, "failures_before")).toEqual([{ failures_before: 1 }, { failures_before: 0 }]);
});

test("a file of a failure that nobody can read stops no load", async () => {
  const home = await homeOf(lines);
  const folder = join(home, "lake/failures");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${crypto.randomUUID()}.json`), "{");
  await writeFile(join(folder, `${crypto.randomUUID()}.json`), '{"failedAt": "yesterday", "step": 1}');
  expect((await loadHome(home, day(10), { models })).warnings).toEqual([]);
  expect(await ask(home, "failures_before")).toEqual([{ failures_before: 0 }]);
});

test("rows of a lake that knew fewer columns are carried on", async () => {
  const home = await homeOf(lines.slice(0, 3));
  const older = {
    ...models,
    models: models.models.map((model) =>
      model.name === "fct_load"
        ? {
            ...model,
            sql: "select snapshot, because, failures from (from past_loads union all by name from this_load)",
            columns: model.columns
              .filter(({ name }) => ["snapshot", "because", "failures"].includes(name))
              .map((column) => (column.name === "snapshot" ? { ...column, type: "INTEGER" } : column)),
            tests: [],
          }
        : model,
    ),
  };
  await loadHome(home, day(10), { models: older });
  await writeSegment(home, lines.slice(3));
  const relaxed = {
    ...models,
    models: models.models.map((model) => ({
      ...model,
      columns: model.columns.map((column) => ({
        ...column,
        tests: column.tests.filter((name) => name !== "not_null"),
      })),
      tests: [],
    })),
    digest: "newer",
  };
  await loadHome(home, day(10), { models: relaxed });
  expect(await ask(home, "snapshot::int as snapshot, because, rows_out")).toEqual([
    { snapshot: 1, because: "no snapshot yet", rows_out: null },
    { snapshot: 2, because: "new segments", rows_out: 7 },
  ]);
});
