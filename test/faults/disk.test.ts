// Disks that are full, or read-only, for real: a small file system of the test's own.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import { newestSnapshot } from "../../warehouse/snapshot.ts";
import { activation, appWithOrder, catalog, order } from "../ingest/support.ts";
import { temporaryFolder } from "../support/folder.ts";
import { load, makeApiKey, runTool, sql, startService } from "../support/service.ts";
import { noSmallDisk, smallDisk } from "../support/small-disk.ts";
import { loadHome, openHome, place, writeSegment } from "../warehouse/support.ts";
import { catalog as catalogFacts, day, sale } from "../warehouse/facts.ts";

const MB = 1024 * 1024;

/** Names below a folder, hidden ones too. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

describe.skipIf(noSmallDisk !== "")(`on a disk that is full${noSmallDisk}`, () => {
  test("the service answers 503, loses nothing, and goes on without a restart when there is room", async () => {
    const disk = smallDisk(12 * MB);
    const key = await makeApiKey(disk.folder, "admin");
    const service = await startService(disk.folder);
    const headers = { authorization: `Bearer ${key}` };
    const send = async (method: string, path: string, body?: object) => {
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(service.url + path, { method, headers, ...init });
      return { status: response.status, headers: response.headers, body: await response.json() };
    };
    await send("PUT", "/v1/catalog", catalog);
    const acknowledged: string[] = [];
    const refused: Awaited<ReturnType<typeof send>>[] = [];
    const orderUntil = async (name: string, isEnough: () => boolean) => {
      for (let n = 0; !isEnough(); n += 1) {
        const orderId = `SO-${name}-${n}`;
        const answer = await send("POST", "/v1/orders", order({ orderId }));
        if (answer.status === 201) acknowledged.push(orderId);
        else refused.push(answer);
      }
    };
    await orderUntil("before", () => acknowledged.length === 5);
    disk.leave(100_000);
    await orderUntil("full", () => refused.length === 10);
    expect(acknowledged.length).toBeGreaterThan(5);
    for (const { status, headers: told, body } of refused) {
      expect(status).toBe(503);
      expect(body).toMatchObject({ code: "storage_unavailable", status: 503 });
      expect([told.get("content-type"), told.get("retry-after")]).toEqual(["application/problem+json", "5"]);
    }
    // What is on record can be read all the while.
    expect((await send("GET", `/v1/orders/${acknowledged.at(-1)}`)).status).toBe(200);
    expect((await send("GET", "/healthz")).status).toBe(200);

    disk.free();
    const before = acknowledged.length;
    await orderUntil("after", () => acknowledged.length === before + 5 || refused.length > 10);
    expect(refused).toHaveLength(10);
    // A disk that is full again at the end keeps nobody from stopping.
    disk.leave(0);
    expect(await service.end("SIGTERM")).toBe(0);
    disk.free();

    const ledger = openSqlite(join(disk.folder, "ledger.sqlite"));
    const recorded = ledger.all<{ order_id: string }>("select order_id from orders order by rowid");
    expect(recorded.map(({ order_id: id }) => id)).toEqual(acknowledged);
    expect(ledger.get("pragma integrity_check")).toEqual({ integrity_check: "ok" });
    ledger.close();
    await load(disk.folder);
    const inLake = await sql<{ order_id: string }>(disk.folder, "select order_id from fct_order_line");
    expect(inLake.map(({ order_id: id }) => id).toSorted()).toEqual(acknowledged.toSorted());
  });

  test("a segment is not half there, leaves nothing behind, and is written when there is room", async () => {
    const disk = smallDisk(MB);
    const store = folderStore(join(disk.folder, "segments"));
    const bytes = crypto.getRandomValues(new Uint8Array(60_000));
    await store.create("events/first", bytes);
    disk.leave(30_000);
    const before = filesBelow(disk.folder);
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(store.create("events/second", bytes)).rejects.toThrow("ENOSPC");
    expect(filesBelow(disk.folder)).toEqual(before);
    disk.free();
    expect(await store.create("events/second", bytes)).toBe(true);
    expect(new Uint8Array(await readFile(join(disk.folder, "segments", "events", "second")))).toEqual(bytes);
  });

  test("an export that fails is done by the next one, each fact once", async () => {
    const disk = smallDisk(MB);
    const { app, code } = await appWithOrder({ line: { quantity: 1000 } });
    for (let n = 0; n < 200; n += 1)
      await app.send("POST", "/v1/activations", activation(code, { host: { id: `host-${n}` } }));
    const store = folderStore(join(disk.folder, "segments"));
    disk.leave(8_000);
    await expect(exportSegments(app.sql, 0, store)).rejects.toThrow("ENOSPC");
    await app.send("POST", "/v1/activations", activation(code, { host: { id: "one-more" } }));
    disk.free();
    const { events } = await exportSegments(app.sql, 0, store);
    expect(app.sql.get("select max(seq) as last from event")).toEqual({ last: events });
    expect(filesBelow(disk.folder).filter((path) => path.includes("events"))).toHaveLength(2);
  });

  test("a load publishes nothing, the last snapshot answers, and the next load does it all", async () => {
    const disk = smallDisk(16 * MB);
    const home = disk.folder;
    const lines = place([...catalogFacts(day(0)), ...sale({ orderId: "A", orderedAt: day(1) })]);
    await writeSegment(home, lines.slice(0, 1));
    await loadHome(home, day(10));
    await writeSegment(home, lines.slice(1));
    const lake = await openHome(home);
    for (const room of [0, 20_000, 60_000]) {
      disk.leave(room);
      await expect(loadHome(home, day(10)), `room for ${room} bytes`).rejects.toThrow("the disk is full");
      expect((await newestSnapshot(join(home, "lake")))?.snapshot).toBe(1);
      expect(await lake.query("select count(*) as events from events")).toEqual([{ events: 1 }]);
    }
    disk.free();
    expect((await loadHome(home, day(10))).manifest.tables["events"]?.rows).toBe(lines.length);
  });

  test("npm run load says what is wrong and what to do, in one line", async () => {
    const disk = smallDisk(16 * MB);
    await writeSegment(disk.folder, place(catalogFacts(day(0))));
    disk.leave(0);
    const failed = runTool(disk.folder, "warehouse/cli.ts", "load");
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^[^\n]*disk is full[^\n]*\n$/),
    });
  });
});

describe.skipIf(noSmallDisk !== "")(`on a disk that is read-only${noSmallDisk}`, () => {
  test("the lake answers, and a load says what is wrong and changes nothing", async () => {
    const disk = smallDisk(16 * MB);
    const home = disk.folder;
    const lines = place([...catalogFacts(day(0)), ...sale({ orderId: "A", orderedAt: day(1) })]);
    await writeSegment(home, lines);
    await loadHome(home, day(10));
    const before = filesBelow(home);
    disk.setReadOnly(true);
    expect(await sql(home, "select count(*)::int as events from events")).toEqual([{ events: lines.length }]);
    await expect(runTool(home, "warehouse/cli.ts", "load", "--as-of", "2027-01-01")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^[^\n]*read-only[^\n]*\n$/),
    });
    expect(filesBelow(home)).toEqual(before);
    disk.setReadOnly(false);
    expect((await loadHome(home, day(11))).manifest.snapshot).toBe(2);
  });
});

test("a ledger that may only be read answers 503, records nothing, and goes on when it may be written", async () => {
  const path = join(await temporaryFolder(), "ledger.sqlite");
  const { app, admin, code } = await appWithOrder({}, { path });
  const events = () => app.sql.get("select count(*) as events from event");
  const before = events();
  app.sql.run("pragma query_only = on");
  const refused = await app.send("POST", "/v1/activations", activation(code));
  expect(refused).toMatchObject({ status: 503, body: { code: "storage_unavailable" } });
  expect(refused.headers.get("retry-after")).toBe("5");
  expect(events()).toEqual(before);
  expect((await app.send("GET", "/v1/orders/SO-1001", undefined, admin)).status).toBe(200);
  app.sql.run("pragma query_only = off");
  expect((await app.send("POST", "/v1/activations", activation(code))).status).toBe(201);
  app.sql.close();
});
