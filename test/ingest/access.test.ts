import { expect, test } from "vitest";
import { listApiKeys } from "../../ingest/ledger/api-keys.ts";
import { testApp } from "./support.ts";

test("a revoked key opens nothing", async () => {
  const app = await testApp();
  const key = await app.as("admin");
  expect((await app.send("GET", "/v1/orders/X", undefined, key)).status).toBe(404);
  const [made] = listApiKeys(app.sql);
  const revoke = () => app.ledger.execute("revokeApiKey", { keyId: made?.keyId ?? "", by: "test" });
  expect([await revoke(), await revoke()]).toMatchObject([{ isNew: true }, { isNew: false }]);
  expect((await app.send("GET", "/v1/orders/X", undefined, key)).status).toBe(401);
});

test("a webhook without a secret takes nothing, and says what to set", async () => {
  const app = await testApp();
  const answer = await app.send("POST", "/v1/webhooks/shopify", "{}");
  expect(answer).toMatchObject({ status: 503, body: { code: "webhook_not_configured" } });
  expect(answer.body.detail).toContain("SHOPIFY_WEBHOOK_SECRET");
});
