// What every implementation of the port to SQLite promises. Data, so that each can run it where it lives: on Node in the
// test's own process, on Workers inside of a Durable Object.

import assert from "node:assert/strict";
import { migrations } from "../../ingest/ledger/schema.sql.ts";
import type { Sql } from "../../ingest/ledger/sql.ts";

/** By what is promised: a check of it, on an empty database, that throws where it does not hold. */
export const sqlContract: Record<string, (sql: Sql) => void> = {
  "what is written is read, with its types": (sql) => {
    sql.run("create table t (i integer, r real, s text, b blob, n text) strict");
    sql.run("insert into t values (?, ?, ?, ?, ?)", 42, 1.5, "zwölf 🔑", new Uint8Array([0, 255]), null);
    const row = sql.get<{ b: Uint8Array }>("select * from t");
    assert.deepEqual({ ...row }, { i: 42, r: 1.5, s: "zwölf 🔑", b: new Uint8Array([0, 255]), n: null });
  },

  "safe integers come back as they were": (sql) => {
    sql.run("create table t (i integer not null) strict");
    const values = [0, -1, 1_795_550_065_206_786, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER];
    for (const value of values) sql.run("insert into t values (?)", value);
    const rows = sql.all<{ i: number; type: string }>("select i, typeof(i) as type from t order by rowid");
    assert.deepEqual(
      rows.map(({ i, type }) => [i, type]),
      values.map((value) => [value, "integer"]),
    );
  },

  "an integer that JavaScript cannot hold is thrown, and never rounded": (sql) => {
    sql.run("create table t (i integer not null) strict");
    sql.run("insert into t values (9007199254740993), (-9007199254740993)");
    assert.throws(() => sql.all("select i from t"), RangeError);
    assert.throws(() => sql.get("select max(i) as i from t"), RangeError);
    assert.equal(sql.get<{ n: number }>("select count(*) as n from t where i > 9007199254740992")?.n, 1);
  },

  "text has any character in it: none at all, a zero, one beyond the first plane": (sql) => {
    sql.run("create table t (s text not null) strict");
    const values = ["", "a\0b", "\0", "\u{10ffff}", "\r\n\t", "e\u0301", "\ufeff"];
    for (const value of values) sql.run("insert into t values (?)", value);
    assert.deepEqual(
      sql.all<{ s: string }>("select s from t order by rowid").map(({ s }) => s),
      values,
    );
    for (const value of values)
      assert.equal(sql.get<{ n: number }>("select count(*) as n from t where s = ?", value)?.n, 1);
  },

  "half a character becomes the sign for a wrong one": (sql) => {
    assert.equal(sql.get<{ s: string }>("select ? as s", "a\ud800b")?.s, "a\ufffdb");
  },

  "blobs are bytes of any number, kept apart from what they were read from, and compared": (sql) => {
    sql.run("create table t (b blob not null) strict");
    const large = new Uint8Array(1_900_000).fill(7);
    const part = Uint8Array.from({ length: 99 }, (_, i) => i).subarray(10, 20);
    for (const value of [new Uint8Array(), large, part]) sql.run("insert into t values (?)", value);
    const rows = sql.all<{ b: Uint8Array }>("select b from t order by rowid").map(({ b }) => b);
    assert.deepEqual(rows, [new Uint8Array(), large, part.slice()]);
    rows[2]?.fill(0);
    assert.equal(sql.get<{ n: number }>("select count(*) as n from t where b = ?", part)?.n, 1);
  },

  "a statement means what the schema says now, however often it was run before": (sql) => {
    sql.run("create table t (a integer) strict");
    sql.run("insert into t values (1)");
    assert.deepEqual({ ...sql.get<object>("select * from t") }, { a: 1 });
    sql.run("alter table t add column b text");
    sql.run("update t set b = 'new'");
    assert.deepEqual({ ...sql.get<object>("select * from t") }, { a: 1, b: "new" });
    sql.run("drop table t");
    sql.run("create table t (c text) strict");
    assert.deepEqual(sql.all("select * from t"), []);
  },

  "a statement that failed can be run again": (sql) => {
    sql.run("create table t (i integer primary key) strict");
    const insert = (i: number) => sql.run("insert into t values (?)", i);
    insert(1);
    assert.throws(() => insert(1));
    insert(2);
    assert.equal(sql.get<{ n: number }>("select count(*) as n from t")?.n, 2);
  },

  "a row that was read is its reader's: another read of it is another": (sql) => {
    sql.run("create table t (i integer) strict");
    sql.run("insert into t values (1)");
    const read = () => sql.get<{ i: number }>("select i from t");
    Object.assign(read() ?? {}, { i: 9 });
    assert.equal(read()?.i, 1);
  },

  "all rows come in their order, the first alone, and undefined for none": (sql) => {
    sql.run("create table t (i integer primary key) strict");
    assert.equal(sql.get("select * from t"), undefined);
    assert.deepEqual(sql.all("select * from t"), []);
    for (const i of [3, 1, 2]) sql.run("insert into t values (?)", i);
    const rows = sql.all<{ i: number }>("select i from t where i <= ? order by i desc limit ?", 3, 2);
    assert.deepEqual(
      rows.map(({ i }) => i),
      [3, 2],
    );
    assert.equal(sql.get<{ i: number }>("select i from t order by i")?.i, 1);
  },

  "rows that were read stay as they were when the table changes": (sql) => {
    sql.run("create table t (i integer) strict");
    sql.run("insert into t values (1), (2)");
    const rows = sql.all<{ i: number }>("select i from t order by i");
    sql.run("update t set i = i + 10");
    sql.run("delete from t where i = 12");
    assert.deepEqual(
      rows.map(({ i }) => i),
      [1, 2],
    );
  },

  "a transaction returns what its work returned, with its own writes seen inside": (sql) => {
    sql.run("create table t (i integer) strict");
    const seen = sql.transaction(() => {
      sql.run("insert into t values (7)");
      return sql.get<{ i: number }>("select i from t")?.i;
    });
    assert.equal(seen, 7);
  },

  "a transaction whose work throws leaves nothing, and passes the error on": (sql) => {
    sql.run("create table t (i integer) strict");
    const fault = new Error("the work failed");
    assert.throws(
      () =>
        sql.transaction(() => {
          sql.run("insert into t values (1)");
          sql.run("create table other (i integer) strict");
          throw fault;
        }),
      (error) => error === fault,
    );
    assert.deepEqual(sql.all("select * from t"), []);
    assert.equal(sql.get("select 1 from sqlite_schema where name = 'other'"), undefined);
    sql.transaction(() => sql.run("insert into t values (2)"));
    assert.equal(sql.get<{ i: number }>("select i from t")?.i, 2);
  },

  "a transaction inside of another is a mistake of the caller's, and thrown; the outer one is undone with it":
    (sql) => {
      sql.run("create table t (i integer) strict");
      const nested = () =>
        sql.transaction(() => {
          sql.run("insert into t values (1)");
          sql.transaction(() => sql.run("insert into t values (2)"));
        });
      assert.throws(nested, /transaction/);
      assert.deepEqual(sql.all("select * from t"), []);
      sql.transaction(() => sql.run("insert into t values (3)"));
      assert.equal(sql.get<{ i: number }>("select i from t")?.i, 3);
    },

  "a statement that fails inside a transaction can be caught, and the rest is kept": (sql) => {
    sql.run("create table t (i integer primary key) strict");
    sql.transaction(() => {
      sql.run("insert into t values (1)");
      assert.throws(() => sql.run("insert into t values (1)"));
      sql.run("insert into t values (2)");
    });
    assert.equal(sql.get<{ n: number }>("select count(*) as n from t")?.n, 2);
  },

  "a conflict is thrown with SQLite's result code": (sql) => {
    sql.run("create table t (i integer primary key) strict");
    sql.run("insert into t values (1)");
    assert.throws(
      () => sql.run("insert into t values (1)"),
      ({ errcode }: { errcode: number }) => (errcode & 0xff) === 19,
    );
  },

  "strict tables refuse a value of another type": (sql) => {
    sql.run("create table t (i integer not null, s text not null) strict");
    assert.throws(() => sql.run("insert into t values (?, ?)", "many", "x"));
    assert.throws(() => sql.run("insert into t values (?, ?)", 1.5, "x"));
    assert.throws(() => sql.run("insert into t values (?, ?)", 1, null));
  },

  "references are enforced": (sql) => {
    sql.run("create table parent (id text primary key) strict");
    sql.run("create table child (parent_id text not null references parent (id)) strict");
    assert.throws(() => sql.run("insert into child values ('nobody')"));
    sql.run("insert into parent values ('somebody')");
    sql.run("insert into child values ('somebody')");
  },

  "the index that holds the promise about seats is kept: unique, on an expression, of some rows": (sql) => {
    sql.run("create table seat (id text, host text, user text, ended_at integer) strict");
    sql.run("create unique index live on seat (id, coalesce(user, host)) where ended_at is null");
    sql.run("insert into seat values ('e', 'h', null, null)");
    assert.throws(() => sql.run("insert into seat values ('e', 'h', null, null)"));
    sql.run("insert into seat values ('e', 'h', null, 5), ('e', 'h', null, 6)");
    sql.run("update seat set ended_at = 7 where ended_at is null");
    sql.run("insert into seat values ('e', 'other', 'h', null)");
  },

  "an upsert replaces, and rowid tells the order of insertion": (sql) => {
    sql.run("create table t (k text primary key, v integer) strict");
    for (const [k, v] of [
      ["b", 1],
      ["a", 2],
      ["b", 3],
    ] as const)
      sql.run("insert into t values (?, ?) on conflict (k) do update set v = excluded.v", k, v);
    const rows = sql.all<{ k: string; v: number }>("select k, v from t order by rowid");
    assert.deepEqual(
      rows.map(({ k, v }) => [k, v]),
      [
        ["b", 3],
        ["a", 2],
      ],
    );
  },

  "a row of two million bytes is kept": (sql) => {
    sql.run("create table t (s text not null) strict");
    sql.run("insert into t values (?)", "x".repeat(1_999_000));
    assert.equal(sql.get<{ n: number }>("select length(s) as n from t")?.n, 1_999_000);
  },

  "a statement may begin with comments, and end with none or a semicolon": (sql) => {
    sql.run(
      "-- Why it is there; with a semicolon.\ncreate table t (\n  -- A column.\n  i integer\n) strict;",
    );
    sql.run("insert into t values (1)");
    assert.equal(sql.get<{ i: number }>("select i from t -- the last word")?.i, 1);
  },

  "every step of the ledger's schema can be taken": (sql) => {
    for (const statement of migrations.flatMap((step) => step.split(/;\s*$/m)))
      if (statement.trim() !== "") sql.run(statement);
    assert.equal(sql.get<{ n: number }>("select count(*) as n from export")?.n, 2);
  },
};
