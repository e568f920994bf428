import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startWorker } from "../support/workerd.ts";
import { sqlContract } from "./sql.ts";

const runChild = promisify(execFile);
const child = fileURLToPath(new URL("sql.child.ts", import.meta.url));
const promises = Object.keys(sqlContract);

describe("the port to SQLite on Node", () => {
  test.each(promises)("%s", (promise) => {
    const sql = openSqlite(":memory:");
    expect(() => sqlContract[promise]?.(sql)).not.toThrow();
    sql.close();
  });

  // What follows has no like in a Durable Object: nobody else opens its database, and nothing here can fill its disk.

  test("two processes that change the same row at once lose no change", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const sql = openSqlite(path);
    sql.run("create table counter (n integer not null) strict");
    sql.run("insert into counter values (0)");
    const add = () => runChild(process.execPath, [child, path, "150"]);
    await Promise.all([add(), add(), add()]);
    expect(sql.get("select n from counter")).toEqual({ n: 450 });
    sql.close();
  });

  test("what another process has committed is seen at once, and what it has not, never", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const [one, two] = [openSqlite(path), openSqlite(path)];
    one.run("create table t (i integer) strict");
    const seen = () => two.all<{ i: number }>("select i from t").map(({ i }) => i);
    one.transaction(() => {
      one.run("insert into t values (1)");
      expect(seen()).toEqual([]);
    });
    expect(seen()).toEqual([1]);
    one.close();
    two.close();
  });

  test("a transaction for which the disk has no room leaves nothing, says so, and the next one works", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const sql = openSqlite(path);
    sql.run("create table t (s text not null) strict");
    sql.run("insert into t values ('before')");
    sql.run("pragma max_page_count = 8");
    const fill = () =>
      sql.transaction(() => {
        for (let i = 0; i < 100; i += 1) sql.run("insert into t values (?)", "x".repeat(4000));
      });
    // https://sqlite.org/rescode.html#full
    expect(fill).toThrow(expect.objectContaining({ errcode: 13 }));
    expect(sql.all("select s from t")).toEqual([{ s: "before" }]);
    sql.run("pragma max_page_count = 1000000");
    fill();
    expect(sql.get("select count(*) as n from t")).toEqual({ n: 101 });
    sql.close();
    const again = openSqlite(path);
    expect(again.get("select count(*) as n from t")).toEqual({ n: 101 });
    again.close();
  });
});

describe("the port to SQLite in a Durable Object", () => {
  let worker: Awaited<ReturnType<typeof startWorker>>;
  beforeAll(async () => {
    worker = await startWorker({
      config: {
        name: "contract",
        main: "test/contract/sql.worker.ts",
        compatibility_date: "2026-11-17",
        compatibility_flags: ["nodejs_compat"],
        durable_objects: { bindings: [{ name: "CHECKS", class_name: "Check" }] },
        migrations: [{ tag: "v1", new_sqlite_classes: ["Check"] }],
      },
    });
  });
  afterAll(() => worker.harness.close());

  test.each(promises)("%s", async (promise) => {
    const answer = await fetch(new URL(encodeURIComponent(promise), worker.url));
    expect(await answer.text()).toBe("kept");
  });
});
