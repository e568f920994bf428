import { expect, test } from "vitest";
import { catalog, testApp } from "./support.ts";

test("a catalog that was in force in the past is recorded as of then", async () => {
  const app = await testApp();
  const dated = { ...catalog, occurredAt: "2026-01-01T00:00:00Z" };
  expect((await app.send("PUT", "/v1/catalog", dated, await app.as("admin"))).status).toBe(201);
  const line = app.sql.get<{ line: string }>("select line from event")?.line ?? "";
  expect(JSON.parse(line)).toMatchObject({ occurred_at: "2026-01-01T00:00:00.000000Z" });
});
