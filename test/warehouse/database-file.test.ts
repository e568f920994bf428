// keyhouse.duckdb: whoever has it open while loads go on, and in which way.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { type Database, openDatabase } from "../../warehouse/duckdb.ts";
import type { LoadOptions } from "../../warehouse/load.ts";
import { readModels } from "../../warehouse/models.ts";
import { openLake } from "../../warehouse/read.ts";
import { quote } from "../../warehouse/sql.ts";
import { DATABASE_FILE } from "../../warehouse/views.ts";
import { temporaryFolder } from "../support/folder.ts";
import { catalog, day, sale } from "./facts.ts";
import { modelsFor } from "./fixture.ts";
import { loadHome, place, writeSegment } from "./support.ts";

const models = modelsFor(await readModels(), "meta");
const pathOf = (home: string) => join(home, "lake", DATABASE_FILE);

/** A home with snapshot 1, and a function that loads one more order. */
async function homeThatGrows() {
  const home = await temporaryFolder();
  let seq = 1;
  const grow = async (options: Partial<LoadOptions> = {}) => {
    const drafts = sale({ orderId: `A-${seq}`, orderedAt: day(1) });
    const lines = place(seq === 1 ? [...catalog(day(0)), ...drafts] : drafts, seq);
    seq += lines.length;
    await writeSegment(home, lines);
    return loadHome(home, day(10), { models, ...options });
  };
  await grow();
  return { home, grow };
}

/** Opens the file to read only, as README says. */
async function openShown(home: string): Promise<Database> {
  const database = await openDatabase(":memory:");
  onTestFinished(() => database.close());
  await database.run(`attach ${quote(pathOf(home))} as shown (read_only); use shown`);
  return database;
}

const QUERY =
  "select snapshot::int as snapshot, (select count(*)::int from fct_entitlement) as orders from meta";

/** Somebody else's process, which has the file open: it answers once at the start, and once a line that it is sent. */
async function startOther(home: string, mode: "read_only" | "read_write", first = QUERY) {
  const child = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { createInterface } from "node:readline";
       import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, "../../warehouse/duckdb.ts"))};
       const database = await openDatabase(":memory:");
       await database.run(${JSON.stringify(`attach ${quote(pathOf(home))} as shown (${mode}); use shown`)});
       const answer = async (sql) => console.log(JSON.stringify(await database.rows(sql)));
       await answer(${JSON.stringify(first)});
       for await (const line of createInterface({ input: process.stdin })) await answer(line);`,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const gone = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => JSON.parse(String((await lines.next()).value)) as unknown;
  return {
    first: await read(),
    ask: (sql: string) => {
      child.stdin.write(`${sql}\n`);
      return read();
    },
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

test("many read it at once, and a load replaces it under them: each goes on with the snapshot that it opened", async () => {
  const { home, grow } = await homeThatGrows();
  const other = await startOther(home, "read_only");
  const own = await openShown(home);
  expect(await own.rows(QUERY)).toEqual([{ snapshot: 1, orders: 1 }]);
  expect((await grow()).warnings).toEqual([]);
  expect([other.first, await other.ask(QUERY), await own.rows(QUERY)]).toEqual(
    Array.from({ length: 3 }, () => [{ snapshot: 1, orders: 1 }]),
  );
  expect(await (await openShown(home)).rows(QUERY)).toEqual([{ snapshot: 2, orders: 2 }]);
});

test("who opens it to write shuts others out, but no load; the next load's file is open to all", async () => {
  const { home, grow } = await homeThatGrows();
  const writer = await startOther(home, "read_write");
  await expect(openShown(home)).rejects.toThrow("Conflicting lock is held");
  expect((await grow()).warnings).toEqual([]);
  expect(await (await openShown(home)).rows(QUERY)).toEqual([{ snapshot: 2, orders: 2 }]);
  expect(await writer.ask(QUERY)).toEqual([{ snapshot: 1, orders: 1 }]);
});

test("what somebody wrote into it and did not finish is not in the next one", async () => {
  const { home, grow } = await homeThatGrows();
  const writer = await startOther(home, "read_write", "create or replace view meta as select 99 as snapshot");
  await writer.kill();
  // Without this there is nothing to be taken over.
  expect(existsSync(`${pathOf(home)}.wal`)).toBe(true);
  await grow();
  expect(await (await openShown(home)).rows(QUERY)).toEqual([{ snapshot: 2, orders: 2 }]);
});

test("a reader answers from its snapshot while fewer loads publish than are kept; then it is told, and never answers with less", async () => {
  const { home, grow } = await homeThatGrows();
  const retention = { snapshots: 3, days: 0 };
  const shown = await openShown(home);
  const door = await openLake(join(home, "lake"));
  onTestFinished(() => door?.close());
  const both = [shown.rows, door?.query ?? shown.rows];
  for (let loads = 1; loads < retention.snapshots; loads += 1) {
    // Each writes the month's file anew, so that the files of events go as well.
    await grow({ retention, maxFilesPerMonth: 1 });
    for (const ask of both) {
      expect(await ask(QUERY)).toEqual([{ snapshot: 1, orders: 1 }]);
      expect(await ask("select count(*)::int as events from events")).toEqual([{ events: 3 }]);
    }
  }
  await grow({ retention, maxFilesPerMonth: 1 });
  for (const ask of both)
    for (const table of ["events", "fct_entitlement", "meta"])
      await expect(ask(`select count(*) from ${table}`), table).rejects.toThrow(
        /No files found|Cannot open file/,
      );
  expect(await (await openShown(home)).rows(QUERY)).toEqual([{ snapshot: 4, orders: 4 }]);
});
