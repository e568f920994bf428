// What of the service on Workers can be shown without workerd: faults that it does not make on demand.

import type { DurableObjectStorage } from "@cloudflare/workers-types";
import { beforeEach, describe, expect, test } from "vitest";
import { isEnvironmentKey, setEnvironmentKey } from "../../ingest/environment-key.ts";
import { type MoreSecrets, readSecrets, type Secrets } from "../../ingest/keys-secrets.ts";
import { findApiKey, keptApiKey, listApiKeys } from "../../ingest/ledger/api-keys.ts";
import { durableSql, shardName, shardOf } from "../../ingest/ledger/durable-object.ts";
import { faultOf } from "../../ingest/fault.ts";
import { OverloadedError } from "../../ingest/ledger/group.ts";
import { remotePort, replyOf } from "../../ingest/ledger/remote.ts";
import { ShardAlarm } from "../../ingest/ledger/alarm.ts";
import { testApp } from "./support.ts";

describe("the alarm of a shard", () => {
  /** An alarm on a storage that only has alarms. */
  function alarmOf({ pending = null as number | null } = {}) {
    const state = {
      pending,
      isBehind: true,
      sets: 0,
      reported: [] as unknown[],
      fault: undefined as unknown,
    };
    const alarm = new ShardAlarm({
      storage: {
        getAlarm: async () => state.pending,
        setAlarm: async () => void state.sets++,
      },
      everyMs: 60_000,
      isBehind: () => state.isBehind,
      catchUp: async () => {
        if (state.fault !== undefined) throw state.fault;
        state.isBehind = false;
      },
      report: (error) => state.reported.push(error),
    });
    return { alarm, state };
  }

  test("is set once for many writes, and again for the first one after it rang", async () => {
    const { alarm, state } = alarmOf();
    await alarm.wake();
    alarm.set();
    alarm.set();
    expect(state.sets).toBe(1);
    await alarm.ring();
    expect(state.sets).toBe(1);
    state.isBehind = true;
    alarm.set();
    expect(state.sets).toBe(2);
  });

  test("is not set where nothing waits", async () => {
    const { alarm, state } = alarmOf();
    state.isBehind = false;
    await alarm.wake();
    alarm.set();
    expect(state.sets).toBe(0);
  });

  test("survives an export that fails: reports it, and rings again", async () => {
    const { alarm, state } = alarmOf();
    state.fault = new Error("the bucket is away");
    await alarm.ring();
    expect(state.reported).toEqual([state.fault]);
    expect(state.sets).toBe(1);
    state.fault = undefined;
    await alarm.ring();
    expect([state.isBehind, state.sets]).toEqual([false, 1]);
  });

  test("is not put off by an object that wakes up, but set where an object wakes up without it", async () => {
    const sleeping = alarmOf({ pending: 1 });
    sleeping.alarm.set();
    await sleeping.alarm.wake();
    sleeping.alarm.set();
    expect(sleeping.state.sets).toBe(0);
    const fresh = alarmOf();
    await fresh.alarm.wake();
    expect(fresh.state.sets).toBe(1);
  });
});

describe("the secrets of a deployment", () => {
  const set: Required<Secrets> = {
    KEYHOUSE_SIGNING_KEY: "01".repeat(32),
    KEYHOUSE_HOST_KEY: "ab".repeat(32),
    KEYHOUSE_ADMIN_KEY: `kh_admin_${"x".repeat(32)}`,
  };
  const deployed = "https://licenses.example.com/v1/orders";

  test("are used where they are set, wherever the request came to", () => {
    for (const url of [deployed, "http://localhost:8787/", undefined])
      expect(readSecrets(set, url)).toMatchObject({
        ok: true,
        value: { signing: [new Uint8Array(32).fill(1)], adminKey: set.KEYHOUSE_ADMIN_KEY },
      });
  });

  const reportsKey = `kh_reports_${"x".repeat(32)}`;

  test("open the reports by a key of their own, by none where it is not set, and in development by that of development", () => {
    const keyOf = (env: Secrets & MoreSecrets, url?: string) => {
      const keys = readSecrets(env, url);
      return keys.ok ? keys.value.reportsKey : keys.detail;
    };
    expect(keyOf({ ...set, KEYHOUSE_REPORTS_KEY: ` ${reportsKey}\n` }, deployed)).toBe(reportsKey);
    for (const url of [deployed, "http://localhost:8787/", undefined]) expect(keyOf(set, url)).toBeNull();
    expect(keyOf({}, "http://localhost:8787/")).toMatch(/^kh_reports_for-development/);
    expect(keyOf({ KEYHOUSE_REPORTS_KEY: reportsKey }, "http://localhost:8787/")).toBe(reportsKey);
    expect(keyOf({ KEYHOUSE_REPORTS_KEY: reportsKey }, deployed)).toContain("Set KEYHOUSE_SIGNING_KEY");
  });

  test("may hold older signing keys before the one that signs", () => {
    const keys = readSecrets({ ...set, KEYHOUSE_SIGNING_KEY: ` ${"01".repeat(32)}\n${"02".repeat(32)} ` });
    expect(keys).toMatchObject({ value: { signing: [{ 0: 1 }, { 0: 2 }] } });
  });

  test.each(["http://localhost:8787/", "http://127.0.0.1/x", "http://[::1]:1/"])(
    "are those of development for %s where none is set",
    (url) => {
      expect(readSecrets({}, url)).toMatchObject({ ok: true });
    },
  );

  test.each([
    ["none", {}, deployed, "KEYHOUSE_SIGNING_KEY"],
    ["none, and a name that only begins like this machine's", {}, "http://localhost.example.com/", "Set"],
    [
      "some, on this machine",
      { ...set, KEYHOUSE_HOST_KEY: "" },
      "http://localhost/",
      "Set KEYHOUSE_HOST_KEY",
    ],
    ["a short signing key", { ...set, KEYHOUSE_SIGNING_KEY: "01" }, deployed, "KEYHOUSE_SIGNING_KEY is not"],
    [
      "a host key that is no hex",
      { ...set, KEYHOUSE_HOST_KEY: "z".repeat(64) },
      deployed,
      "KEYHOUSE_HOST_KEY is not",
    ],
    [
      "a short key to the reports",
      { ...set, KEYHOUSE_REPORTS_KEY: "kh_reports_1" },
      deployed,
      "KEYHOUSE_REPORTS_KEY is not",
    ],
    [
      "a key to the reports that is no such",
      { ...set, KEYHOUSE_REPORTS_KEY: set.KEYHOUSE_ADMIN_KEY },
      deployed,
      "KEYHOUSE_REPORTS_KEY is not",
    ],
    [
      "a short admin key",
      { ...set, KEYHOUSE_ADMIN_KEY: "kh_admin_1" },
      deployed,
      "KEYHOUSE_ADMIN_KEY is not",
    ],
  ])("are refused, by name and without their value: %s", (_case, env, url, detail) => {
    const keys = readSecrets(env, url);
    expect(keys).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
    for (const value of Object.values(env).filter(Boolean)) expect(JSON.stringify(keys)).not.toContain(value);
  });
});

describe("the API key of the environment", () => {
  const first = `kh_admin_${"a".repeat(32)}`;
  const second = `kh_admin_${"b".repeat(32)}`;
  let app: Awaited<ReturnType<typeof testApp>>;
  beforeEach(async () => void (app = await testApp()));
  const set = (presented: string | undefined) => setEnvironmentKey(app.ledger, presented);
  const find = (presented: string) =>
    findApiKey(async (keyId) => keptApiKey(app.sql, keyId), presented, app.deps.clock());

  test("opens everything, stays the same over restarts, and is kept as a hash", async () => {
    await set(first);
    await set(first);
    expect(await find(first)).toMatchObject({ scopes: ["admin"], revokedAt: null });
    expect(JSON.stringify(app.sql.all("select * from api_key"))).not.toContain("a".repeat(32));
    expect(listApiKeys(app.sql)).toHaveLength(1);
  });

  test("ends when another takes its place, or none does, and comes back with the environment's word", async () => {
    await set(first);
    await set(second);
    expect(await find(first)).toBeUndefined();
    expect(await find(second)).toBeDefined();
    await set(undefined);
    expect(await find(second)).toBeUndefined();
    await set(second);
    expect(await find(second)).toBeDefined();
  });

  test.each([
    "",
    "kh_admin_",
    `kh_admin_${"a".repeat(31)}`,
    `kh_other_${"a".repeat(32)}`,
    `kh_admin_${"a b".repeat(20)}`,
  ])("is refused as %j", async (presented) => {
    expect(isEnvironmentKey(presented)).toBe(false);
    await expect(set(presented)).rejects.toThrow("KEYHOUSE_ADMIN_KEY is not");
  });
});

describe("a shard that runs elsewhere", () => {
  /** A port to a shard whose every call fails so, with what crosses the border as it would. */
  function failing(error: unknown) {
    const reported: unknown[] = [];
    const call = async () => {
      const reply = await replyOf(
        () => Promise.reject(error),
        (it) => reported.push(it),
      );
      return structuredClone(reply);
    };
    return { port: remotePort(() => ({ execute: call, ask: call })), reported };
  }

  const full = Object.assign(new Error("database or disk is full"), { errcode: 13 });
  test.each([
    ["too much waits", new OverloadedError("too many"), "overloaded", 0],
    ["the disk is full", full, "storage_unavailable", 1],
    ["a row is too large", Object.assign(new Error("too big"), { errcode: 18 }), "body_too_large", 1],
    ["something is wrong", new TypeError("no"), "internal_error", 1],
  ])("where %s is answered as here, and reported there", async (_case, error, code, reports) => {
    const { port, reported } = failing(error);
    for (const call of [() => port.ask("summary"), () => port.execute("takeNews", { news: [] })]) {
      const fault: unknown = await call().catch((caught: unknown) => caught);
      expect(faultOf(fault, { report: () => undefined })).toMatchObject({ code });
    }
    expect(reported).toHaveLength(2 * reports);
  });

  test("and does not answer may have recorded it or not, and that is said", async () => {
    const port = remotePort(() => {
      throw new Error("the object was reset");
    });
    const fault: unknown = await port.ask("summary").catch((caught: unknown) => caught);
    expect(faultOf(fault, { report: () => undefined })).toMatchObject({
      code: "storage_unavailable",
      detail: expect.stringContaining("may be on record or not"),
    });
  });
});

describe("a Durable Object's storage", () => {
  test.each([
    ["database or disk is full: SQLITE_FULL", 13],
    ["disk I/O error: SQLITE_IOERR (extended: SQLITE_IOERR_WRITE)", 10],
    ["string or blob too big: SQLITE_TOOBIG", 18],
    ["something else", undefined],
  ])("that says %j throws the result code %s", (message, errcode) => {
    const exec = () => {
      throw new Error(message);
    };
    const sql = durableSql({ sql: { exec } } as unknown as DurableObjectStorage);
    expect(() => sql.run("select 1")).toThrow(
      expect.objectContaining({ message, ...(errcode === undefined ? {} : { errcode }) }),
    );
  });

  test("is named by its shard, and no other name is one", () => {
    for (const shard of [0, 7, 1023]) expect(shardOf(shardName(shard))).toBe(shard);
    for (const name of [undefined, "", "shard-1", "shard-0000", "shard--01", "shard-1e1"])
      expect(() => shardOf(name)).toThrow("no shard");
  });
});
