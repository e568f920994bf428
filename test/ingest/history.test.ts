import { describe, expect, test } from "vitest";
import { activation, appWithOrder, catalog, testApp } from "./support.ts";

describe("the past", () => {
  const then = { occurredAt: "2026-11-09T08:30:00Z" };

  test("is for a key with the scope history:write, and is decided as it was then", async () => {
    const { app, code } = await appWithOrder();
    const key = await app.as("history:write");
    const answer = await app.send("POST", "/v1/activations", activation(code, then), key);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        activation: {
          boundAt: "2026-11-09T08:30:00.000000Z",
          licenseExpiresAt: "2026-12-09T08:30:00.000000Z",
        },
      },
    });
    const early = activation(code, { host: { id: "early" }, occurredAt: "2026-11-01T00:00:00Z" });
    expect((await app.send("POST", "/v1/activations", early, key)).body.code).toBe("history_out_of_order");
  });

  test.each([
    ["no key", "2026-11-09T08:30:00Z", 401, "unauthorized"],
    ["a clock that is three minutes slow", "2026-11-24T11:57:00Z", 201, undefined],
    ["a clock that is an hour fast", "2026-11-24T13:00:00Z", 422, "invalid_request"],
  ])("with %s is answered as it should be", async (_who, occurredAt, status, code) => {
    const { app, code: activationCode } = await appWithOrder();
    const answer = await app.send("POST", "/v1/activations", activation(activationCode, { occurredAt }));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    // A client's clock does not say when a seat was bound.
    const boundAt = status === 201 ? "2026-11-24T12:00:00.000000Z" : undefined;
    expect(answer.body.activation?.boundAt).toBe(boundAt);
  });

  test("a catalog that was in force then is published as of then, and is the same one without the date", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    const dated = { ...catalog, occurredAt: "2026-01-01T00:00:00Z" };
    expect((await app.send("PUT", "/v1/catalog", dated, admin)).status).toBe(201);
    expect((await app.send("PUT", "/v1/catalog", catalog, admin)).status).toBe(200);
    const line = app.sql.get<{ line: string }>("select line from event")?.line ?? "";
    expect(JSON.parse(line)).toMatchObject({ occurred_at: "2026-01-01T00:00:00.000000Z" });
  });

  test("a cancellation dated before what it ends is out of order, and changes nothing", async () => {
    const { app, admin, code } = await appWithOrder();
    await app.send("POST", "/v1/activations", activation(code, then), admin);
    const early = { occurredAt: "2026-11-08T00:00:00Z" };
    const refused = await app.send("POST", "/v1/orders/SO-1001/cancel", early, admin);
    expect(refused).toMatchObject({ status: 409, body: { code: "history_out_of_order" } });
    expect((await app.send("GET", "/v1/orders/SO-1001", undefined, admin)).body.order.status).toBe(
      "recorded",
    );
  });

  test("an order of a system whose clock is a little fast is of now, and can be activated at once", async () => {
    const { app, code, entitlement } = await appWithOrder({ orderedAt: "2026-11-24T12:03:00Z" });
    expect(entitlement.orderedAt).toBe("2026-11-24T12:00:00.000000Z");
    expect((await app.send("POST", "/v1/activations", activation(code))).status).toBe(201);
  });

  test("a key without the scope is told which it lacks", async () => {
    const { app, code } = await appWithOrder();
    const answer = await app.send("POST", "/v1/activations", activation(code, then), await app.as("read"));
    expect(answer).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
    expect(answer.body.detail).toContain("history:write");
  });
});
