// A person who is erased in the ledger: what goes, what stays, and what does not bring them back.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventSchema } from "../../ingest/event.ts";
import { checkLedger } from "../../ingest/ledger/check.ts";
import { Ledger } from "../../ingest/ledger/ledger.ts";
import { cutLog, deleteForGood, rewriteFile } from "../../ingest/ledger/scrub.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import type { Sql } from "../../ingest/ledger/sql.ts";
import { temporaryFolder } from "../support/folder.ts";
import { outboxLines } from "../support/outbox.ts";
import { activation, appWithOrder, order, type TestApp } from "./support.ts";

const NAME = "Jo Example-Smith";
const EMAIL = "jo.smith@example.org";
const person = { id: "C-42", name: NAME, email: EMAIL, country: "DE" };
const erase = ({ ledger }: TestApp, customerId = "C-42", emails: string[] = []) =>
  ledger.execute("eraseCustomer", { customerId, emails, by: "privacy desk" });
const profiles = (sql: Pick<Sql, "all">, customerId = "C-42") =>
  sql.all<{ seq: number; name: string | null; email: string | null; country: string | null }>(
    "select seq, name, email, country from profile where customer_id = ? order by seq",
    customerId,
  );
const hosts = (sql: Pick<Sql, "all">) =>
  sql
    .all<{ host_name: string | null }>("select host_name from seat order by rowid")
    .map((row) => row.host_name);
const events = (sql: Pick<Sql, "all">) => outboxLines(sql).map((line) => eventSchema.parse(JSON.parse(line)));
const everything = (sql: Pick<Sql, "all">) =>
  JSON.stringify(
    sql
      .all<{ name: string }>("select name from sqlite_schema where type = 'table'")
      .map(({ name }) => sql.all(`select * from "${name}"`)),
  );

async function withPerson(path = ":memory:") {
  const it = await appWithOrder({ customer: person }, { path });
  await it.app.send(
    "POST",
    "/v1/activations",
    activation(it.code, { host: { id: "h", name: "jos-laptop" } }),
  );
  return it;
}

describe("a person who is erased", () => {
  test("is named nowhere in the ledger; orders, entitlements, seats and money stay, and a fact says who did it", async () => {
    const { app, admin } = await withPerson();
    await app.send(
      "POST",
      "/v1/orders",
      order({ orderId: "SO-2", customer: { ...person, name: "Jo Smith" } }),
      admin,
    );
    const before = events(app.sql);
    expect(await erase(app)).toEqual({
      ok: true,
      isNew: true,
      value: { quarantineIds: [], profileSeq: 3 },
    });
    const text = everything(app.sql);
    for (const word of [NAME, "Jo Smith", EMAIL, "jos-laptop"]) expect(text).not.toContain(word);
    const nobody = { name: null, email: null, country: "DE" };
    expect(profiles(app.sql)).toEqual([1, 2, 3].map((seq) => ({ seq, ...nobody })));
    const after = events(app.sql);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toMatchObject({
      type: "customer.erased",
      customer_id: "C-42",
      data: { by: "privacy desk", quarantine_ids: [] },
    });
    expect(checkLedger(app.sql, 0, () => undefined)).toEqual([]);
    expect((await app.send("GET", "/v1/customers/C-42/history", undefined, admin)).status).toBe(200);
  });

  test("is erased once: again is no news, until something names them again", async () => {
    const { app, admin } = await withPerson();
    await erase(app);
    const count = events(app.sql).length;
    expect(await erase(app)).toMatchObject({ ok: true, isNew: false, value: { profileSeq: 2 } });
    expect(events(app.sql)).toHaveLength(count);
    await app.send("POST", "/v1/orders", order({ orderId: "SO-2", customer: person }), admin);
    expect(profiles(app.sql).at(-1)).toMatchObject({ seq: 3, name: NAME, email: EMAIL });
    expect(await erase(app)).toMatchObject({ ok: true, isNew: true, value: { profileSeq: 4 } });
    expect(everything(app.sql)).not.toContain(EMAIL);
  });

  test("is not brought back by the same order again, nor by a word that was on its way", async () => {
    const { app, admin } = await withPerson();
    const stamp = app.sql.get<{ name_stamp: string }>("select name_stamp from profile")?.name_stamp ?? "";
    await erase(app);
    expect((await app.send("POST", "/v1/orders", order({ customer: person }), admin)).status).toBe(200);
    await app.ledger.execute("takeNews", {
      news: [{ customerId: "C-42", shard: 0, profile: { name: NAME, email: EMAIL, stamp } }],
    });
    expect(everything(app.sql)).not.toContain(EMAIL);
  });

  test("an order of the same moment that came before does not name them; one that came after does", async () => {
    const { app } = await withPerson();
    const place = (orderId: string, name: string) =>
      app.ledger.execute("recordOrder", {
        order: {
          orderId,
          orderedAt: app.deps.clock(),
          channel: "direct",
          test: false,
          customer: { id: "C-42", name },
          lines: [
            { lineNumber: 1, sku: "CAD-PRO", quantity: 1, unitPrice: { amount: 100, currency: "EUR" } },
          ],
        },
        fingerprint: orderId,
        source: "api",
      });
    await Promise.all([place("SO-2", "Before"), erase(app)]);
    expect(profiles(app.sql).at(-1)?.name).toBeNull();
    await Promise.all([erase(app), place("SO-3", "After")]);
    expect(profiles(app.sql).at(-1)?.name).toBe("After");
  });

  test("others are as they were: their profiles, their hosts, and who took over what was theirs", async () => {
    const { app, admin, code } = await withPerson();
    const other = order({ orderId: "SO-2", customer: { id: "C-1", name: "Other Ltd" } });
    await app.send("POST", "/v1/orders", other, admin);
    await app.send("POST", "/v1/customers/C-42/merge", { into: "C-1" }, admin);
    await app.send("POST", "/v1/activations", activation(code, { host: { id: "x", name: "ws-1" } }));
    await erase(app);
    expect(profiles(app.sql, "C-1")).toMatchObject([{ name: "Other Ltd" }]);
    // What was merged is the other's, with its hosts; the profile was not, and is gone.
    expect(hosts(app.sql)).toEqual(["jos-laptop", "ws-1"]);
    expect(profiles(app.sql)).toMatchObject([
      { name: null, email: null },
      { name: null, email: null },
    ]);
  });

  test("who is not known is refused, and nothing is recorded", async () => {
    const { app } = await withPerson();
    const before = everything(app.sql);
    expect(await erase(app, "C-43")).toMatchObject({ ok: false, refusal: { code: "unknown_customer" } });
    expect(everything(app.sql)).toBe(before);
  });

  test.each<[string, object | string, boolean]>([
    ["of their storefront's number", { id: 9, customer: { id: 7 } }, true],
    ["that holds their address", `{"x": "${EMAIL}"`, true],
    ["that holds it in other letters", { contact: EMAIL.toUpperCase() }, true],
    ["that holds it as JSON escapes it", `{"x": "${EMAIL.replace("@", "\\u0040")}"}`, true],
    ["of a namesake", { id: 9, customer: { id: 8, name: NAME } }, false],
    ["of another storefront's number", { id: 9, customer: { id: 77 } }, false],
    ["of an event of their storefront's number", { id: 9, data: { object: { customer: "7" } } }, true],
    ["of an event about them", { data: { object: { customer: { id: 7 } } } }, true],
    ["of an event of a guest", { data: { object: { id: "7" } } }, true],
    ["of an event of somebody else's", { id: 9, data: { object: { customer: "77", id: "x7" } } }, false],
  ])("quarantined input %s", async (_what, input, isGone) => {
    const { app, admin } = await withPerson();
    const customer = { id: "shopify:7", email: EMAIL, name: NAME };
    await app.send("POST", "/v1/orders", order({ orderId: "SO-7", customer }), admin);
    const kept = await app.ledger.execute("quarantine", {
      source: "shopify",
      stage: "map",
      code: "invalid_request",
      detail: "no lines",
      input: typeof input === "string" ? input : JSON.stringify(input),
    });
    if (!kept.ok) throw new Error("it was not kept");
    const { quarantineId } = kept.value;
    expect(await erase(app, "shopify:7")).toMatchObject({
      value: { quarantineIds: isGone ? [quarantineId] : [] },
    });
    const row = app.sql.get("select 1 from quarantine where quarantine_id = ?", quarantineId);
    expect(row === undefined).toBe(isGone);
  });
});

describe("the ledger's file", () => {
  const bytes = async (path: string) =>
    Buffer.concat(
      await Promise.all([path, `${path}-wal`].map((it) => readFile(it).catch(() => Buffer.alloc(0)))),
    );

  test("has no byte of the person after an erasure by another process's connection, while the service has it open", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const { app, admin } = await withPerson(path);
    onTestFinished(() => app.sql.close());
    expect((await bytes(path)).includes(EMAIL)).toBe(true);
    const second = openSqlite(path);
    onTestFinished(() => second.close());
    const ledger = new Ledger({
      sql: second,
      shard: 0,
      shards: 1,
      clock: app.deps.clock,
      defer: setImmediate,
    });
    deleteForGood(second);
    await ledger.execute("eraseCustomer", { customerId: "C-42", emails: [], by: "privacy desk" });
    // The log has the pages as they were until it is cut.
    expect((await bytes(path)).includes(EMAIL)).toBe(true);
    expect(await cutLog(second)).toBe(true);
    for (const word of [NAME, EMAIL, "jos-laptop"]) expect((await bytes(path)).includes(word)).toBe(false);
    const more = await app.send("POST", "/v1/orders", order({ orderId: "SO-2" }), admin);
    expect(more.status).toBe(201);
  });

  test("that kept what was deleted before, without zeros, is written anew; rows keep their order", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const { app } = await withPerson(path);
    onTestFinished(() => app.sql.close());
    app.sql.run("pragma secure_delete = off");
    const input = `${EMAIL} ${"x".repeat(9000)}`;
    app.sql.run("insert into quarantine values ('q', 1, 's', 's', 'c', 'd', ?, null, null)", input);
    app.sql.run("delete from quarantine");
    deleteForGood(app.sql);
    await erase(app);
    expect(await cutLog(app.sql)).toBe(true);
    expect((await bytes(path)).includes(EMAIL)).toBe(true);
    const before = everything(app.sql);
    expect(await rewriteFile(app.sql)).toBe(true);
    expect((await bytes(path)).includes(EMAIL)).toBe(false);
    expect(everything(app.sql)).toBe(before);
  });
});
