// What callers are told where one shard of several does not do its part, and that the same again mends it.

import { join } from "node:path";
import { expect, test } from "vitest";
import { OverloadedError } from "../../ingest/ledger/group.ts";
import type { LedgerPort } from "../../ingest/ledger/port.ts";
import { Ledgers } from "../../ingest/ledgers.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import { temporaryFolder } from "../support/folder.ts";
import { loadHome, openHome } from "../warehouse/support.ts";
import { activation, catalog, order, testApp } from "./support.ts";

const SHARDS = 4;

/** An app over four shards, some of which can be made to fail at some commands. */
async function troubledApp() {
  const inner = await testApp({ shards: SHARDS });
  const trouble = { shards: new Set<number>(), command: "" };
  const fails = (shard: number, name: string) => trouble.shards.has(shard) && name === trouble.command;
  const ports = inner.deps.ledgers.all.map((ledger, shard): LedgerPort => ({
    ask: (name, ...args) => ledger.ask(name, ...args),
    execute: (name, command, once) =>
      fails(shard, name)
        ? Promise.reject(new OverloadedError("too many"))
        : ledger.execute(name, command, once),
  }));
  const app = await testApp({ ledgers: new Ledgers(ports) });
  const admin = await inner.as("admin");
  const send = (method: string, path: string, body?: unknown) => app.send(method, path, body, admin);
  /** Orders until every shard has some. @returns what each shard granted */
  const orderEverywhere = async (customerId: string) => {
    const granted = Array.from({ length: SHARDS }, () => [] as { entitlementId: string }[]);
    for (let n = 0; granted.some(({ length }) => length === 0); n += 1) {
      const orderId = `${customerId}-${n}`;
      const { body } = await send("POST", "/v1/orders", order({ orderId, customer: { id: customerId } }));
      granted[ports.indexOf(app.deps.ledgers.ofOrder(orderId))]?.push(body.entitlements[0]);
    }
    return granted;
  };
  return { inner, app, send, trouble, orderEverywhere };
}

test("a catalog is acknowledged once every shard decides by it, and the same again brings it there", async () => {
  const { send, trouble } = await troubledApp();
  trouble.command = "adoptCatalog";
  trouble.shards.add(2);
  const half = await send("PUT", "/v1/catalog", catalog);
  expect(half).toMatchObject({ status: 503, body: { code: "storage_unavailable" } });
  expect(half.body.detail).toContain("send the same again");
  trouble.shards.clear();
  expect((await send("PUT", "/v1/catalog", catalog)).status).toBe(200);
  for (let n = 0; n < 12; n += 1)
    expect((await send("POST", "/v1/orders", order({ orderId: `SO-${n}` }))).status).toBe(201);
});

test("a merger says how much of it is done, and the same again does the rest", async () => {
  const { send, trouble, orderEverywhere } = await troubledApp();
  await send("PUT", "/v1/catalog", catalog);
  const granted = await orderEverywhere("C-1");
  const all = granted.flat().length;
  const left = granted[3]?.length ?? 0;
  const merge = () => send("POST", "/v1/customers/C-1/merge", { into: "C-2" });

  trouble.command = "mergeCustomers";
  trouble.shards.add(3);
  expect(await merge()).toMatchObject({
    status: 200,
    body: { merged: all - left, isComplete: false, problems: [{ code: "overloaded" }] },
  });
  // Nothing but what is left, and that fails: there is nothing to be told but why.
  expect(await merge()).toMatchObject({ status: 503, body: { code: "overloaded" } });
  trouble.shards.clear();
  expect((await merge()).body).toEqual({ merged: left, isComplete: true });
  expect((await merge()).body).toEqual({ merged: 0, isComplete: true });
});

test("a merger that the rules refuse in one shard is done in none", async () => {
  const { send, orderEverywhere } = await troubledApp();
  await send("PUT", "/v1/catalog", catalog);
  const granted = await orderEverywhere("C-1");
  const { body } = await send("GET", `/v1/entitlements/${granted[1]?.[0]?.entitlementId}`);
  const codes = await send("GET", `/v1/orders/${body.orderId}`);
  await send("POST", "/v1/activations", activation(codes.body.entitlements[0].activationCode));
  // Before the seat was taken, and so out of order there.
  const past = { into: "C-2", occurredAt: "2026-11-10T00:00:00Z" };
  const refused = await send("POST", "/v1/customers/C-1/merge", past);
  expect(refused).toMatchObject({ status: 409, body: { code: "history_out_of_order" } });
  expect((await send("GET", "/v1/customers/C-1/entitlements")).body.entitlements).toHaveLength(
    granted.flat().length,
  );
});

test("lines of a shard that fails are answered so, in their places, and the others have their licenses", async () => {
  const { app, inner, send, trouble, orderEverywhere } = await troubledApp();
  await send("PUT", "/v1/catalog", catalog);
  const granted = (await orderEverywhere("C-1")).map(([first]) => first?.entitlementId ?? "");
  const lines = Array.from({ length: 8 }, (_, n) => ({
    entitlementId: granted[n % SHARDS],
    host: { id: `host-${Math.floor(n / (2 * SHARDS))}` },
  }));
  trouble.command = "activateAll";
  trouble.shards.add(1);
  const response = await app.fetch("/v1/licenses", {
    method: "POST",
    headers: await inner.as("licenses:write"),
    body: lines.map((line) => JSON.stringify(line)).join("\n"),
  });
  const answers = (await response.text())
    .trimEnd()
    .split("\n")
    .map(
      (line) => JSON.parse(line) as { line: number; status: number; activation?: { entitlementId: string } },
    );
  expect(answers.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(answers.map(({ status }) => status)).toEqual([201, 503, 201, 201, 200, 503, 200, 200]);
  expect(answers.map((answer) => answer.activation?.entitlementId)).toEqual(
    lines.map(({ entitlementId }, n) => (n % SHARDS === 1 ? undefined : entitlementId)),
  );
});

test("what several shards recorded is in the lake once, each customer with one profile", async () => {
  const { inner, app, send, orderEverywhere } = await troubledApp();
  await send("PUT", "/v1/catalog", catalog);
  const granted = await orderEverywhere("C-1");
  await orderEverywhere("C-2");
  await send("POST", "/v1/customers/C-1/merge", { into: "C-2" });
  const moved = granted[0]?.[0]?.entitlementId ?? "";
  await send("POST", `/v1/entitlements/${moved}/split`, { quantity: 1, customerId: "C-3" });
  const { body } = await send("GET", "/v1/customers/C-2/history");
  expect(body.next).toBeNull();

  const home = await temporaryFolder();
  for (const [shard, sql] of inner.files.entries())
    await exportSegments(sql, shard, folderStore(join(home, "segments")));
  await loadHome(home, "2026-12-01T00:00:00.000000Z");
  const lake = await openHome(home);
  const count = (table: string) => inner.files.reduce((sum, sql) => sum + countOf(sql, table), 0);
  const [events] = await lake.query(
    "select count(*) as events, count(distinct shard) as shards, count(distinct id) as ids from events",
  );
  expect(events).toEqual({
    events: count("event"),
    shards: SHARDS,
    ids: count("event"),
  });
  const owners = await lake.query(
    "select customer_id, count(*)::integer as owned from fct_entitlement group by all order by all",
  );
  const profiles = await lake.query("select customer_id from dim_customer order by customer_id");
  expect(profiles.map((row) => row["customer_id"])).toEqual(["C-1", "C-2", "C-3"]);
  const total = count("entitlement");
  expect(owners).toEqual([
    { customer_id: "C-2", owned: total - 1 },
    { customer_id: "C-3", owned: 1 },
  ]);
  expect(app.reported).toEqual([]);
});

const countOf = (sql: { get<Row>(query: string): Row | undefined }, table: string): number =>
  sql.get<{ count: number }>(`select count(*) as count from ${table}`)?.count ?? 0;
