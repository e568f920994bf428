import { describe, expect, test } from "vitest";
import { routes } from "../../ingest/app.ts";
import { catalog, order, testApp } from "./support.ts";

describe("who may", () => {
  const closed = routes.filter(({ scope }) => scope !== "public");
  const open = (path: string) => path.replaceAll(/:\w+/g, "X-1");

  test.each(closed)("$method $path needs a key with the scope $scope", async ({ method, path, scope }) => {
    const app = await testApp();
    const none = await app.send(method, open(path), method === "GET" ? undefined : {});
    expect(none).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    expect(none.headers.get("www-authenticate")).toContain("Bearer");
    const other = await app.send(
      method,
      open(path),
      undefined,
      await app.as(scope === "read" ? "events:write" : "read"),
    );
    expect(other).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
    const right = await app.send(
      method,
      open(path),
      method === "GET" ? undefined : {},
      await app.as(scope as "read"),
    );
    expect([401, 403]).not.toContain(right.status);
  });

  test.each(["Bearer kh_000000000000_nothing", "Bearer x", "Basic eDp5", "Bearer kh_a_b_c"])(
    "%s is no key",
    async (authorization) => {
      const app = await testApp();
      const answer = await app.send("GET", "/v1/orders/X", undefined, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    },
  );

  test("a revoked key opens nothing", async () => {
    const { revokeApiKey, listApiKeys } = await import("../../ingest/ledger/api-keys.ts");
    const app = await testApp();
    const key = await app.as("admin");
    const [made] = listApiKeys(app.sql);
    expect(revokeApiKey(app.sql, made?.keyId ?? "", 1)).toBe(true);
    expect((await app.send("GET", "/v1/orders/X", undefined, key)).status).toBe(401);
  });
});

describe("bad input", () => {
  test.each([
    ["no body", "", 400, "malformed_json", undefined],
    ["half a body", '{"orderId":', 400, "malformed_json", undefined],
    ["a number", "5", 422, "invalid_request", [""]],
    ["an unknown field", JSON.stringify(order({ colour: "red" })), 422, "invalid_request", ["colour"]],
    [
      "a text for a number",
      JSON.stringify(order({ line: { quantity: "2" } })),
      422,
      "invalid_request",
      ["lines[0].quantity"],
    ],
    [
      "a price in halves of a cent",
      JSON.stringify(order({ line: { unitPrice: { amount: 0.5, currency: "EUR" } } })),
      422,
      "invalid_request",
      ["lines[0].unitPrice.amount"],
    ],
    [
      "a day that does not exist",
      JSON.stringify(order({ orderedAt: "2026-02-30T00:00:00Z" })),
      422,
      "invalid_request",
      ["orderedAt"],
    ],
    [
      "a day next week",
      JSON.stringify(order({ orderedAt: "2026-12-01T00:00:00Z" })),
      422,
      "invalid_request",
      ["orderedAt"],
    ],
    [
      "a body of five megabytes",
      JSON.stringify(order({ channel: "x".repeat(5_000_000) })),
      413,
      "body_too_large",
      undefined,
    ],
  ])("%s is a problem that says which field is wrong", async (_what, body, status, code, fields) => {
    const app = await testApp();
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const answer = await app.send("POST", "/v1/orders", body, admin);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.body.errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(app.reported).toEqual([]);
  });

  test("a path that is not there is a problem too", async () => {
    const app = await testApp();
    expect(await app.send("GET", "/v1/nothing")).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  test("a catalog version is published once: the same again is no news, another content is a conflict", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    expect((await app.send("PUT", "/v1/catalog", catalog, admin)).status).toBe(201);
    expect((await app.send("PUT", "/v1/catalog", catalog, admin)).status).toBe(200);
    const other = await app.send("PUT", "/v1/catalog", { ...catalog, priceBands: [] }, admin);
    expect(other).toMatchObject({ status: 409, body: { code: "catalog_conflict" } });
  });

  test("an order before the first catalog is told to publish one", async () => {
    const app = await testApp();
    const answer = await app.send("POST", "/v1/orders", order(), await app.as("admin"));
    expect(answer).toMatchObject({ status: 409, body: { code: "no_catalog" } });
  });
});
