import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Event, eventSchema } from "../../ingest/event.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import {
  type Entitlement,
  type EntitlementEvent,
  type EntitlementState,
  evolve,
  type Seat,
} from "../../licensing/index.ts";
import { findEntitlement } from "../../ingest/ledger/queries.ts";
import { temporaryFolder } from "../support/folder.ts";
import { activation, appWithOrder, order, testApp, catalog } from "./support.ts";

describe("the ledger's file", () => {
  test("is durable at every open: synchronous is FULL, and asserted", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    for (const round of ["new", "re-opened"]) {
      const sql = openSqlite(path);
      expect(sql.get("pragma synchronous"), round).toMatchObject({ synchronous: 2 });
      expect(sql.get("pragma journal_mode")).toMatchObject({ journal_mode: "wal" });
      sql.close();
    }
  });

  test("written by a newer Keyhouse is refused, and left as it is", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    (await testApp({ path })).sql.close();
    const sql = openSqlite(path);
    sql.run("insert into migration (step) values (999)");
    sql.close();
    await expect(testApp({ path })).rejects.toThrow("newer Keyhouse");
  });

  test("from before money was kept lets go back what its orders were paid, and no more", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const before = await testApp({ path });
    await before.send("PUT", "/v1/catalog", catalog, await before.as("admin"));
    const sent = order({ line: { quantity: 2 } });
    await before.send("POST", "/v1/orders", sent, await before.as("admin"));
    before.sql.run("drop table line_money");
    before.sql.run("drop table refund");
    before.sql.run("drop table storefront_reference");
    before.sql.run("delete from migration where step >= 2");
    before.sql.close();
    const after = await testApp({ path });
    const { amount, currency } = sent.lines[0]?.unitPrice ?? { amount: 0, currency: "" };
    const refund = async (refundId: string, asked: number) => {
      const body = { refundId, reason: "unused", lines: [{ lineNumber: 1, amount: asked, currency }] };
      return (await after.send("POST", `/v1/orders/${sent.orderId}/refunds`, body, await after.as("admin")))
        .status;
    };
    expect([await refund("A", 2 * amount + 1), await refund("B", 2 * amount), await refund("C", 1)]).toEqual([
      409, 201, 409,
    ]);
    after.sql.close();
  });

  test("does not open among another number of shards than it was begun with, once anything is on record", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const open = (shards: number) => async () => (await testApp({ path, shards })).sql.close();
    await open(1)();
    await open(4)();
    const app = await testApp({ path, shards: 8 });
    await app.send("PUT", "/v1/catalog", catalog, await app.as("admin"));
    app.sql.close();
    await expect(open(4)()).rejects.toThrow("was begun with 8 shards");
    await open(8)();
  });

  test("can be written by two services at once: seq stays dense, and one seat stays one seat", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const first = await testApp({ path });
    const second = await testApp({ path });
    const admin = await first.as("admin");
    await first.send("PUT", "/v1/catalog", catalog, admin);
    const { body } = await second.send("POST", "/v1/orders", order({ line: { quantity: 1 } }), admin);
    const code = body.entitlements[0].activationCode;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? first : second).send(
          "POST",
          "/v1/activations",
          activation(code, { host: { id: `host-${i % 4}` } }),
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const seqs = first.sql.all<{ seq: number }>("select seq from event order by seq").map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    first.sql.close();
    second.sql.close();
  });

  test("keeps record times in order when the clock jumps back", async () => {
    const { app, code } = await appWithOrder();
    app.setNow("2026-11-20T00:00:00Z");
    await app.send("POST", "/v1/activations", activation(code));
    const times = events(app.sql).map(({ recorded_at }) => recorded_at);
    expect(times).toEqual(times.toSorted());
  });

  test("that cannot be written answers 503, records nothing, and works again when it can", async () => {
    const path = join(await temporaryFolder(), "ledger.sqlite");
    const app = await testApp({ path });
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    app.sql.run("pragma max_page_count = 1");
    const large = order({ customer: { id: "C-1", name: "x".repeat(300) }, lines: manyLines(400) });
    const full = await app.send("POST", "/v1/orders", large, admin);
    expect(full).toMatchObject({ status: 503, body: { code: "storage_unavailable" } });
    expect(full.headers.get("retry-after")).toBe("5");
    expect(app.reported).toHaveLength(1);
    app.sql.run("pragma max_page_count = 1000000");
    expect((await app.send("POST", "/v1/orders", large, admin)).status).toBe(201);
    app.sql.close();
  });
});

describe("state is a fold of events", () => {
  const host = fc.constantFrom("a", "b", "c", "d");
  const user = fc.constantFrom("ada", "bob", undefined);
  const minutes = fc.integer({ min: 1, max: 600 });
  const models = fc.constantFrom("sub-node", "perp-node", "perp-float", "perp-user");

  test("after any requests, the tables hold what the events lead to", async () => {
    await fc.assert(
      fc.asyncProperty(
        models,
        fc.integer({ min: 1, max: 2 }),
        fc.array(fc.record({ host, user, minutes }), { maxLength: 15 }),
        fc.boolean(),
        async (licenseModel, quantity, requests, isCancelled) => {
          const { app, admin, entitlement, code } = await appWithOrder({ line: { licenseModel, quantity } });
          let now = Date.parse("2026-11-24T12:00:00Z");
          for (const request of requests) {
            now += request.minutes * 60_000;
            app.setNow(new Date(now).toISOString());
            await app.send(
              "POST",
              "/v1/activations",
              activation(code, {
                host: { id: request.host },
                ...(request.user ? { user: request.user } : {}),
              }),
            );
          }
          if (isCancelled) await app.send("POST", "/v1/orders/SO-1001/cancel", {}, admin);

          const recorded = events(app.sql);
          for (const event of recorded) eventSchema.parse(event);
          const folded = fold(recorded, entitlement.entitlementId);
          const view = findEntitlement(app.sql, entitlement.entitlementId);
          expect(view?.entitlement).toEqual(folded.entitlement);
          expect(seatsById(view?.seats ?? [])).toEqual(seatsById([...folded.seats.values()]));
          const live = [...folded.seats.values()].filter(({ endedAt }) => endedAt === null).length;
          expect(live).toBe(folded.entitlement.seatsBound);
          expect(live).toBeLessThanOrEqual(quantity);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function events(sql: { all<Row>(query: string): Row[] }): Event[] {
  return sql
    .all<{ line: string }>("select line from event order by seq")
    .map(({ line }) => JSON.parse(line) as Event);
}

function fold(recorded: readonly Event[], entitlementId: string): EntitlementState {
  const own = recorded.filter((event) => event.entitlement_id === entitlementId);
  const state = own.reduce<EntitlementState | undefined>(
    (before, event) => evolve(before, event as unknown as EntitlementEvent),
    undefined,
  );
  return state ?? { entitlement: {} as Entitlement, seats: new Map() };
}

function seatsById(seats: readonly Seat[]) {
  return Object.fromEntries(
    seats.map(({ activationId, hostHash, userHash, generation, boundAt, endedAt, license }) => [
      activationId,
      { hostHash, userHash, generation, boundAt, endedAt, license },
    ]),
  );
}

function manyLines(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    lineNumber: i + 1,
    sku: "CAD-PRO",
    quantity: 1,
    unitPrice: { amount: 1, currency: "EUR" },
  }));
}
