import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { startWorker } from "../support/workerd.ts";
import { sqlContract } from "./sql.ts";

const promises = Object.keys(sqlContract);

describe("the port to SQLite on Node", () => {
  test.each(promises)("%s", (promise) => {
    const sql = openSqlite(":memory:");
    expect(() => sqlContract[promise]?.(sql)).not.toThrow();
    sql.close();
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
