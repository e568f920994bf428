// API keys over their life, and what staff do: on record with who did it.

import { describe, expect, test } from "vitest";
import { eventSchema } from "../../ingest/event.ts";
import { listApiKeys, makeApiKey } from "../../ingest/ledger/api-keys.ts";
import { tidyUp } from "../../ingest/operation/tidy-up.ts";
import { temporaryFolder } from "../support/folder.ts";
import { lakeOfHome, ledgerOf } from "../support/home.ts";
import { activation, appWithOrder, testApp } from "./support.ts";

describe("API keys", () => {
  test("open nothing from their end on, and that is on record once", async () => {
    const app = await testApp();
    const end = 60_000_000 + app.deps.clock();
    const { presented, key } = await makeApiKey("till", ["read"], end);
    await app.ledger.execute("createApiKey", { key, by: "test" });
    const ask = () => app.send("GET", "/v1/orders/X", undefined, { authorization: `Bearer ${presented}` });
    expect((await ask()).status).toBe(403);
    app.setNow("2026-11-24T12:01:00Z");
    expect(await ask()).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    for (let i = 0; i < 2; i++) await tidyUp(app.ledger);
    await app.ledger.execute("revokeApiKey", { keyId: key.keyId, by: "test" });
    const events = app.sql
      .all<{ line: string }>("select line from event order by seq")
      .map(({ line }) => eventSchema.parse(JSON.parse(line)));
    expect(events).toMatchObject([
      {
        type: "api_key.created",
        data: { key_id: key.keyId, scopes: ["read"], expires_at: "2026-11-24T12:01:00.000000Z", by: "test" },
      },
      { type: "api_key.expired", occurred_at: "2026-11-24T12:01:00.000000Z", data: { key_id: key.keyId } },
      { type: "api_key.revoked", data: { key_id: key.keyId, name: "till", by: "test" } },
    ]);
    expect(JSON.stringify(events)).not.toContain(presented.split("_")[2]);
  });

  test("say when they were used last, to a minute, with a write a minute at most", async () => {
    const app = await testApp();
    const key = await app.as("read");
    const lastUsed = () => listApiKeys(app.sql)[0]?.lastUsedAt;
    const start = app.deps.clock();
    const ask = async (time: string) => {
      app.setNow(time);
      await app.send("GET", "/v1/orders/X", undefined, key);
      // What was asked for before is in the same transaction, or in an earlier one.
      await app.ledger.execute("noteKeyUse", { keyId: "none", usedAt: 0 });
    };
    expect(lastUsed()).toBeNull();
    await ask("2026-11-24T12:00:00Z");
    expect(lastUsed()).toBe(start);
    await ask("2026-11-24T12:00:59Z");
    expect(lastUsed()).toBe(start);
    await ask("2026-11-24T12:01:00Z");
    expect(lastUsed()).toBe(start + 60_000_000);
  });

  test("answers under an Idempotency-Key are forgotten after thirty days, and not before", async () => {
    const { app, admin, entitlement } = await appWithOrder();
    const extend = () =>
      app.send(
        "POST",
        `/v1/entitlements/${entitlement.entitlementId}/extend`,
        { added: 1 },
        {
          ...admin,
          "idempotency-key": "once",
        },
      );
    expect((await extend()).body.quantity).toBe(3);
    app.setNow("2026-12-24T12:00:00Z");
    await tidyUp(app.ledger);
    expect((await extend()).body.quantity).toBe(3);
    app.setNow("2026-12-24T12:00:01Z");
    await tidyUp(app.ledger);
    expect((await extend()).body.quantity).toBe(4);
  });
});

describe("staff actions", () => {
  test("reach the lake as they were recorded", async () => {
    const home = await temporaryFolder();
    const app = await testApp({ path: ledgerOf(home) });
    const { key } = await makeApiKey("till", ["read"], null);
    await app.ledger.execute("createApiKey", { key, by: "operations" });
    await app.ledger.execute("noteSigningKey", {
      type: "signing_key.rotated",
      data: { signing_kid: "new", by: "security" },
    });
    await app.ledger.execute("noteSigningKey", {
      type: "signing_key.compromised",
      data: { kid: "old", signing_kid: "new", by: "security" },
    });
    await app.ledger.execute("revokeApiKey", { keyId: key.keyId, by: "operations" });
    const recorded = app.sql
      .all<{ line: string }>("select line from event order by seq")
      .map(({ line }) => JSON.parse(line) as { type: string; data: object });
    app.sql.close();
    const lake = await lakeOfHome(home, "2026-11-24T12:00:00.000000Z");
    const loaded = await lake.query<{ type: string; data: string }>(
      "select type, data from events order by seq",
    );
    expect(loaded.map(({ type, data }) => ({ type, data: JSON.parse(data) as object }))).toEqual(
      recorded.map(({ type, data }) => ({ type, data })),
    );
    lake.close();
  });

  test("are events that name who, also where the rules' own events do not", async () => {
    const { app, admin, code } = await appWithOrder();
    const { body } = await app.send("POST", "/v1/activations", activation(code));
    await app.send("POST", `/v1/licenses/${body.activation.licenseId}/revoke`, {}, admin);
    await app.send("POST", "/v1/orders/SO-1001/cancel", { reason: "withdrawn" }, admin);
    const events = app.sql
      .all<{ line: string }>("select line from event order by seq")
      .map(({ line }) => eventSchema.parse(JSON.parse(line)));
    const by = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data);
    for (const type of ["catalog.published", "license.revoked", "order.cancelled"])
      expect(by(type), type).toMatchObject([{ by: "test" }]);
  });
});
