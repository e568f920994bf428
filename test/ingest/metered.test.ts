import { describe, expect, test } from "vitest";
import { activation, catalog, order, testApp } from "./support.ts";

/** A hundred units a month, and ten more. */
async function metered() {
  const app = await testApp();
  const admin = await app.as("admin");
  const model = {
    id: "metered",
    name: "Render minutes",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "metered",
    consumptionPer: "P1M",
    policy: { overdraft: "10%", lease: "P30D" },
  };
  await app.send(
    "PUT",
    "/v1/catalog",
    { ...catalog, licenseModels: [...catalog.licenseModels, model] },
    admin,
  );
  const line = { licenseModel: "metered", quantity: 100 };
  const { body } = await app.send("POST", "/v1/orders", order({ line }), admin);
  const code = body.entitlements[0].activationCode;
  const { activation: seat, license } = (await app.send("POST", "/v1/activations", activation(code))).body;
  const consume = (units: number, headers = {}) =>
    app.send("POST", `/v1/activations/${seat.activationId}/consume`, { license, units }, headers);
  return { app, admin, consume };
}

describe("a metered license", () => {
  test("counts what is used, allows the overdraft, and says when the count begins anew", async () => {
    const { app, admin, consume } = await metered();
    expect((await consume(60)).body).toMatchObject({
      used: 60,
      quantity: 100,
      periodStartsAt: "2026-11-05T10:00:00.000000Z",
      periodEndsAt: "2026-12-05T10:00:00.000000Z",
    });
    expect((await consume(50)).body.used).toBe(110);
    const { body } = await app.send("GET", "/v1/customers/C-42/history", undefined, admin);
    expect(body.events.at(-1)).toMatchObject({
      type: "usage.recorded",
      data: { units: 50, used: 110, overage: 10 },
    });
    expect(await consume(1)).toMatchObject({
      status: 409,
      body: { code: "consumption_used_up", passesAt: "2026-12-05T10:00:00.000000Z" },
    });
    app.setNow("2026-12-05T10:00:00Z");
    expect((await consume(1)).body.used).toBe(1);
  });

  test("counts a request once that came twice under the same name", async () => {
    const { consume } = await metered();
    const once = { "Idempotency-Key": "job-7" };
    expect((await consume(10, once)).body.used).toBe(10);
    expect((await consume(10, once)).body.used).toBe(10);
    expect((await consume(10)).body.used).toBe(20);
    expect((await consume(11, once)).body.code).toBe("idempotency_conflict");
  });

  test("has a period of a day at least, and no other license has one", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    for (const change of [{ consumptionPer: "PT1H" }, { consumptionPer: "P1M", metric: "site" }]) {
      const model = { ...catalog.licenseModels[1], metric: "metered", ...change };
      const sent = {
        ...catalog,
        licenseModels: [...catalog.licenseModels.slice(2), { ...model, id: "perp-node" }],
      };
      const answer = await app.send("PUT", "/v1/catalog", sent, admin);
      expect(answer.body.errors).toMatchObject([{ field: expect.stringContaining("consumptionPer") }]);
    }
  });
});
