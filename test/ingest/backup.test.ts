// A ledger that is copied, put back and looked through.

import { copyFile, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { homeOf } from "../../ingest/home.ts";
import { backupLedger, restoreLedger } from "../../ingest/ledger/backup.ts";
import { checkLedger } from "../../ingest/ledger/check.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import type { SqlValue } from "../../ingest/ledger/sql.ts";
import { behindSegments } from "../../ingest/segments/behind.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runTool, startService } from "../support/service.ts";
import { activation, catalog, order, testApp } from "./support.ts";

const quiet = () => undefined;

/** A home with a catalog and some orders in its ledger, of so many lines, and one activation. */
async function home({ orders = 2, lines = 2 } = {}) {
  const it = homeOf({ KEYHOUSE_HOME: await temporaryFolder() });
  const app = await testApp({ path: it.ledger });
  const admin = await app.as("admin");
  await app.send("PUT", "/v1/catalog", catalog, admin);
  const line = order().lines[0];
  const place = (n: number) =>
    app.send(
      "POST",
      "/v1/orders",
      order({
        orderId: `SO-${n}`,
        customer: { id: `C-${n}`, name: `Customer ${n}` },
        lines: Array.from({ length: lines }, (_, i) => ({ ...line, lineNumber: i + 1 })),
      }),
      admin,
    );
  let code = "";
  for (let n = 0; n < orders; n++) code = (await place(n)).body.entitlements[0].activationCode;
  for (const id of ["a", "b"]) await app.send("POST", "/v1/activations", activation(code, { host: { id } }));
  const lastSeq = () => app.sql.get<{ seq: number }>("select max(seq) as seq from event")?.seq ?? 0;
  return { it, app, admin, place, lastSeq };
}

/** What is wrong with a ledger's file. */
function faultsOf(path: string): string[] {
  const sql = openSqlite(path);
  try {
    return checkLedger(sql, 0, quiet);
  } finally {
    sql.close();
  }
}

describe("npm run backup", () => {
  test("copies one moment of a ledger that goes on being written to, and what is copied is whole", async () => {
    // More than one step of the copy: between two of them, others have a turn.
    const { it, app, place, lastSeq } = await home({ orders: 6, lines: 500 });
    const file = join(it.root, "copy.sqlite");
    const [before, shares] = [lastSeq(), [] as number[]];
    const state = { isCopying: true };
    const copying = backupLedger(it.ledger, file, (share) => shares.push(share)).finally(
      () => (state.isCopying = false),
    );
    let written = 0;
    for (; state.isCopying; written++) await place(1000 + written);
    const copied = await copying;
    expect(shares.length).toBeGreaterThan(1);
    expect(written).toBeGreaterThan(0);
    expect(lastSeq()).toBeGreaterThan(copied.lastSeq);
    expect(copied.lastSeq).toBeGreaterThanOrEqual(before);
    expect(faultsOf(file)).toEqual([]);
    app.sql.close();
  });

  test("makes a file for its owner's eyes, and never writes over one", async () => {
    const { it, app } = await home();
    const folder = await temporaryFolder();
    const file = join(folder, "copy.sqlite");
    expect(await runTool(it.root, "ingest/cli/backup.ts", file)).toContain("up to event");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const bytes = await readFile(file);
    await expect(runTool(it.root, "ingest/cli/backup.ts", file)).rejects.toThrow("is there already");
    expect(await readFile(file)).toEqual(bytes);
    expect(await readdir(folder)).toEqual(["copy.sqlite"]);
    await expect(backupLedger(join(folder, "none"), join(folder, "x"), quiet)).rejects.toThrow("no ledger");
    app.sql.close();
  });
});

describe("npm run restore", () => {
  test("puts a backup into an empty home, where everything is exported anew", async () => {
    const { it, app, lastSeq } = await home();
    await exportSegments(app.sql, 0, folderStore(it.segments));
    const file = join(await temporaryFolder(), "copy.sqlite");
    await backupLedger(it.ledger, file, quiet);
    const other = homeOf({ KEYHOUSE_HOME: join(await temporaryFolder(), "new") });
    await runTool(other.root, "ingest/cli/restore.ts", file);
    expect(await runTool(other.root, "ingest/cli/check.ts")).toBe("All is well.\n");
    await runTool(other.root, "ingest/cli/export.ts");
    const [one, two] = await Promise.all(
      [it, other].map(({ segments }) => readdir(segments, { recursive: true })),
    );
    expect(two).toEqual(one);
    expect(one?.join()).toContain(String(lastSeq()));
    app.sql.close();
  });

  test("touches no home that holds anything but keys, and takes nothing that is no whole ledger", async () => {
    const { it, app } = await home();
    app.sql.close();
    const folder = await temporaryFolder();
    const file = join(folder, "copy.sqlite");
    await backupLedger(it.ledger, file, quiet);
    await expect(restoreLedger(file, it)).rejects.toThrow("holds ledger.sqlite");
    for (const [bad, spoil] of [
      ["text", () => writeFile(join(folder, "text"), "not a ledger")],
      ["half", () => copyFile(file, join(folder, "half")).then(() => truncate(join(folder, "half"), 40_000))],
      ["empty", () => writeFile(join(folder, "empty"), "")],
    ] as const) {
      await spoil();
      const other = homeOf({ KEYHOUSE_HOME: await temporaryFolder() });
      await expect(restoreLedger(join(folder, bad), other), bad).rejects.toThrow("no whole ledger");
      expect(await readdir(other.root)).toEqual([]);
    }
  });
});

test("a ledger that is older than its own segments is not started, not exported, and told of", async () => {
  const { it, app, place } = await home();
  app.sql.run("vacuum into ?", join(it.root, "old.sqlite"));
  await exportSegments(app.sql, 0, folderStore(it.segments));
  expect(await behindSegments(app.sql, 0, folderStore(it.segments))).toBeNull();
  await place(7);
  expect(await behindSegments(app.sql, 0, folderStore(it.segments))).toBeNull();
  app.sql.close();
  for (const end of ["", "-wal", "-shm"]) await writeFile(it.ledger + end, "");
  await copyFile(join(it.root, "old.sqlite"), it.ledger);
  const before = await readdir(it.segments, { recursive: true });
  await expect(startService(it.root)).rejects.toThrow("older than its own segments");
  await expect(runTool(it.root, "ingest/cli/export.ts")).rejects.toThrow("npm run restore");
  await expect(runTool(it.root, "ingest/cli/check.ts")).rejects.toThrow("older than its own segments");
  expect(await readdir(it.segments, { recursive: true })).toEqual(before);
});

describe("npm run check", () => {
  const spoilt: [string, string, SqlValue[], RegExp][] = [
    ["an event is gone", "delete from event where seq = 3", [], /Event 3 is missing/],
    ["the first event is gone", "delete from event where seq = 1", [], /Event 1 is missing/],
    [
      "an event says another place",
      `update event set line = replace(line, '"seq":2,', '"seq":9,') where seq = 2`,
      [],
      /Event 2 says that it is 9/,
    ],
    [
      "an event is of another shard",
      `update event set line = replace(line, '"shard":0', '"shard":1') where seq = 2`,
      [],
      /Event 2 says .* shard 1/,
    ],
    [
      "an event is cut short",
      "update event set line = substr(line, 1, 50) where seq = 2",
      [],
      /Event 2 does not fit/,
    ],
    [
      "an event has another amount",
      `update event set line = replace(line, '"quantity":2', '"quantity":3') where line like '%entitlement.granted%'`,
      [],
      /quantity is 2, and its events say 3/,
    ],
    [
      "a state has more seats to give",
      `update entitlement set state = json_set(state, '$.quantity', 50)`,
      [],
      /quantity is 50, and its events say 2/,
    ],
    [
      "a state counts another number of seats",
      `update entitlement set state = json_set(state, '$.seatsBound', 1)`,
      [],
      /has 2 seats taken, and counts 1/,
    ],
    [
      "an entitlement is another customer's",
      "update entitlement set customer_id = 'C-X'",
      [],
      /listed with customer C-X/,
    ],
    ["a seat is gone", "delete from seat where rowid = 1", [], /seat act_\w+ is not what its events say/],
    [
      "a seat has another host",
      "update seat set host_hash = 'x' where rowid = 1",
      [],
      /seat act_\w+ is not what/,
    ],
    [
      "a seat came from nowhere",
      `insert into seat (activation_id, entitlement_id, host_hash, generation, bound_at) select 'act_x', entitlement_id, 'x', 1, 1 from seat limit 1`,
      [],
      /has 3 seats taken, and may have 2/,
    ],
    [
      "a state is gone",
      "delete from entitlement where entitlement_id not in (select entitlement_id from seat)",
      [],
      /has events, and no state/,
    ],
    [
      "a seat refers to nothing",
      "delete from entitlement where entitlement_id in (select entitlement_id from seat)",
      [],
      /refers to no row of entitlement/,
    ],
    [
      "a profile is gone",
      "delete from profile where seq = 1",
      [],
      /profiles up to place 2: some are missing/,
    ],
    [
      "money went back of which no event tells",
      "update line_money set refunded_minor = 1",
      [],
      /the money of line 1 in EUR is not what its events say/,
    ],
    ["more was exported than there is", "update export set exported_through = 999", [], /exported up to 999/],
  ];

  test("finds nothing where all is well, and tells how far it is", async () => {
    const { it, app } = await home();
    app.sql.close();
    const sql = openSqlite(it.ledger);
    onTestFinished(() => sql.close());
    const told: string[] = [];
    expect(checkLedger(sql, 0, (what) => told.push(what))).toEqual([]);
    expect(new Set(told)).toEqual(
      new Set(["the file", "events", "the history of entitlements", "entitlements", "the money of orders"]),
    );
  });

  test.each(spoilt)("finds that %s", async (_what, statement, values, message) => {
    const { it, app } = await home();
    app.sql.run("pragma foreign_keys = off");
    app.sql.run(statement, ...values);
    app.sql.close();
    expect(faultsOf(it.ledger).join("\n")).toMatch(message);
  });

  test("finds a damaged page", async () => {
    const { it, app } = await home({ lines: 50 });
    app.sql.close();
    const bytes = await readFile(it.ledger);
    bytes.fill(0xff, bytes.length - 3 * 4096, bytes.length - 4096);
    await writeFile(it.ledger, bytes);
    await expect(runTool(it.root, "ingest/cli/check.ts")).rejects.toThrow(/damaged|malformed/);
  });

  test("looks while the service writes, at one moment of it", async () => {
    const { it, app, place } = await home();
    const checking = runTool(it.root, "ingest/cli/check.ts");
    const state = { isChecking: true };
    void checking.finally(() => (state.isChecking = false)).catch(quiet);
    for (let n = 100; state.isChecking; n++) await place(n);
    expect(await checking).toBe("All is well.\n");
    app.sql.close();
  });
});
